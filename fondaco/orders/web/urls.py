"""The pages of orders."""

from __future__ import annotations

from django.urls import path

from fondaco.orders.web import buyer, cart, checkout, goodwill, seller

app_name = "orders"
urlpatterns = [
    path("cart/", cart.show, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/deliver-to/", cart.deliver_to, name="deliver_to"),
    path("cart/<str:line_id>/", cart.change, name="cart_change"),
    path("cart/<str:line_id>/remove/", cart.remove, name="cart_remove"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/address/", checkout.new_address, name="address_new"),
    path("checkout/card/", checkout.new_card, name="card_new"),
    path("orders/", buyer.listing, name="list"),
    path("orders/<str:number>/", buyer.order, name="order"),
    path("orders/<str:number>/cancel/", buyer.cancel, name="cancel"),
    path("seller/orders/", seller.listing, name="seller_list"),
    path("seller/orders/id/<str:order_id>/", seller.by_id, name="seller_order_by_id"),
    path("seller/orders/<str:number>/", seller.order, name="seller_order"),
    path("seller/orders/<str:number>/cancel/", seller.cancel, name="seller_cancel"),
    path("seller/orders/<str:number>/refund/", goodwill.refund, name="goodwill"),
]
