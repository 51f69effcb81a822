"""Tables of customer service."""

from fondaco.service.models.evidence import GuaranteeEvidence, ReturnEvidence
from fondaco.service.models.guarantee import GuaranteeClaim
from fondaco.service.models.reimbursement import ClaimNote, Reimbursement
from fondaco.service.models.remedy import Remedy, RemedyPart

__all__ = [
    "ClaimNote",
    "GuaranteeClaim",
    "GuaranteeEvidence",
    "Reimbursement",
    "Remedy",
    "RemedyPart",
    "ReturnEvidence",
]
