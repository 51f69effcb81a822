"""Tables of the studio."""

from fondaco.studio.models.batch import Batch, BatchLine, LineState
from fondaco.studio.models.guide import GuideEntry
from fondaco.studio.models.order import Cancellation, CancellationState, ImagingOrder, Movement, SizeProblem, StudioDay
from fondaco.studio.models.rights import ImageRights, UseRemoval
from fondaco.studio.models.shot import Edit, Shot

__all__ = [
    "Batch",
    "BatchLine",
    "Cancellation",
    "CancellationState",
    "Edit",
    "GuideEntry",
    "ImageRights",
    "ImagingOrder",
    "LineState",
    "Movement",
    "Shot",
    "SizeProblem",
    "StudioDay",
    "UseRemoval",
]
