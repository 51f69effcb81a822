"""The returns app."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "fondaco.returns"
    label = "returns"

    def ready(self) -> None:
        from fondaco.cases import checks
        from fondaco.cases.rules import CaseType
        from fondaco.cases.web.panels import panel as case_panel
        from fondaco.catalogue import returned
        from fondaco.orders.web import panels as order_panels
        from fondaco.returns import labels, sentences
        from fondaco.returns.operations import hazmat
        from fondaco.returns.queries import figures
        from fondaco.returns.web import hazmat as hazmat_pages
        from fondaco.returns.web import panels

        sentences.teach()
        returned.provide(figures.sold_and_returned)
        labels.hear()
        checks.provide(sheet_date_fits=hazmat.sheet_date_fits)
        case_panel(CaseType.HAZMAT_DISPUTE)(hazmat_pages.panel)
        order_panels.provider(panels.of_order)
