"""Listings: written, read, searched, ended; picture findings come back as issues."""

from __future__ import annotations

import pytest

from fondaco.catalogue.models import ListingImage, Offer, StockMovement
from fondaco.catalogue.operations import submit_image
from fondaco.catalogue.tests.factories import make_jpeg, make_offer
from fondaco.engine.testing import run_tasks
from fondaco.sellers.tests.factories import make_caller, make_seller
from fondaco.spapi.tests.client import US, make_client

pytestmark = pytest.mark.django_db


def _attributes(**more):
    return {
        "item_name": [{"value": "Stoneware mug", "language_tag": "en_US", "marketplace_id": US}],
        "brand": [{"value": "Harbor", "marketplace_id": US}],
        "color": [{"value": "grey", "marketplace_id": US}],
        "condition_type": [{"value": "new_new", "marketplace_id": US}],
        "purchasable_offer": [
            {"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 19.99}]}], "marketplace_id": US}
        ],
        "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 5}],
        **more,
    }


def _path(client, sku="MUG-1"):
    return f"/listings/2021-08-01/items/{client.seller.number}/{sku}"


def _put(client, sku="MUG-1", **query):
    attributes = query.pop("attributes", None) or _attributes()
    body = {"productType": "MUG", "requirements": "LISTING", "attributes": attributes}
    return client.ok("PUT", _path(client, sku), body=body, marketplaceIds=US, **query)


ALL_PARTS = "summaries,attributes,issues,offers,fulfillmentAvailability,procurement,relationships,productTypes"


def test_a_listing_is_created_read_and_replaced(client_of):
    reply = _put(client_of, includedData="issues,identifiers")
    assert reply["status"] == "ACCEPTED"
    assert reply["identifiers"][0]["asin"].startswith("F0")
    item = client_of.ok("GET", _path(client_of), marketplaceIds=US, includedData=ALL_PARTS)
    assert item["summaries"][0]["itemName"] == "Stoneware mug"
    assert item["summaries"][0]["productType"] == "MUG"
    assert item["summaries"][0]["status"] == ["BUYABLE"]
    assert item["offers"][0]["price"] == {"currencyCode": "USD", "amount": "19.99"}
    assert item["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 5}]
    assert item["attributes"]["brand"][0]["value"] == "Harbor"
    codes = [i["code"] for i in item["issues"]]
    assert "LOCAL-IMG-IMAGE-MISSING" in codes
    assert any("enforcements" in i for i in item["issues"])
    cheaper = [{"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 17}]}], "marketplace_id": US}]
    _put(client_of, attributes=_attributes(purchasable_offer=cheaper))
    assert Offer.objects.get().price_minor == 1700


def test_the_same_put_twice_changes_nothing(client_of):
    _put(client_of)
    movements, updated = StockMovement.objects.count(), Offer.objects.get().updated_at
    assert _put(client_of)["status"] == "ACCEPTED"
    assert (StockMovement.objects.count(), Offer.objects.get().updated_at) == (movements, updated)


def test_what_is_read_can_be_sent_back_and_changes_nothing(client_of):
    _put(client_of)
    item = client_of.ok("GET", _path(client_of), marketplaceIds=US, includedData="attributes")
    before = Offer.objects.values().get()
    reply = _put(client_of, attributes=item["attributes"])
    assert (reply["status"], Offer.objects.values().get()) == ("ACCEPTED", before)


def test_a_preview_writes_nothing(client_of):
    assert _put(client_of, mode="VALIDATION_PREVIEW")["status"] == "VALID"
    assert not Offer.objects.exists()
    bad = _attributes()
    del bad["item_name"]
    reply = _put(client_of, mode="VALIDATION_PREVIEW", attributes=bad)
    assert reply["status"] == "INVALID"
    assert reply["issues"][0]["attributeNames"] == ["item_name"]
    assert reply["issues"][0]["code"] == "90220"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"purchasable_offer": [{"our_price": [{"schedule": [{"value_with_tax": -1}]}]}]}, "purchasable_offer"),
        (
            {"fulfillment_availability": [{"fulfillment_channel_code": "MOON", "quantity": 1}]},
            "fulfillment_availability",
        ),
        ({"condition_type": [{"value": "eaten"}]}, "condition_type"),
        ({"main_product_image_locator": [{"media_location": "not a url"}]}, "main_product_image_locator"),
    ],
)
def test_wrong_values_are_issues_that_name_their_attribute(client_of, change, name):
    reply = _put(client_of, attributes=_attributes(**change))
    assert any(name in i.get("attributeNames", []) for i in reply["issues"]), reply


