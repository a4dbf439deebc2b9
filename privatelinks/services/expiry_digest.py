"""Telling hosts in the morning, in one mail a day, which of their links expire soon; of each date of a link once."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from eventtypes.clock import database_now
from eventtypes.models import Host
from eventtypes.services.locking import lock_host
from privatelinks.models import PrivateLink
from privatelinks.services.locking import lock_links
from privatelinks.tasks import queue_expiry_digest

# The hours of a host's morning, in the host's time zone. What a host sets later in the day is told the next morning.
MORNING = range(8, 12)


def hosts_to_tell(now: datetime) -> list[Host]:
    """Return the hosts with something to be told, for whom it is the time (one query)."""
    due = PrivateLink.objects.expiring_soon(now).not_told()
    hosts = Host.objects.filter(pk__in=due.values("event_type__host")).order_by("pk")
    return [host for host in hosts if is_time_to_tell(host, now)]


def is_time_to_tell(host: Host, now: datetime) -> bool:
    """Whether the host can and wants to be told, it is morning there, and no such mail has gone out for that date.

    Dates only go forwards: a host who moves west gets no second mail for a date that comes twice.
    """
    local = now.astimezone(host.time_zone)
    told_on = host.expiry_digest_sent_on
    return host.gets_expiry_digest and local.hour in MORNING and (told_on is None or told_on < local.date())


@transaction.atomic
def tell_of_expiry(*, host: Host) -> int:
    """Queue the mail to the host if it is the time, remember date and links as told, and return how many links.

    Everything is read again under the host's lock: of two who tell at the same moment, the second finds nothing to do.

    Raises:
        Host.DoesNotExist: The host has been deleted.
        OperationalError: Somebody else held the lock for ten seconds.
    """
    lock_host(host.pk)
    now = database_now()
    host = Host.objects.get(pk=host.pk)
    if not is_time_to_tell(host, now):
        return 0
    due = PrivateLink.objects.owned_by(host).expiring_soon(now).not_told()
    link_ids = lock_links(due.values_list("pk", flat=True))
    if link_ids:
        PrivateLink.objects.filter(pk__in=link_ids).update(told_of_expiry_at=F("expires_at"))
        host.expiry_digest_sent_on = now.astimezone(host.time_zone).date()
        host.save(update_fields=["expiry_digest_sent_on"])
        queue_expiry_digest(host, link_ids, host.expiry_digest_sent_on)
    return len(link_ids)
