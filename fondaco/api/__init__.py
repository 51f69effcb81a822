"""The shell of the native API: one door at `/api/`, who is calling, error bodies, paging, keys against doubling.

    from fondaco.api import IdempotencyKey, Limit, PageOut, answers, paged

It stands below the sellers: who a bearer token belongs to and how a refusal is said are given to it by `callers.provide`.
"""

from fondaco.api.bodies import ErrorBody, answers
from fondaco.api.keys import IdempotencyKey
from fondaco.api.pages import Limit, PageOut, paged

__all__ = ["ErrorBody", "IdempotencyKey", "Limit", "PageOut", "answers", "paged"]
