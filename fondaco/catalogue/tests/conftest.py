"""Fixtures of the catalogue's tests."""

from __future__ import annotations

import pytest

from fondaco.catalogue.tests.factories import make_product, seller_and_caller
from fondaco.catalogue.tests.picture_host import serving


@pytest.fixture
def host(settings):
    """A picture host that may be reached although it is on this machine."""
    with serving() as host:
        settings.FONDACO_FETCH_ALLOW = [host.address]
        yield host


@pytest.fixture
def harbor(db):
    """The caller who owns Harbor Goods."""
    return seller_and_caller("Harbor Goods")[1]


@pytest.fixture
def swift(db):
    """The caller who owns Swift Outfitters."""
    return seller_and_caller("Swift Outfitters")[1]


@pytest.fixture
def mug(harbor):
    """A mug of Harbor Goods, without a picture."""
    return make_product(harbor)
