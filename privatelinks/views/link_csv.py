"""Private links as a CSV file: those that a list shows, or those that were created together."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from eventtypes.views.access import HostRequest
from eventtypes.views.downloads import csv_download
from privatelinks.forms.link_filter import LinkFilterForm, links_asked_for
from privatelinks.link_table import link_table
from privatelinks.models import PrivateLink
from privatelinks.models.private_link import PrivateLinkQuerySet

# So many are read at once, by one query for all.
ROWS_AT_ONCE = 1_000


@require_safe
def links_csv(request: HostRequest) -> HttpResponseBase:
    """Download the host's links, or those that the query asks for, in the order of the list."""
    now = timezone.now()
    asked = LinkFilterForm(request.GET, host=request.user).asked
    name = f"private-links-{asked['event_type'].slug}" if "event_type" in asked else "private-links"
    return _download(request, links_asked_for(asked, request.user, now), name, now)


@require_safe
def batch_csv(request: HostRequest, batch: UUID) -> HttpResponseBase:
    """Download the links that were created together, in the order of their numbers."""
    now = timezone.now()
    links = PrivateLink.objects.owned_by(request.user).with_event_type().filter(batch=batch).order_by("pk")
    first = links.first()
    if first is None:
        raise Http404
    return _download(request, links, f"private-links-{first.event_type.slug}", now)


def _download(request: HostRequest, links: PrivateLinkQuerySet, name: str, now: datetime) -> HttpResponseBase:
    rows = link_table(links.iterator(ROWS_AT_ONCE), now)
    return csv_download(rows, name=name, day=now.astimezone(request.user.time_zone).date())
