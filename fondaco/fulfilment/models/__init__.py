"""Tables of fulfilment: enrolment, limits, templates; carriers and labels."""

from fondaco.fulfilment.models.carrier import SimulatedCall, SimulatedFault, SimulatedParcel, SimulatedScan
from fondaco.fulfilment.models.enrolment import Enrolment, Notice, PlanOfAction, PrimeItem, Sanction, Trial
from fondaco.fulfilment.models.labels import Label, LabelStep, TermsAccepted, TrackingEvent
from fondaco.fulfilment.models.limits import CountedOrder, PrimeDay, VolumeControl
from fondaco.fulfilment.models.packages import OfferPackage
from fondaco.fulfilment.models.templates import ShippingTemplate, TemplateOffer, TemplateOption
from fondaco.fulfilment.models.views import PromiseView

__all__ = [
    "CountedOrder",
    "Enrolment",
    "Label",
    "LabelStep",
    "Notice",
    "OfferPackage",
    "PlanOfAction",
    "PrimeDay",
    "PrimeItem",
    "PromiseView",
    "Sanction",
    "ShippingTemplate",
    "SimulatedCall",
    "SimulatedFault",
    "SimulatedParcel",
    "SimulatedScan",
    "TemplateOffer",
    "TemplateOption",
    "TermsAccepted",
    "TrackingEvent",
    "Trial",
    "VolumeControl",
]
