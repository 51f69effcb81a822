"""Tables of fulfilment."""

from fondaco.fulfilment.models.carrier import SimulatedCall, SimulatedFault, SimulatedParcel, SimulatedScan
from fondaco.fulfilment.models.labels import Label, LabelStep, TermsAccepted, TrackingEvent

__all__ = [
    "Label",
    "LabelStep",
    "SimulatedCall",
    "SimulatedFault",
    "SimulatedParcel",
    "SimulatedScan",
    "TermsAccepted",
    "TrackingEvent",
]
