"""Sellers and product type definitions."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft201909Validator

from fondaco.catalogue.product_types import all_types
from fondaco.policy.stores import STORES
from fondaco.sellers.rules import Plan
from fondaco.sellers.tests.factories import make_seller
from fondaco.spapi import product_schemas
from fondaco.spapi.tests.client import US, make_client

pytestmark = pytest.mark.django_db


def test_participations_name_the_stores_of_the_region(client_of):
    payload = client_of.ok("GET", "/sellers/v1/marketplaceParticipations")["payload"]
    assert [p["marketplace"]["countryCode"] for p in payload] == ["US", "CA", "MX"]
    assert payload[0]["participation"] == {"isParticipating": True, "hasSuspendedListings": False}
    assert payload[0]["storeName"] == "Harbor Goods"


def test_account_tells_plan_business_and_contact(client_of):
    account = client_of.ok("GET", "/sellers/v1/account")["payload"]
    assert account["sellingPlan"] == "PROFESSIONAL"
    assert account["business"]["name"] == "Harbor Goods LLC"
    assert account["business"]["registeredBusinessAddress"]["addressLine1"] == "12 Wharf Street"
    assert account["primaryContact"]["name"] == "Owner of Harbor Goods"


def test_an_individual_has_no_business(db):
    account = make_client(make_seller("Solo", plan=Plan.INDIVIDUAL)).ok("GET", "/sellers/v1/account")["payload"]
    assert (account["businessType"], "business" in account) == ("INDIVIDUAL", False)


def test_at_least_forty_product_types_cover_the_categories_that_rules_mention(client_of):
    reply = client_of.ok("GET", "/definitions/2020-09-01/productTypes", marketplaceIds=US)
    assert len(reply["productTypes"]) >= 40
    covered = {c for t in all_types().values() for c in t.categories}
    wanted = {
        "apparel",
        "jewelry",
        "loose_gemstones",
        "shoes",
        "watches",
        "baby",
        "software",
        "perishables",
        "handmade",
    }
    assert wanted <= covered


@pytest.mark.parametrize(("query", "first"), [({"keywords": "kettle"}, "KETTLE"), ({"itemName": "ceramic mug"}, "MUG")])
def test_product_types_are_found_by_words(client_of, query, first):
    reply = client_of.ok("GET", "/definitions/2020-09-01/productTypes", marketplaceIds=US, **query)
    assert reply["productTypes"][0]["name"] == first


def test_every_schema_is_sound_and_answers_at_its_address(client_of):
    for name in ("KETTLE", "MUG"):
        reply = client_of.ok("GET", f"/definitions/2020-09-01/productTypes/{name}", marketplaceIds=US)
        address = reply["schema"]["link"]["resource"].partition("testserver")[2]
        schema = client_of.web.get(address).json()
        Draft201909Validator.check_schema(schema)
        assert product_schemas.named(schema)[1] == reply["schema"]["checksum"]
        grouped = {n for g in reply["propertyGroups"].values() for n in g["propertyNames"]}
        assert grouped == set(schema["properties"])
    for kind in all_types().values():
        for requirements in ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY"):
            schema = product_schemas.schema_of(kind, store=STORES["US"], requirements=requirements, enforced=True)
            Draft201909Validator.check_schema(schema)
            assert set(schema["required"]) <= set(schema["properties"])


def test_what_the_schema_accepts_is_accepted(client_of):
    reply = client_of.ok("GET", "/definitions/2020-09-01/productTypes/MUG", marketplaceIds=US)
    schema = client_of.web.get(reply["schema"]["link"]["resource"].partition("testserver")[2]).json()
    attributes = {
        "item_name": [{"value": "Stoneware mug", "marketplace_id": US}],
        "color": [{"value": "grey", "marketplace_id": US}],
        "condition_type": [{"value": "new_new"}],
        "purchasable_offer": [
            {"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 19.99}]}], "marketplace_id": US}
        ],
        "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}],
    }
    attributes |= {n: [{"value": "x", "marketplace_id": US}] for n in schema["required"] if n not in attributes}
    Draft201909Validator(schema).validate(attributes)
    body = {"productType": "MUG", "attributes": attributes}
    path = f"/listings/2021-08-01/items/{client_of.seller.number}/MUG-1"
    reply = client_of.ok("PUT", path, body=body, marketplaceIds=US)
    assert (reply["status"], [i for i in reply["issues"] if i["severity"] == "ERROR"]) == ("ACCEPTED", [])


def test_unknown_types_and_versions_are_refused(client_of):
    assert client_of.get("/definitions/2020-09-01/productTypes/NOTHING", marketplaceIds=US).status_code == 404
    response = client_of.get(
        "/definitions/2020-09-01/productTypes/MUG", marketplaceIds=US, productTypeVersion="U8L4z4Ud95N16"
    )
    assert response.status_code == 400
    assert "LATEST" in json.dumps(response.json())
