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
        from fondaco.catalogue.web.tiles import tile
        from fondaco.orders.web import panels as order_panels
        from fondaco.policy.web import trying
        from fondaco.returns import labels, sentences
        from fondaco.returns.operations import hazmat, what_if
        from fondaco.returns.queries import figures
        from fondaco.returns.web import hazmat as hazmat_pages
        from fondaco.returns.web import panels, tiles

        sentences.teach()
        returned.provide(figures.sold_and_returned)
        labels.hear()
        checks.provide(sheet_date_fits=hazmat.sheet_date_fits)
        case_panel(CaseType.HAZMAT_DISPUTE)(hazmat_pages.panel)
        order_panels.provider(panels.of_order)
        trying.offer(what_if.KEYS, page="returns:what_if")
        tile(tiles.due)
