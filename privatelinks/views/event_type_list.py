"""The list of a host's event types, each with what its private links come to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from eventtypes.durations import durations_in_words
from eventtypes.models import EventType, Host, Visibility
from eventtypes.views.access import HostRequest
from privatelinks.models import PrivateLink
from privatelinks.questions import Question, ask_to_delete_event_type

PER_PAGE = 25
# A list that is shorter is looked through more quickly than it is searched.
SEARCHED_FROM = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One event type in the list; an address that answers nobody is blank."""

    event_type: EventType
    durations: str
    url: str
    link_url: str
    link_count: int
    is_first: bool
    is_last: bool
    question: Question

    @property
    def dialog_id(self) -> str:
        """The id of the dialog that asks whether it shall be deleted."""
        return f"delete-{self.event_type.pk}"

    @property
    def is_bookable_by_nobody(self) -> bool:
        """Whether it is private and no private link works."""
        return not self.url and not self.link_url


@never_cache
@require_safe
def event_types(request: HostRequest) -> HttpResponse:
    """Show the host's event types in the host's order, or those that `?q=` finds."""
    host = request.user
    query = request.GET.get("q", "").replace("\x00", "").strip()
    found = EventType.objects.owned_by(host).filter(Q(title__icontains=query) | Q(slug__icontains=query))
    page = Paginator(_with_facts(found, host, timezone.now()), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": _rows(page, host),
        "query": query,
        "is_searchable": bool(query) or page.paginator.count >= SEARCHED_FROM,
        "visibilities": Visibility,
        # Among the ones that a search found, up and down would say little.
        "is_movable": not query,
        "public_page_url": f"{settings.SITE_URL}{host.get_absolute_url()}",
    }
    return render(request, "privatelinks/event_type_list.html", context)


def _with_facts(event_types: QuerySet[EventType], host: Host, now: datetime) -> QuerySet[EventType]:
    """Annotate what the rows say of each.

    That is how many private links it has, how many of them work, the hash of the first of these in the Advanced tab's
    order, and how many bookings are ahead.
    """
    live = PrivateLink.objects.live(now).filter(event_type=OuterRef("pk")).soonest_to_end_first(now)
    return event_types.annotate(
        link_count=Count("private_links"),
        live_hash=Subquery(live.values("hash")[:1]),
        live_count=_number_of(live),
        upcoming_count=_number_of(host.bookings.upcoming(now).filter(event_type=OuterRef("pk"))),
    )


def _number_of(related: QuerySet[Any]) -> Coalesce:
    """Return how many there are of what belongs to one event type."""
    counted = related.order_by().values("event_type").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _rows(page: Page[EventType], host: Host) -> list[Row]:
    return [
        Row(
            event_type,
            durations=durations_in_words(event_type.durations),
            url=_public_url(event_type, host),
            link_url=_link_url(event_type),
            link_count=event_type.link_count,  # type: ignore[attr-defined]  # annotated
            is_first=number == 1,
            is_last=number == page.paginator.count,
            question=_question(event_type),
        )
        for number, event_type in enumerate(page, start=page.start_index())
    ]


def _question(event_type: EventType) -> Question:
    live, upcoming = event_type.live_count, event_type.upcoming_count  # type: ignore[attr-defined]  # annotated
    return ask_to_delete_event_type(event_type, live, upcoming)


def _public_url(event_type: EventType, host: Host) -> str:
    is_open = event_type.visibility != Visibility.PRIVATE
    return _url("book_event_type", host.username, event_type.slug) if is_open else ""


def _link_url(event_type: EventType) -> str:
    link_hash: str | None = event_type.live_hash  # type: ignore[attr-defined]  # annotated
    return _url("book_private_link", link_hash, event_type.slug) if link_hash else ""


def _url(name: str, *args: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
