"""Tables of customer service."""

from fondaco.service.models.evidence import ReturnEvidence
from fondaco.service.models.guarantee import GuaranteeClaim
from fondaco.service.models.reimbursement import ClaimNote, Reimbursement
from fondaco.service.models.remedy import Remedy, RemedyPart

__all__ = ["ClaimNote", "GuaranteeClaim", "Reimbursement", "Remedy", "RemedyPart", "ReturnEvidence"]
