"""What a seller may wish for when ordering. The shipped policy accepts nothing (IMG-SVC-24, IMG-SVC-60)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fondaco.kit.errors import Invalid
from fondaco.studio.rules.marked import N_


class Model(StrEnum):
    """Who shows the product, as far as a seller may wish."""

    WOMAN = "woman"
    MAN = "man"
    CHILD = "child"


STYLING_SIGNS = 1000


class NoStylingRequests(Invalid):
    CODE = "imaging_no_styling_requests"
    WORDS = N_("No styling notes or styling requests are accepted at this time.")
    FIX = N_("Order without them; the studio shoots to its style guide.")
    CLAUSE = "IMG-SVC-24"


class NoModelChoice(Invalid):
    CODE = "imaging_no_model_choice"
    WORDS = N_("The model cannot be chosen at this time.")
    FIX = N_("Order without a choice; the studio decides from product, style and fit.")
    CLAUSE = "IMG-SVC-60"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was wished: `styling` in words, `model` a Model. Both empty where nothing was."""

    styling: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which wishes the policy of the moment takes (`imaging.styling_requests`, `imaging.model_choice`)."""

    styling: bool
    model: bool


def require_accepted(wishes: Wishes, accepted: Accepted) -> None:
    """Raises NoStylingRequests, NoModelChoice."""
    if wishes.styling and not accepted.styling:
        raise NoStylingRequests
    if wishes.model and not (accepted.model and wishes.model in list(Model)):
        raise NoModelChoice
