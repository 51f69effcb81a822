"""What the delivery programme registers with the domains below: promises, counting, gates."""

from __future__ import annotations


def register() -> None:
    """Called once, when the application is ready."""
    from fondaco.catalogue import featuring as places
    from fondaco.catalogue import watchers
    from fondaco.fulfilment import deliveries, featuring
    from fondaco.fulfilment.operations import items
    from fondaco.orders import delivery

    delivery.provide(deliveries.Deliveries())
    places.provide(featuring.faster_delivery)
    places.provide_search(featuring.search_points)
    watchers.gate(items.refuse_identical)
    watchers.watch(items.keep_in_step)
