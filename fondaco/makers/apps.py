"""The makers app."""

from django.apps import AppConfig


class MakersConfig(AppConfig):
    name = "fondaco.makers"
    label = "makers"

    def ready(self) -> None:
        from fondaco.catalogue.web import storefronts
        from fondaco.makers import handmade, in_cases, sentences
        from fondaco.makers.operations import fees
        from fondaco.makers.web import order_panels, public
        from fondaco.makers.web.made import Making
        from fondaco.orders import hooks, making
        from fondaco.orders.web import panels

        sentences.teach()
        handmade.register()
        in_cases.register()
        making.provide(Making())
        hooks.on_placed(fees.charge)
        hooks.on_cancelled(fees.on_cancelled)
        hooks.on_refunded(fees.give_back)
        panels.provider(order_panels.guidance)
        storefronts.provide(public.page_of_maker)
