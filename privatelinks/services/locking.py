"""The locks on private links: after the host's, before the booking's (see eventtypes.services.locking)."""

from collections.abc import Iterable

from privatelinks.models import PrivateLink


def lock_links(link_ids: Iterable[int]) -> list[int]:
    """Hold the rows of the links until the end of the transaction; return the ids of those that exist.

    Rows are found by pk, never by hash, so that no log of slow or failed statements can hold one.
    """
    links = PrivateLink.objects.select_for_update(no_key=True).filter(pk__in=list(link_ids))
    return list(links.order_by("pk").values_list("pk", flat=True))


def lock_links_of(event_type_id: int) -> list[int]:
    """Hold the rows of all links of the event type until the end of the transaction; return their ids."""
    links = PrivateLink.objects.select_for_update(no_key=True).filter(event_type=event_type_id)
    return list(links.order_by("pk").values_list("pk", flat=True))
