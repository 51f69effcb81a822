"""One click puts a buyer's photographs beside a return or into a reimbursement claim, each with the hash of its original."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fondaco import history
from fondaco.engine import clock
from fondaco.messaging import operations
from fondaco.messaging.models import Attachment, Conversation
from fondaco.messaging.rules.words import Subject
from fondaco.messaging.tests.factories import begun, kept
from fondaco.orders.models import Order
from fondaco.orders.tests.factories import caller_of_buyer, caller_of_seller, make_buyer
from fondaco.returns.models import Return
from fondaco.returns.tests.factories import arrived_order, make_return, make_returning_seller
from fondaco.sellers.models import Person
from fondaco.sellers.rules import MemberRole, Role
from fondaco.sellers.tests.factories import make_caller, make_member, make_person, make_staff, owner_of
from fondaco.service.models import ClaimNote, GuaranteeClaim, GuaranteeEvidence, Reimbursement, ReturnEvidence
from fondaco.service.operations import guarantees, reimbursements
from fondaco.service.rules.claims import Fault, Ground
from fondaco.service.tests.factories import NOW, give

pytestmark = [pytest.mark.django_db, pytest.mark.spec("PHOTO-02", "PHOTO-33")]


@pytest.fixture(autouse=True)
def now():
    clock.set_to(at=NOW)
    yield
    clock.reset()


@pytest.fixture
def order() -> Order:
    return arrived_order(is_prime=False)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def charged() -> Order:
    """A Prime order: what customer service refunds of it is charged to the seller."""
    return arrived_order(is_prime=True)


def sent(order: Order, *views: str, subject: Subject = Subject.PRODUCT_QUESTION) -> Conversation:
    """A conversation about the order in which the buyer sent these shots; by default one that the seller answers."""
    conversation = begun(order, subject=subject)
    photos = [kept(label=f"ShippingDamage_{view}", view=view) for view in views]
    operations.send(caller_of_buyer(order), number=conversation.number, text="See.", kept=photos, confirmed=True)
    return conversation


def use(client: Client, conversation: Conversation, into: str, target: str, name: str = "seller_use"):
    return client.post(reverse(f"messaging:{name}", args=[conversation.number]), {"into": into, "target": target})


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_one_click_puts_them_beside_a_return_on_every_page_of_it(order) -> None:
    row = make_return(order)
    conversation = sent(order, "Packaging", "Product")
    seller = client_of(owner_of(order.seller))
    thread = reverse("messaging:seller_conversation", args=[conversation.number])
    assert f"Return {row.number}" in text_of(seller.get(thread))
    for _ in range(2):
        assert use(seller, conversation, "return", row.number).url == reverse(
            "returns:seller_return", args=[row.number]
        )
    assert ReturnEvidence.objects.filter(parcel=row).count() == 2
    assert [e.verb for e in history.events_for(row)].count("return.evidence_added") == 1
    assert f"The photos are in: Return {row.number}" in text_of(seller.get(thread))
    desk = client_of(make_staff(Role.CUSTOMER_SERVICE))
    for client, page in ((seller, "seller_return"), (client_of(order.buyer), "return"), (desk, "desk_return")):
        shown = text_of(client.get(reverse(f"returns:{page}", args=[row.number])))
        for photo in Attachment.objects.all():
            assert photo.sha256 in shown
            thumb = reverse("messaging:photo", args=[photo.pk, "thumb"])
            assert thumb in shown
            assert client.get(thumb).status_code == 200


def test_a_photo_that_comes_later_is_added_by_another_click(order) -> None:
    row = make_return(order)
    conversation = sent(order, "Packaging")
    seller = client_of(owner_of(order.seller))
    use(seller, conversation, "return", row.number)
    operations.send(caller_of_buyer(order), number=conversation.number, text="More.", kept=[kept(view="Product")])
    page = reverse("messaging:seller_conversation", args=[conversation.number])
    seller.get(page)  # takes the notice of the first click
    assert "The photos are in" not in text_of(seller.get(page))
    use(seller, conversation, "return", row.number)
    assert ReturnEvidence.objects.filter(parcel=row).count() == 2


@pytest.mark.spec("Q-42")
def test_customer_service_shares_them_with_the_seller_by_putting_them_beside_the_return() -> None:
    order = arrived_order(is_prime=True)
    row = make_return(order)
    conversation = sent(order, "Product", subject=Subject.PRODUCT_DEFECT)
    seller = client_of(owner_of(order.seller))
    thumb = reverse("messaging:photo", args=[Attachment.objects.get().pk, "thumb"])
    assert seller.get(thumb).status_code == 404
    desk = client_of(make_staff(Role.CUSTOMER_SERVICE))
    assert use(desk, conversation, "return", row.number, "contact_use").status_code == 302
    shown = text_of(seller.get(reverse("returns:seller_return", args=[row.number])))
    assert Attachment.objects.get().sha256 in shown
    assert reverse("messaging:seller_conversation", args=[conversation.number]) not in shown  # its words stay there
    assert seller.get(thumb).status_code == 200


def test_into_a_claim_that_is_not_decided(charged) -> None:
    claim = _claim(charged)
    conversation = sent(charged, "Packaging", "Product")
    seller = client_of(owner_of(charged.seller))
    page = reverse("service:seller_claim", args=[claim.number])
    for _ in range(2):
        assert use(seller, conversation, "claim", claim.number).url == page
    note = ClaimNote.objects.get(claim=claim, act="added")
    assert [each["kind"] for each in note.documents] == ["packaging_photos", "item_photos"]
    claim.refresh_from_db()
    assert claim.state == "under_investigation"  # it answers no question
    desk = client_of(make_staff(Role.CUSTOMER_SERVICE))
    for client, address in ((seller, page), (desk, reverse("service:claim", args=[claim.number]))):
        shown = text_of(client.get(address))
        for photo in Attachment.objects.all():
            assert photo.sha256 in shown
            assert client.get(reverse("messaging:photo", args=[photo.pk, "thumb"])).status_code == 200
            download = client.get(reverse("service:document", args=[claim.number, photo.copy]))
            assert download.status_code == 200
            assert b"Exif" not in download.content


def test_a_decided_claim_takes_none_and_is_not_offered(charged) -> None:
    claim = _claim(charged)
    conversation = sent(charged, "Product")
    Reimbursement.objects.filter(pk=claim.pk).update(
        state="resolved", verdict="declined", decided_at=NOW, appeal_due_at=None
    )
    seller = client_of(owner_of(charged.seller))
    assert claim.number not in text_of(seller.get(reverse("messaging:seller_conversation", args=[conversation.number])))
    assert use(seller, conversation, "claim", claim.number).status_code == 404
    assert not ClaimNote.objects.filter(act="added").exists()


@pytest.mark.spec("B-PRIME-22")
def test_a_refund_that_was_not_claimed_yet_gets_a_claim_with_the_photos_in_it(charged) -> None:
    payback = give(charged).parts.get().payback
    conversation = sent(charged, "Packaging", "Product")
    seller = client_of(owner_of(charged.seller))
    form = use(seller, conversation, "claim", f"new-{payback.pk}").url
    shown = text_of(seller.get(form))
    assert "The buyer’s photos that go with it" in shown
    assert not Reimbursement.objects.exists()  # nothing is filed by the first click
    filed = seller.post(
        form,
        {"ground": str(Ground.POLICY_ABUSE), "text": "Third time this year.", "request_key": "k"},
    )
    assert filed.status_code == 302, filed.content.decode()[:3000]
    documents = ClaimNote.objects.get().documents
    assert {each["original"] for each in documents} == set(Attachment.objects.values_list("sha256", flat=True))


def test_nobody_puts_them_where_they_have_no_right(order, charged) -> None:
    row, claim = make_return(order), _claim(charged)
    of_order, of_charged = sent(order, "Product"), sent(charged, "Product")
    viewer = make_person("Vera")
    for shop in (order.seller, charged.seller):
        make_member(viewer, shop, MemberRole.VIEWER)
    other = arrived_order(make_returning_seller("Other"), is_prime=True)
    strange = make_return(other)
    for person, name, conversation, into, target in (
        (viewer, "seller_use", of_order, "return", row.number),
        (viewer, "seller_use", of_charged, "claim", claim.number),
        (make_buyer("Eve"), "seller_use", of_order, "return", row.number),
        (owner_of(other.seller), "seller_use", of_order, "return", row.number),
        (owner_of(order.seller), "seller_use", of_order, "return", strange.number),  # another order's
        (owner_of(order.seller), "contact_use", of_order, "return", row.number),
        (owner_of(order.seller), "shared_use", of_order, "return", row.number),
        (make_staff(Role.SUPPORT), "contact_use", of_order, "return", row.number),
    ):
        client = client_of(person)
        assert use(client, conversation, into, target, name).status_code in (403, 404), (person, into, name)
    assert not ReturnEvidence.objects.exists()
    assert not ClaimNote.objects.filter(act="added").exists()
    form = reverse("service:file", args=[claim.payback_id])
    assert client_of(owner_of(charged.seller)).get(form, {"photos": of_order.number}).status_code == 404
    assert client_of(owner_of(other.seller)).get(form, {"photos": of_charged.number}).status_code == 404


@pytest.mark.spec("Q-42", "B-PRIME-22")
def test_what_customer_service_shared_goes_into_a_claim_without_its_words(charged) -> None:
    claim = _claim(charged)
    conversation = sent(charged, "Product", "Detail", subject=Subject.PRODUCT_DEFECT)
    seller = client_of(owner_of(charged.seller))
    shown, hidden = Attachment.objects.order_by("place")
    service = make_caller(role=Role.CUSTOMER_SERVICE)
    page = reverse("messaging:shared_conversation", args=[conversation.number])
    assert use(seller, conversation, "claim", claim.number, "shared_use").status_code == 404
    operations.share_photos(service, number=conversation.number, attachment_ids=[str(shown.pk)])
    offered = text_of(seller.get(page))
    assert f"Claim {claim.number}" in offered
    assert "A new support case" not in offered
    assert use(seller, conversation, "case", "new", "shared_use").status_code == 404
    assert use(seller, conversation, "claim", claim.number, "shared_use").status_code == 302
    (document,) = ClaimNote.objects.get(act="added").documents
    assert document["original"] == shown.sha256 != hidden.sha256
    other = text_of(seller.get(reverse("service:seller_claim", args=[claim.number])))
    assert hidden.sha256 not in other
    assert "See." not in other


def _claim(order: Order) -> Reimbursement:
    payback = give(order).parts.get().payback
    return reimbursements.file(
        caller_of_seller(order),
        payback_id=payback.pk,
        ground=Ground.POLICY_ABUSE,
        text="Third time this year.",
        request_key="file",
    )


def test_the_rows_name_what_they_are(order) -> None:
    row = make_return(order)
    conversation = sent(order, "Product")
    use(client_of(owner_of(order.seller)), conversation, "return", row.number)
    made = ReturnEvidence.objects.get()
    assert str(Return.objects.get().pk) in str(made)


def _guaranteed(order: Order) -> GuaranteeClaim:
    clock.set_to(at=NOW + timedelta(hours=49))
    unit = order.items.get().units.order_by("number").first()
    return guarantees.open_claim(
        caller_of_buyer(order), number=order.number, unit=unit.pk, fault=Fault.NOT_AS_DESCRIBED, text="It is blue."
    )


@pytest.mark.spec("B-PRIME-24", "Q-42")
@pytest.mark.parametrize("prime", [False, True])
def test_the_buyer_puts_sent_photos_into_a_guarantee_claim_by_one_click_and_all_sides_see_them(prime) -> None:
    order = arrived_order(is_prime=prime)
    sent(order, "Product", "Packaging", subject=Subject.PRODUCT_DEFECT)
    claim = _guaranteed(order)
    page = reverse("service:guarantee", args=[claim.number])
    buyer, seller = client_of(order.buyer), client_of(owner_of(order.seller))
    assert "Add the photos that you sent" in text_of(buyer.get(page))
    assert "Add the photos that you sent" not in text_of(seller.get(page))
    for _ in range(2):
        assert buyer.post(page, {"verb": "photos"}).status_code in (302, 404)
    assert GuaranteeEvidence.objects.filter(claim=claim).count() == 2
    assert [e.verb for e in history.events_for(claim)].count("guarantee.photos_added") == 1
    for client in (buyer, seller, client_of(make_staff(Role.CUSTOMER_SERVICE))):
        shown = text_of(client.get(page))
        assert "Add the photos that you sent" not in shown
        for photo in Attachment.objects.all():
            assert photo.sha256 in shown
            assert client.get(reverse("messaging:photo", args=[photo.pk, "thumb"])).status_code == 200
    stranger = client_of(make_buyer("Stranger"))
    assert stranger.post(page, {"verb": "photos"}).status_code == 404


@pytest.mark.spec("B-PRIME-24")
def test_the_seller_puts_them_into_the_claim_from_the_conversation_until_it_is_decided(order) -> None:
    conversation = sent(order, "Product")
    claim = _guaranteed(order)
    seller = client_of(owner_of(order.seller))
    thread = reverse("messaging:seller_conversation", args=[conversation.number])
    assert f"Guarantee claim {claim.number}" in text_of(seller.get(thread))
    assert use(seller, conversation, "guarantee", claim.number).url == reverse("service:guarantee", args=[claim.number])
    assert GuaranteeEvidence.objects.count() == 1
    GuaranteeEvidence.objects.all().delete()
    guarantees.withdraw(caller_of_buyer(order), number=claim.number)
    assert use(seller, conversation, "guarantee", claim.number).status_code == 404
