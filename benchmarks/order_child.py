"""One client of the order benchmark, in a process of its own: python -m benchmarks.order_child BUYER… prints seconds and orders."""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Waits for a line on standard input, so that all clients begin together; then one order after another."""
    given = json.loads(sys.stdin.readline())
    import django

    django.setup()
    from fondaco.orders import operations
    from fondaco.orders.operations import Line
    from fondaco.sellers.access import caller_for
    from fondaco.sellers.addresses import PostalAddress
    from fondaco.sellers.models import Person

    address = PostalAddress(**given["address"])
    people = list(Person.objects.filter(pk__in=given["buyers"]))
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    for n in range(given["count"]):
        person = people[n % len(people)]
        offer = given["offers"][(n + given["client"]) % len(given["offers"])]
        operations.place_order(
            caller_for(person),  # as each request of a page or of the API does
            lines=[Line(offer, 1, speed="two_day")],
            address=address,
            request_key=f"bench-{given['client']}-{n}",
        )
    print(json.dumps({"seconds": time.perf_counter() - began, "orders": given["count"]}), flush=True)


if __name__ == "__main__":
    main()
