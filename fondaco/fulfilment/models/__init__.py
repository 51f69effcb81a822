"""Tables of fulfilment."""

from fondaco.fulfilment.models.carrier import SimulatedCall, SimulatedFault, SimulatedParcel, SimulatedScan
from fondaco.fulfilment.models.labels import Label, LabelStep, TermsAccepted, TrackingEvent
from fondaco.fulfilment.models.packages import OfferPackage

__all__ = [
    "Label",
    "LabelStep",
    "OfferPackage",
    "SimulatedCall",
    "SimulatedFault",
    "SimulatedParcel",
    "SimulatedScan",
    "TermsAccepted",
    "TrackingEvent",
]
