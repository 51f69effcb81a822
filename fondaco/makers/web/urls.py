"""The pages of makers: for buyers, applicants, makers, the review desk and the announcements team."""

from __future__ import annotations

from django.urls import path

from fondaco.makers.web import (
    announcements,
    applying,
    customise,
    home,
    invitation,
    listings,
    made,
    pr_desk,
    profile,
    public,
    relisting,
    review,
)

app_name = "makers"
_SELLER = "seller/handmade/"
_LISTING = f"{_SELLER}listings/<str:asin>/"

urlpatterns = [
    path("makers/", public.makers, name="makers"),
    path("makers/<slug:slug>/", public.maker, name="maker"),
    path(_SELLER, home.home, name="home"),
    path(f"{_SELLER}registered/", home.registered, name="registered"),
    path(f"{_SELLER}countries/", home.regions, name="regions"),
    path(f"{_SELLER}vacation/", home.vacation, name="vacation"),
    path(f"{_SELLER}suggestions/", home.suggestions, name="suggestions"),
    path(f"{_SELLER}guidance/", home.guidance, name="guidance"),
    path(f"{_SELLER}apply/", applying.apply, name="apply"),
    path(f"{_SELLER}apply/photos/<str:kind>/", applying.photos, name="apply_photos"),
    path(f"{_SELLER}apply/photos/<uuid:photo_id>/remove/", applying.remove_photo, name="apply_photo_remove"),
    path(f"{_SELLER}apply/send/", applying.send, name="apply_send"),
    path(f"{_SELLER}answer/", applying.answer, name="answer"),
    path(f"{_SELLER}profile/", profile.edit, name="profile"),
    path(f"{_SELLER}profile/preview/", profile.preview, name="profile_preview"),
    path(f"{_SELLER}listings/", listings.listing, name="listings"),
    path(_LISTING, listings.one, name="listing"),
    path(f"{_LISTING}marks/", listings.marks, name="listing_marks"),
    path(f"{_LISTING}store/", listings.store, name="listing_store"),
    path(f"{_LISTING}appeal/", listings.appeal, name="listing_appeal"),
    path(f"{_LISTING}customise/", customise.edit, name="customise"),
    path(f"{_SELLER}not-found/", listings.not_found, name="not_found"),
    path(f"{_SELLER}relist/", relisting.choose, name="relist"),
    path(f"{_SELLER}relist/<uuid:offer_id>/", relisting.wizard, name="relist_wizard"),
    path(f"{_SELLER}announcements/", announcements.listing, name="announcements"),
    path(f"{_SELLER}announcements/new/", announcements.new, name="announcement_new"),
    path(f"{_SELLER}announcements/<str:number>/", announcements.one, name="announcement"),
    path(
        f"{_SELLER}announcements/<str:number>/drafts/<int:round_number>/", announcements.draft_file, name="draft_file"
    ),
    path("shop/<str:asin>/customise/", made.choose, name="choose"),
    path("handmade/fonts/<str:sha256>.css", customise.font_css, name="font_css"),
    path("handmade/fonts/<str:sha256>/", customise.font, name="font"),
    path("handmade/invitation/<str:secret>/", invitation.open_link, name="invitation"),
    path("handmade-review/", review.queue, name="review"),
    path("handmade-review/profiles/", review.profiles, name="review_profiles"),
    path("handmade-review/profiles/<uuid:version_id>/", review.profile_verdict, name="review_profile"),
    path("handmade-review/listings/", review.listings, name="review_listings"),
    path("handmade-review/listings/<str:asin>/", review.listing, name="review_listing"),
    path("handmade-review/<uuid:application_id>/", review.application, name="review_application"),
    path("handmade-review/<uuid:application_id>/reissue/", review.reissue, name="reissue"),
    path("handmade-review/<uuid:application_id>/documents/<str:sha256>/", review.document, name="review_document"),
    path("announcements/", pr_desk.drafts, name="drafts"),
    path("announcements/<str:number>/", pr_desk.draft, name="draft"),
    path("announcements/<str:number>/connect/", pr_desk.connect, name="connect"),
]
