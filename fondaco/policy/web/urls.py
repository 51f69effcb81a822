"""The operator's policy pages."""

from __future__ import annotations

from django.urls import path, register_converter

from fondaco.policy.web import views


class KeyConverter:
    """A policy key: lower-case words, digits and underscores, split by points."""

    regex = r"[a-z0-9_]+(?:\.[a-z0-9_]+)+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KeyConverter, "policy_key")

app_name = "policy"
urlpatterns = [
    path("operator/policy/", views.index, name="list"),
    path("operator/policy/<policy_key:key>/", views.detail, name="detail"),
    path("operator/policy/<policy_key:key>/versions/", views.publish, name="publish"),
    path("operator/policy/<policy_key:key>/versions/<int:number>/withdrawal/", views.withdraw, name="withdraw"),
]
