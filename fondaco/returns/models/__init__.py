"""Tables of returns."""

from fondaco.returns.models.dispute import DisputeState, ReasonDispute
from fondaco.returns.models.hazmat import HazmatClearing, HazmatDispute
from fondaco.returns.models.refund import Refund
from fondaco.returns.models.request import ReasonChoice, Return, ReturnPhoto, ReturnUnit, new_return_number
from fondaco.returns.models.whatif import Difference, WhatIf

__all__ = [
    "Difference",
    "DisputeState",
    "HazmatClearing",
    "HazmatDispute",
    "ReasonChoice",
    "ReasonDispute",
    "Refund",
    "Return",
    "ReturnPhoto",
    "ReturnUnit",
    "WhatIf",
    "new_return_number",
]
