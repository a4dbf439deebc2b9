"""Links that expire soon, and the mails about them that wait to be sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from eventtypes.models import Host
from privatelinks.models import PrivateLink
from privatelinks.services.expiry_digest import hosts_to_tell, tell_of_expiry
from tests.factories import EventTypeFactory, PrivateLinkFactory

# A Tuesday morning, 09:00 in Berlin.
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def expiring(host: Host, **changes: Any) -> PrivateLink:
    """Make a link with one use left that expires the day after tomorrow."""
    reach = {name: changes.pop(name) for name in ("private_links_enabled", "title") if name in changes}
    event_type = EventTypeFactory.create(host=host, **{"title": "Discovery call"} | reach)
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, **{"expires_at": NOW + 2 * DAY} | changes)
    return link


def tell(now: datetime) -> list[list[int]]:
    """Tell all hosts whose morning it is, and return the links that each mail which was queued for it is about."""
    before = len(queued_digests())
    for host in hosts_to_tell(now):
        tell_of_expiry(host=host)
    return [job["link_ids"] for job in queued_digests()[before:]]


def queued_digests() -> list[dict[str, Any]]:
    """Return what each mail about links that expire is to be made from, in the order in which they were queued."""
    jobs = ProcrastinateJob.objects.filter(task_name="privatelinks.send_expiry_digest").order_by("pk")
    return list(jobs.values_list("args", flat=True))