def test_a_patch_changes_what_it_names(client_of):
    _put(client_of)
    patches = [
        {
            "op": "replace",
            "path": "/attributes/fulfillment_availability",
            "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 2}],
        }
    ]
    body = {"productType": "MUG", "patches": patches}
    assert client_of.ok("PATCH", _path(client_of), body=body, marketplaceIds=US)["status"] == "ACCEPTED"
    offer = Offer.objects.select_related("product").get()
    assert (offer.units_sellable, offer.price_minor, offer.product.brand) == (2, 1999, "Harbor")


def test_a_patch_of_nothing_there_is_invalid(client_of):
    patches = [{"op": "delete", "path": "/attributes/brand"}]
    reply = client_of.ok("PATCH", _path(client_of), body={"productType": "MUG", "patches": patches}, marketplaceIds=US)
    assert reply["status"] == "INVALID"


def test_a_deleted_listing_is_gone_from_the_interface(client_of):
    _put(client_of)
    assert client_of.ok("DELETE", _path(client_of), marketplaceIds=US)["status"] == "ACCEPTED"
    assert client_of.get(_path(client_of), marketplaceIds=US).status_code == 404
    assert client_of.call("DELETE", _path(client_of), marketplaceIds=US).status_code == 404
    assert _put(client_of)["status"] == "ACCEPTED"
    assert client_of.get(_path(client_of), marketplaceIds=US).status_code == 200


def test_skus_with_slashes_and_spaces_are_found(client_of):
    for sku, written in (("MUG A.1+x", "MUG%20A.1+x"), ("MUG/A/1", "MUG%2FA%2F1")):
        _put(client_of, written)
        assert Offer.objects.latest("id").sku == sku
        assert client_of.get(_path(client_of, written), marketplaceIds=US).json()["sku"] == sku


def test_another_sellers_account_reads_as_denied(client_of):
    other = make_seller("Other")
    make_offer(make_caller(seller=other), sku="THEIRS")
    path = f"/listings/2021-08-01/items/{other.number}/THEIRS"
    assert client_of.get(path, marketplaceIds=US).status_code == 403
    assert client_of.get(_path(client_of, "THEIRS"), marketplaceIds=US).status_code == 404


@pytest.mark.parametrize(
    "query", [{}, {"marketplaceIds": "NOWHERE"}, {"marketplaceIds": US, "includedData": "secrets"}]
)
def test_bad_questions_are_named(client_of, query):
    response = client_of.get(_path(client_of), **query)
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "InvalidInput"


