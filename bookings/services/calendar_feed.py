"""A host's calendar feed: switched on, given another URL, switched off."""

from django.db import transaction

from bookings.models import CalendarFeed
from eventtypes.models import Host
from eventtypes.services.locking import lock_host
from privatelinks.hashes import new_hash


@transaction.atomic
def switch_feed_on(*, host: Host) -> CalendarFeed:
    """Give the host a feed with a URL of its own; a feed that is there already stays as it is."""
    lock_host(host.pk)
    feed, _is_new = CalendarFeed.objects.get_or_create(host=host)
    return feed


@transaction.atomic
def replace_feed_url(*, host: Host) -> CalendarFeed:
    """Give the host's feed another URL; the old one is dead for good.

    Raises:
        CalendarFeed.DoesNotExist: The feed is switched off.
    """
    lock_host(host.pk)
    feed = CalendarFeed.objects.get(host=host)
    feed.hash = new_hash()
    feed.save(update_fields=["hash"])
    return feed


@transaction.atomic
def switch_feed_off(*, host: Host) -> None:
    """Take the host's feed away; its URL is dead for good. Gone is gone."""
    lock_host(host.pk)
    CalendarFeed.objects.filter(host=host).delete()
