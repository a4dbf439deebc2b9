"""What a host does with many links at once: pause, resume, delete those that were ticked in the list.

Ids of other hosts' links, and of links that are gone, are as if they had not been there.
"""

from collections.abc import Collection

from django.db import transaction

from eventtypes.clock import database_now
from eventtypes.models import Host
from eventtypes.services.locking import lock_host
from privatelinks.models import LinkEventKind, PrivateLink
from privatelinks.services.history import remember_each
from privatelinks.services.links import delete_locked
from privatelinks.services.locking import lock_links

# The host's other transactions, such as bookings, wait meanwhile: more than these are not asked for at once.
MAX_LINKS_AT_ONCE = 200


def pause_links(*, host: Host, link_ids: Collection[int]) -> int:
    """Stop the links until they are resumed; return how many were not paused before."""
    return _set_paused(host, link_ids, is_paused=True)


def resume_links(*, host: Host, link_ids: Collection[int]) -> int:
    """Let paused links be booked through again, as far as their limits go; return how many were paused."""
    return _set_paused(host, link_ids, is_paused=False)


@transaction.atomic
def delete_own_links(*, host: Host, link_ids: Collection[int]) -> int:
    """Delete the links and return how many there were; their bookings stay, and remember the names."""
    locked = _lock_own(host, link_ids)
    delete_locked(locked)
    return len(locked)


@transaction.atomic
def _set_paused(host: Host, link_ids: Collection[int], *, is_paused: bool) -> int:
    locked = _lock_own(host, link_ids)
    others = list(PrivateLink.objects.filter(pk__in=locked, is_paused=not is_paused))
    PrivateLink.objects.filter(pk__in=[link.pk for link in others]).update(is_paused=is_paused)
    remember_each(others, LinkEventKind.PAUSED if is_paused else LinkEventKind.RESUMED, database_now())
    return len(others)


def _lock_own(host: Host, link_ids: Collection[int]) -> list[int]:
    """Take the locks in their order, and return the ids of those of the links that are the host's and still there."""
    lock_host(host.pk)
    own = PrivateLink.objects.owned_by(host).filter(pk__in=link_ids)
    return lock_links(own.values_list("pk", flat=True))
