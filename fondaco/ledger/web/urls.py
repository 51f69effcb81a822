"""The pages of the ledger."""

from __future__ import annotations

from django.urls import path

from fondaco.ledger.web import operator, views

app_name = "ledger"
urlpatterns = [
    path("seller/reports/", views.reports, name="reports"),
    path("seller/reports/payments/", views.statement, name="statement"),
    path("seller/reports/payments/statements/<str:period_id>/", views.statement, name="statement_period"),
    path("seller/reports/payments/transactions/", views.transactions, name="transactions"),
    path("seller/reports/payments/try-card/", views.try_card, name="try_card"),
    path("operator/books/", operator.books, name="books"),
    path("operator/books/payouts/", operator.pay_out, name="pay_out"),
]
