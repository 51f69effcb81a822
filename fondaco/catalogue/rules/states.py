"""The life of a submitted picture (SPEC 1.7, "Image").

    SUBMITTED → PROCESSING → REJECTED | ELIGIBLE → DISPLAYED ⇄ NOT_SELECTED
    later REPLACED (and back), REMOVED, EXPIRED, RIGHTS_WITHDRAWN

Two pictures may stand in one slot of one contributor: the **standing** one, which is good enough to be shown, and a
**candidate**, which is being looked at or was rejected. The candidate takes over only when it proves eligible, so
that a bad new picture never takes a good old one off the page.
"""

from __future__ import annotations

from enum import StrEnum

from fondaco.catalogue.rules.marked import _
from fondaco.kit.errors import Refusal


class ImageState(StrEnum):
    """SUBMITTED: known, not yet fetched or looked at; PROCESSING: being looked at."""

    SUBMITTED = "submitted"
    PROCESSING = "processing"
    REJECTED = "rejected"
    ELIGIBLE = "eligible"
    DISPLAYED = "displayed"
    NOT_SELECTED = "not_selected"
    REPLACED = "replaced"
    REMOVED = "removed"
    EXPIRED = "expired"
    RIGHTS_WITHDRAWN = "rights_withdrawn"


S = ImageState

WAITING = (S.SUBMITTED, S.PROCESSING)
CANDIDATE = (S.SUBMITTED, S.PROCESSING, S.REJECTED)
STANDING = (S.ELIGIBLE, S.DISPLAYED, S.NOT_SELECTED)
LIVE = CANDIDATE + STANDING
OVER = (S.REMOVED, S.EXPIRED, S.RIGHTS_WITHDRAWN)

_OUT = frozenset({S.REPLACED, S.REMOVED, S.EXPIRED, S.RIGHTS_WITHDRAWN})

MAY_BECOME: dict[ImageState, frozenset[ImageState]] = {
    S.SUBMITTED: frozenset({S.PROCESSING, S.REJECTED, S.ELIGIBLE, S.REPLACED, S.REMOVED}),
    S.PROCESSING: frozenset({S.SUBMITTED, S.REJECTED, S.ELIGIBLE, S.REPLACED, S.REMOVED}),
    # back to SUBMITTED: looked at again, when the rules or the inspector were at fault
    S.REJECTED: frozenset({S.SUBMITTED, S.REPLACED, S.REMOVED}),
    S.ELIGIBLE: frozenset({S.DISPLAYED, S.NOT_SELECTED}) | _OUT,
    S.DISPLAYED: frozenset({S.NOT_SELECTED, S.ELIGIBLE}) | _OUT,
    S.NOT_SELECTED: frozenset({S.DISPLAYED, S.ELIGIBLE}) | _OUT,
    # restored: at once if it was eligible before, otherwise through a new look
    S.REPLACED: frozenset({S.ELIGIBLE, S.SUBMITTED, S.REMOVED, S.EXPIRED, S.RIGHTS_WITHDRAWN}),
    S.REMOVED: frozenset(),
    S.EXPIRED: frozenset(),
    S.RIGHTS_WITHDRAWN: frozenset(),
}


class WrongImageState(Refusal):
    CODE = "wrong_image_state"
    WORDS = _("This cannot be done with the picture as it stands now.")
    FIX = _("Open Manage Images to see where it stands now.")


def may_become(*, old: str, new: str) -> bool:
    """Whether a picture in state `old` may go on to `new`."""
    return ImageState(new) in MAY_BECOME[ImageState(old)]


def require_step(*, old: str, new: str) -> None:
    """Refuses a step that the life of a picture does not have. Raises WrongImageState."""
    if not may_become(old=old, new=new):
        raise WrongImageState(state=str(old), wanted=str(new))
