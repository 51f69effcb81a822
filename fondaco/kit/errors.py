"""Refusals: the expected ways of saying no.

A domain subclasses `Refusal` beside the function that raises it. The shells (`web`, `api`) render any
refusal without knowing it: stable code, HTTP status, words, the clause it rests on, and facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):
    """Something that was asked for is not done, and says why.

    `CODE` is stable and machine readable (`lower_snake`). `WORDS` is the public sentence, an English
    gettext msgid with `%(name)s` placeholders filled from the facts; the shells translate it.
    `CLAUSE` names the requirement it rests on (a SPEC id), `FIX` says what to do next. `LINK` leads there: the name
    of a page without arguments, and its label (msgid).
    """

    CODE: ClassVar[str] = "refused"
    STATUS: ClassVar[int] = 409
    WORDS: ClassVar[str] = "This cannot be done."
    FIX: ClassVar[str] = ""
    CLAUSE: ClassVar[str] = ""
    LINK: ClassVar[tuple[str, str]] = ("", "")

    def __init__(self, **facts: Any) -> None:
        self.facts: Mapping[str, Any] = facts
        super().__init__(self.CODE, facts)

    def __str__(self) -> str:
        try:
            return self.WORDS % self.facts
        except (KeyError, TypeError, ValueError):
            return self.WORDS


class NotFound(Refusal):
    """What does not exist and what the caller may not see read the same."""

    CODE = "not_found"
    STATUS = 404
    WORDS = "Not found, or not yours to see."


class Denied(Refusal):
    """The caller is known and may see the thing, but this verb belongs to another role."""

    CODE = "not_permitted"
    STATUS = 403
    WORDS = "Your role does not include this."


class Invalid(Refusal):
    """The request itself is malformed: a field missing, of the wrong shape, or out of range."""

    CODE = "invalid"
    STATUS = 422
    WORDS = "Something in this request is not valid."


class TryLater(Refusal):
    """The same request may succeed later; everything else here never will unless it changes."""

    CODE = "try_later"
    STATUS = 503
    WORDS = "This cannot be done right now. Try again in a while."
