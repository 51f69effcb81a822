"""What the delivery programme registers with the domains below: promises, counting, gates."""

from __future__ import annotations


def register() -> None:
    """Called once, when the application is ready."""
    from fondaco.catalogue import watchers
    from fondaco.fulfilment import deliveries
    from fondaco.fulfilment.operations import items
    from fondaco.orders import delivery

    delivery.provide(deliveries.Deliveries())
    watchers.gate(items.refuse_identical)
    watchers.watch(items.keep_in_step)
