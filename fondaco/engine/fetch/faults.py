"""What can go wrong with one fetch: a tree of exceptions with stable codes, a retry rule each, words and a fix.

    FetchFault
    ├─ UrlFault      the address itself         url_malformed  scheme_not_allowed  port_not_allowed  credentials_in_url
    ├─ AddressFault  where it leads             address_refused
    ├─ LineFault     the way there              dns_failed  connect_failed  tls_failed  timed_out  bad_response  host_busy
    ├─ AnswerFault   the status                 redirect_refused  http_403 … http_429  http_5xx  http_other
    └─ BodyFault     what came                  html_not_image  not_an_image  too_big  length_mismatch  empty_body

They are findings of a feed row, not refusals of a caller: whoever catches one stores `code`, `retry` and `facts`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

Retry = Literal["later", "never"]

INVALID_URL, NO_ACCESS = 15, 20000


def N_(message: str) -> str:  # the name that message extraction looks for
    """Marks a message for translation. Django's own marker wants settings, and fetching must not."""
    return message


class FetchFault(Exception):
    """One fetch that gave no picture.

    `code` is stable; `retry` tells *try later* from *never will*; `WORDS` and `FIX` are English msgids with
    `%(name)s` placeholders for `facts`; `FEED_CODE` is the number in processing reports (B-IMG-14);
    `retry_after_s` is how long the host asked us to wait, if it did.
    """

    code: ClassVar[str] = "fetch_failed"
    retry: Retry = "later"
    WORDS: ClassVar[str] = N_("The image could not be fetched from this address.")
    FIX: ClassVar[str] = N_("Open the address in a private browser window: the picture alone must appear.")
    CLAUSE: ClassVar[str] = "Q-17"
    FEED_CODE: ClassVar[int] = NO_ACCESS

    def __init__(self, *, retry: Retry | None = None, retry_after_s: int | None = None, **facts: Any) -> None:
        self.facts = facts
        self.retry_after_s = retry_after_s
        if retry is not None:
            self.retry = retry
        super().__init__(self.code, facts)

    def __str__(self) -> str:
        try:
            return self.WORDS % self.facts
        except (KeyError, TypeError, ValueError):
            return self.WORDS

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, for the row that keeps it."""
        return {
            "code": self.code,
            "retry": self.retry,
            "retry_after_s": self.retry_after_s,
            "facts": {k: v if isinstance(v, int | float | bool | None) else str(v) for k, v in self.facts.items()},
            "message": str(self),
            "fix": self.FIX,
            "clause": self.CLAUSE,
            "feed_code": self.FEED_CODE,
        }


class UrlFault(FetchFault):
    """The address cannot be fetched whoever tries."""

    retry: Retry = "never"
    FEED_CODE = INVALID_URL


class UrlMalformed(UrlFault):
    code = "url_malformed"
    WORDS = N_("This is not a complete web address.")
    FIX = N_("Write the whole address, for example https://images.example.com/mug.jpg, without spaces or line breaks.")
    CLAUSE = "IMG-21"


class SchemeNotAllowed(UrlFault):
    code = "scheme_not_allowed"
    WORDS = N_("Addresses that begin with %(scheme)s: are not fetched.")
    FIX = N_("Use an address that begins with https:// or http://.")
    CLAUSE = "B-IMG-14"


class PortNotAllowed(UrlFault):
    code = "port_not_allowed"
    WORDS = N_("Port %(port)s is not used for fetching images.")
    FIX = N_("Serve the picture on the usual port, and leave the number out of the address.")


class CredentialsInUrl(UrlFault):
    code = "credentials_in_url"
    WORDS = N_("The address contains a user name or password.")
    FIX = N_(
        "Put the picture where it can be read without signing in, and change that password: it has been sent in a file."
    )


class AddressFault(FetchFault):
    """The name leads somewhere a marketplace must not go."""

    retry: Retry = "never"
    FEED_CODE = INVALID_URL


class AddressRefused(AddressFault):
    code = "address_refused"
    WORDS = N_("%(host)s leads to an address that is not on the public internet.")
    FIX = N_("Put the picture on a public web server. Addresses inside a company or home network cannot be reached.")


class LineFault(FetchFault):
    """The way to the picture is broken, at least now."""


class DnsFailed(LineFault):
    code = "dns_failed"
    WORDS = N_("The name %(host)s was not found.")
    FIX = N_("Check the spelling of the host name. If it is right, we try again.")


class ConnectFailed(LineFault):
    code = "connect_failed"
    WORDS = N_("%(host)s did not accept a connection.")
    FIX = N_("Check that the server is running and lets everybody in. We try again.")


class TlsFailed(LineFault):
    code = "tls_failed"
    retry: Retry = "never"
    WORDS = N_("The secure connection to %(host)s failed: its certificate is not valid.")
    FIX = N_("Renew the server's certificate for exactly this host name, then submit the address again.")


class TimedOut(LineFault):
    code = "timed_out"
    WORDS = N_("The picture did not arrive within %(limit_s)s seconds.")
    FIX = N_("Make the picture smaller or move it to a faster server. We try again.")


class BadResponse(LineFault):
    code = "bad_response"
    WORDS = N_("%(host)s answered with something that is not HTTP.")
    FIX = N_("Check that the address leads to a web server. We try again.")


class HostBusy(LineFault):
    """Not the host's answer: our own politeness. Does not count as a try."""

    code = "host_busy"
    WORDS = N_("Many pictures are being fetched from %(host)s; this one waits for its turn.")
    FIX = N_("Nothing to do: we fetch it in a moment.")


