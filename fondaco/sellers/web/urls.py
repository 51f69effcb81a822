"""The pages of people and seller accounts."""

from __future__ import annotations

from django.urls import path

from fondaco.sellers.web import account, addresses, cards, operator, outbox, people, person, personas, register, tokens

app_name = "sellers"
urlpatterns = [
    path("sell/", register.start, name="register"),
    path("sell/register/", register.register, name="register_form"),
    path("seller/account/", account.overview, name="account"),
    path("seller/account/profile/", account.profile, name="account_profile"),
    path("seller/account/vacation/", account.vacation, name="vacation"),
    path("seller/account/vacation/over/", account.vacation_over, name="vacation_over"),
    path("seller/account/addresses/", addresses.listing, name="addresses"),
    path("seller/account/addresses/new/", addresses.add, name="address_new"),
    path("seller/account/addresses/<str:address_id>/", addresses.change, name="address"),
    path("seller/account/addresses/<str:address_id>/remove/", addresses.remove, name="address_remove"),
    path("seller/account/addresses/<str:address_id>/use/<str:purpose>/", addresses.use, name="address_use"),
    path("seller/account/cards/", cards.listing, name="cards"),
    path("seller/account/cards/<str:card_id>/default/", cards.make_default, name="card_default"),
    path("seller/account/cards/<str:card_id>/remove/", cards.remove, name="card_remove"),
    path("seller/account/people/", people.listing, name="members"),
    path("seller/account/people/<str:membership_id>/role/", people.change_role, name="member_role"),
    path("seller/account/people/<str:membership_id>/remove/", people.remove, name="member_remove"),
    path("seller/account/invitations/<str:invitation_id>/withdraw/", people.withdraw, name="invitation_withdraw"),
    path("join/<str:secret>/", people.join, name="join"),
    path("account/", person.profile, name="profile"),
    path("account/language/", person.language, name="language"),
    path("account/tokens/", tokens.listing, name="tokens"),
    path("account/tokens/<str:token_id>/withdraw/", tokens.withdraw, name="token_withdraw"),
    path("account/seller/", person.switch, name="switch"),
    path("operator/sellers/", operator.sellers, name="admin_list"),
    path("operator/sellers/<str:number>/", operator.seller, name="admin_seller"),
    path("operator/sellers/<str:number>/brands/", operator.claim_brand, name="brand_claim"),
    path("operator/sellers/<str:number>/brands/<str:brand_id>/release/", operator.release_brand, name="brand_release"),
    path("operator/people/", operator.people, name="people"),
    path("operator/people/<str:person_id>/grant/", operator.grant, name="role_grant"),
    path("operator/people/<str:person_id>/revoke/", operator.revoke, name="role_revoke"),
    path("operator/outbox/", outbox.listing, name="outbox"),
    path("operator/outbox/<str:mail_id>/", outbox.mail, name="outbox_mail"),
    path("demo/sign-in/", personas.personas, name="personas"),
]
