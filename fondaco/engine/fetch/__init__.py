"""Fetching pictures from addresses that strangers wrote down (SPEC Q-17, IMG-16, IMG-22, B-IMG-14).

    fetched = fetch_image(url, policy=FetchPolicy())       # Fetched(data, sha256, content_type, ms, declared_type)
    except FetchFault as fault:
        wait = next_try(fault, attempt)                    # timedelta, or None to give up

    answered = post(url, body=b"…", headers={…}, policy=FetchPolicy(…))   # Answered(status, …): notifications to sellers' programs

Why the connection is our own: docs/decisions/0010-our-own-image-fetch.md.
"""

from __future__ import annotations

from .faults import FetchFault, every_fault
from .get import Fetched, fetch_image
from .line import Kept, Resolver
from .politeness import Politeness
from .post import Answered, post
from .rules import FetchPolicy, allow_list, next_try

__all__ = [
    "Answered",
    "FetchFault",
    "FetchPolicy",
    "Fetched",
    "Kept",
    "Politeness",
    "Resolver",
    "allow_list",
    "every_fault",
    "fetch_image",
    "next_try",
    "post",
]