class AnswerFault(FetchFault):
    """The host answered, and not with 200. `facts["status"]` is its number."""


class RedirectRefused(AnswerFault):
    code = "redirect_refused"
    retry: Retry = "never"
    WORDS = N_("The address forwards to another one instead of answering with the picture.")
    FIX = N_("Submit the address that the picture finally opens at: it must answer directly.")
    CLAUSE = "IMG-22"
    FEED_CODE = INVALID_URL


class Http403(AnswerFault):
    code = "http_403"
    retry: Retry = "never"
    WORDS = N_("%(host)s forbids reading this picture.")
    FIX = N_(
        "Allow everybody to read the picture: no sign-in, no expired link, no check of where the visitor comes from."
    )


class Http404(AnswerFault):
    code = "http_404"
    retry: Retry = "never"
    WORDS = N_("There is no picture at this address.")
    FIX = N_("Check the address letter by letter, capital letters included, then submit the image data again.")
    CLAUSE = "IMG-18"


class Http410(AnswerFault):
    code = "http_410"
    retry: Retry = "never"
    WORDS = N_("The picture at this address has been removed for good.")
    FIX = N_("Submit a new address.")
    CLAUSE = "IMG-18"


class Http429(AnswerFault):
    code = "http_429"
    WORDS = N_("%(host)s asks us to come back later: too many pictures were asked for.")
    FIX = N_("Nothing to do: we wait as long as the server asks and try again.")


class Http5xx(AnswerFault):
    code = "http_5xx"
    WORDS = N_("%(host)s answered with an error of its own (%(status)s).")
    FIX = N_("If this goes on, ask whoever runs the server. We try again.")


class HttpOther(AnswerFault):
    code = "http_other"
    retry: Retry = "never"
    WORDS = N_("%(host)s answered with status %(status)s instead of the picture.")
    FIX = N_("The address must answer with status 200 and the picture itself.")


class BodyFault(FetchFault):
    """The answer came and is no picture, or not all of it."""


class HtmlNotImage(BodyFault):
    code = "html_not_image"
    retry: Retry = "never"
    WORDS = N_("The address shows a web page, not the picture itself.")
    FIX = N_("Right-click the picture on that page, copy the image address, and submit that one.")
    CLAUSE = "IMG-18"
    FEED_CODE = INVALID_URL


class NotAnImage(BodyFault):
    code = "not_an_image"
    retry: Retry = "never"
    WORDS = N_("What came from this address is not an image file.")
    FIX = N_("Submit the address of a .jpg, .tif or .gif file.")
    CLAUSE = "IMG-19"


class TooBig(BodyFault):
    code = "too_big"
    retry: Retry = "never"
    WORDS = N_("The file is larger than %(limit_bytes)s bytes.")
    FIX = N_("Save the picture as JPEG with a longer side of 1,600 to 3,000 pixels.")
    CLAUSE = "B-IMG-03"


class LengthMismatch(BodyFault):
    code = "length_mismatch"
    WORDS = N_("The transfer broke off: %(received)s bytes came of %(announced)s.")
    FIX = N_("We try again. If it goes on, the server announces a wrong length; ask whoever runs it.")


class EmptyBody(BodyFault):
    code = "empty_body"
    WORDS = N_("The answer was empty.")
    FIX = N_("Check that the file on the server is not empty. We try again.")


def every_fault() -> dict[str, type[FetchFault]]:
    """All faults by code: for the help centre's list, and for reading a stored fault back."""
    found: dict[str, type[FetchFault]] = {}
    waiting = [FetchFault]
    while waiting:
        kind = waiting.pop()
        children = kind.__subclasses__()
        waiting.extend(children)
        if not children:
            found[kind.code] = kind
    return found
