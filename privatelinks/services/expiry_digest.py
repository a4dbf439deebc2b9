"""Telling hosts, in one mail a day, which of their links expire soon; of each date of a link once."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from eventtypes.clock import database_now
from eventtypes.models import Host
from eventtypes.services.locking import lock_host
from privatelinks.models import PrivateLink
from privatelinks.services.locking import lock_links
from privatelinks.tasks import queue_expiry_digest

# The hours of a host's morning, in the host's time zone. What a host sets later in the day is told the next morning,
# unless it is over by then.
MORNING = range(8, 12)


def hosts_to_tell(now: datetime) -> list[Host]:
    """Return the hosts with something to be told, for whom it is the time (one query)."""
    due = PrivateLink.objects.expiring_soon(now).not_told()
    own = due.filter(event_type__host=OuterRef("pk")).order_by("expires_at")
    soonest = Subquery(own.values("expires_at")[:1])
    hosts = Host.objects.filter(pk__in=due.values("event_type__host")).annotate(soonest=soonest).order_by("pk")
    return [host for host in hosts if is_time_to_tell(host, host.soonest, now)]


def is_time_to_tell(host: Host, soonest: datetime, now: datetime) -> bool:
    """Whether the host can and wants to be told, and no such mail has gone out for that date.

    It is told in the morning there, or earlier if the first of the links expires before the next one. Dates only go
    forwards: a host who moves west gets no second mail for a date that comes twice.
    """
    local = now.astimezone(host.time_zone)
    told_on = host.expiry_digest_sent_on
    is_new_day = told_on is None or told_on < local.date()
    is_the_hour = local.hour in MORNING or soonest <= _next_morning(local)
    return host.gets_expiry_digest and is_new_day and is_the_hour


def _next_morning(local: datetime) -> datetime:
    """Return when the next morning begins, on the same clock."""
    day = local.date() if local.hour < MORNING.start else local.date() + timedelta(days=1)
    return datetime.combine(day, time(MORNING.start), local.tzinfo)


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
    due = PrivateLink.objects.owned_by(host).expiring_soon(now).not_told()
    soonest = min((link.expires_at for link in due if link.expires_at is not None), default=None)
    if soonest is None or not is_time_to_tell(host, soonest, now):
        return 0
    link_ids = lock_links([link.pk for link in due])
    if link_ids:
        PrivateLink.objects.filter(pk__in=link_ids).update(told_of_expiry_at=F("expires_at"))
        host.expiry_digest_sent_on = now.astimezone(host.time_zone).date()
        host.save(update_fields=["expiry_digest_sent_on"])
        queue_expiry_digest(host, link_ids, host.expiry_digest_sent_on)
    return len(link_ids)
