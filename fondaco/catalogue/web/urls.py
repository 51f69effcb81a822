"""Pages of the catalogue: the buyer's here, the seller's in `seller_urls`."""

from importlib.util import find_spec

from django.urls import path

from fondaco.catalogue.web import shop

app_name = "catalogue"
shop_patterns = [
    path("shop/", shop.home, name="home"),
    path("shop/search/", shop.results, name="search"),
    path("product/<str:asin>/", shop.product, name="product"),
]
urlpatterns = [*shop_patterns]

if find_spec("fondaco.catalogue.web.seller_urls"):
    from fondaco.catalogue.web import seller_urls

    urlpatterns += seller_urls.urlpatterns