@pytest.mark.spec("IMG-14", "IMG-16")
def test_picture_findings_come_back_as_issues(client_of):
    _put(client_of)
    offer = Offer.objects.select_related("product").get()
    submit_image(client_of.caller, asin=offer.product.asin, data=make_jpeg(fill=0.4, ground=200), file_name="a.jpg")
    run_tasks()
    item = client_of.ok("GET", _path(client_of), marketplaceIds=US, includedData="issues,summaries")
    found = [i for i in item["issues"] if i["categories"] == ["INVALID_IMAGE"]]
    assert {"LOCAL-IMG-BACKGROUND-NOT-WHITE", "LOCAL-IMG-PRODUCT-TOO-SMALL"} <= {i["code"] for i in found}
    assert all(i["attributeNames"] == ["main_product_image_locator"] for i in found)
    assert found[0]["enforcements"]["actions"] == [{"action": "SEARCH_SUPPRESSED"}]
    submit_image(client_of.caller, asin=offer.product.asin, data=make_jpeg(), file_name="b.jpg")
    run_tasks()
    item = client_of.ok("GET", _path(client_of), marketplaceIds=US, includedData="issues,summaries")
    assert [i for i in item["issues"] if i["severity"] == "ERROR"] == []
    assert item["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]
    assert item["summaries"][0]["mainImage"]["width"] == 1000
    vi = client_of.ok("GET", _path(client_of), marketplaceIds=US, includedData="issues", issueLocale="vi_VN")
    assert isinstance(vi["issues"], list)


def test_an_image_address_becomes_a_submission(client_of):
    url = "https://pictures.example/mug.jpg"
    _put(client_of, attributes=_attributes(main_product_image_locator=[{"media_location": url, "marketplace_id": US}]))
    image = ListingImage.objects.get()
    assert (image.source_url, image.variant, image.state) == (url, "MAIN", "submitted")
    item = client_of.ok("GET", _path(client_of), marketplaceIds=US, includedData="attributes")
    assert item["attributes"]["main_product_image_locator"][0]["media_location"] == url


def test_listings_are_searched_page_by_page_and_back(client_of, settings):
    settings.FONDACO_SPAPI_LIMITS = 0
    for n in range(7):
        make_offer(client_of.caller, sku=f"S-{n}", quantity=n)
    path = f"/listings/2021-08-01/items/{client_of.seller.number}"
    for order in ("createdDate", "lastUpdatedDate", "sku"):
        query = {"marketplaceIds": US, "pageSize": 3, "sortBy": order, "sortOrder": "ASC"}
        seen, token, back = [], "", ""
        while True:
            reply = client_of.ok("GET", path, **query, **({"pageToken": token} if token else {}))
            assert reply["numberOfResults"] == 7
            seen += [i["sku"] for i in reply["items"]]
            pages = reply.get("pagination", {})
            back = pages.get("previousToken", "")
            if not (token := pages.get("nextToken", "")):
                break
        assert seen == [f"S-{n}" for n in range(7)]
        reply = client_of.ok("GET", path, **query, pageToken=back)
        assert [i["sku"] for i in reply["items"]] == ["S-3", "S-4", "S-5"]


@pytest.mark.parametrize(
    ("query", "skus"),
    [
        ({"identifiers": "S-1,S-2,NONE", "identifiersType": "SKU"}, {"S-1", "S-2"}),
        ({"withStatus": "BUYABLE"}, {"S-1", "S-2"}),
        ({"withoutStatus": "BUYABLE"}, {"S-0"}),
        ({"withStatus": "DISCOVERABLE"}, set()),
        ({"withIssueSeverity": "ERROR"}, {"S-0", "S-1", "S-2"}),
        ({"createdAfter": "2000-01-01T00:00:00Z"}, {"S-0", "S-1", "S-2"}),
        ({"lastUpdatedBefore": "2000-01-01T00:00:00Z"}, set()),
        ({"identifiers": "X", "identifiersType": "FNSKU"}, set()),
        ({"variationParentSku": "P"}, set()),
    ],
)
def test_listings_are_narrowed(client_of, query, skus):
    for n in range(3):
        make_offer(client_of.caller, sku=f"S-{n}", quantity=n)
    path = f"/listings/2021-08-01/items/{client_of.seller.number}"
    reply = client_of.ok("GET", path, marketplaceIds=US, **query)
    assert {i["sku"] for i in reply["items"]} == skus


def test_page_tokens_are_bound_to_their_question(client_of):
    for n in range(3):
        make_offer(client_of.caller, sku=f"S-{n}")
    path = f"/listings/2021-08-01/items/{client_of.seller.number}"
    token = client_of.ok("GET", path, marketplaceIds=US, pageSize=1)["pagination"]["nextToken"]
    for bad in (token + "x", "nonsense", token[:-4]):
        assert client_of.get(path, marketplaceIds=US, pageSize=1, pageToken=bad).status_code == 400
    assert client_of.get(path, marketplaceIds=US, sortBy="sku", pageSize=1, pageToken=token).status_code == 400
    other = make_client(make_seller("Other"))
    theirs = f"/listings/2021-08-01/items/{other.seller.number}"
    assert other.get(theirs, marketplaceIds=US, pageSize=1, pageToken=token).status_code == 400


def test_catalog_items_are_read_and_searched(client_of):
    offer = make_offer(client_of.caller, title="Copper kettle, 1 litre", sku="K-1", product_type="kettle")
    submit_image(client_of.caller, asin=offer.product.asin, data=make_jpeg(), file_name="a.jpg")
    run_tasks()
    parts = "attributes,classifications,dimensions,identifiers,images,productTypes,relationships,salesRanks,summaries"
    item = client_of.ok("GET", f"/catalog/2022-04-01/items/{offer.product.asin}", marketplaceIds=US, includedData=parts)
    assert item["summaries"][0]["itemName"] == "Copper kettle, 1 litre"
    assert item["images"][0]["images"][0]["variant"] == "MAIN"
    assert client_of.get("/catalog/2022-04-01/items/F000000000", marketplaceIds=US).status_code == 404
    found = client_of.ok("GET", "/catalog/2022-04-01/items", marketplaceIds=US, keywords="kettle")
    assert [i["asin"] for i in found["items"]] == [offer.product.asin]


def test_catalog_items_are_found_by_identifiers(client_of):
    offer = make_offer(client_of.caller, sku="K-1")
    query = {"marketplaceIds": US, "identifiers": "K-1", "identifiersType": "SKU"}
    found = client_of.ok("GET", "/catalog/2022-04-01/items", sellerId=client_of.seller.number, **query)
    assert found["items"][0]["asin"] == offer.product.asin


def test_restrictions_say_why(client_of):
    offer = make_offer(client_of.caller)
    query = {"sellerId": client_of.seller.number, "marketplaceIds": US}
    path = "/listings/2021-08-01/restrictions"
    assert client_of.ok("GET", path, asin=offer.product.asin, **query) == {"restrictions": []}
    reply = client_of.ok("GET", path, asin="F0NOTHING0", **query)
    assert reply["restrictions"][0]["reasons"][0]["reasonCode"] == "ASIN_NOT_FOUND"
