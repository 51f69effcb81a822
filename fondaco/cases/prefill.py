"""Links to a contact form that is filled already: by a troubleshooter with what it found, or by a plain query.

The token is signed, so that nobody puts words into somebody's form by a forged link to a long text; what it
holds is still only a draft that the seller reads and sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from fondaco.cases.rules import CONTENTS, CaseType, Kind

_SALT = "fondaco.cases.prefill"
_GOOD_FOR_S = 7 * 86400


def contact_url(case_type: CaseType, contents: Mapping[str, Any] | None = None, *, origin: str = "") -> str:
    """The address of the contact form with these contents in it. `origin` names what led here: `diagnosis:ID`."""
    token = signing.dumps({"type": str(case_type), "contents": dict(contents or {}), "origin": origin}, salt=_SALT)
    return f"{reverse('cases:contact')}?{urlencode({'type': str(case_type), 'from': token})}"


def read(query: QueryDict) -> tuple[CaseType | None, dict[str, Any], str]:
    """Type, contents and origin that a contact link asks for. A stale or forged token is as if it were not there."""
    token = _opened(query.get("from", ""))
    wanted = token.get("type") or query.get("type", "")
    if wanted not in list(CaseType):
        return None, {}, ""
    case_type = CaseType(wanted)
    plain = {i.name: query.get(i.name, "")[:2000] for i in CONTENTS[case_type] if i.kind is not Kind.DOCUMENT}
    known = {i.name for i in CONTENTS[case_type]}
    signed = {name: value for name, value in token.get("contents", {}).items() if name in known}
    return case_type, {name: v for name, v in {**plain, **signed}.items() if v}, token.get("origin", "")[:80]


def _opened(token: str) -> dict[str, Any]:
    try:
        return signing.loads(token, salt=_SALT, max_age=_GOOD_FOR_S) if token else {}
    except signing.BadSignature:
        return {}
