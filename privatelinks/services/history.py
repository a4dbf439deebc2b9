"""The history of private links: what changed is stored and remembered in one step, by every way to change a link."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from privatelinks.models import LinkEvent, LinkEventKind, PrivateLink
from privatelinks.services.limits import Changed


def store_link(link: PrivateLink, changed: Changed, now: datetime) -> None:
    """Store a new link whole, and of another one just the changed fields, with what they were in its history.

    The locks are held. The counter is not among the changes: only bookings write it.
    """
    if not link.is_saved:
        link.save()
    elif changed:
        link.save(update_fields=list(changed))
        remember_changes(link, changed, now)


def remember_changes(link: PrivateLink, changed: Changed, now: datetime) -> None:
    """Remember changes that are stored already: pausing and resuming by themselves, the others together.

    A limit that is lowered to the uses spent uses the link up, as a booking would.
    """
    others = {field: values for field, values in changed.items() if field != "is_paused"}
    if "is_paused" in changed:
        kind = LinkEventKind.PAUSED if link.is_paused else LinkEventKind.RESUMED
        remember(link, kind, now)
    if others:
        remember(link, LinkEventKind.CHANGED, now, others)
    if "max_uses" in changed and link.is_used_up:
        remember(link, LinkEventKind.USED_UP, now)


def remember(
    link: PrivateLink,
    kind: LinkEventKind,
    now: datetime,
    changed: Changed | None = None,
    *,
    recipient: str = "",
    request_key: UUID | None = None,
) -> None:
    """Remember one thing that happened to the link at `now`; what has a request key happens once."""
    changes = {field: [_plain(value) for value in values] for field, values in (changed or {}).items()}
    LinkEvent.objects.create(
        private_link=link,
        happened_at=now,
        kind=kind,
        changes=changes,
        recipient=recipient,
        request_key=request_key,
    )


def remember_each(links: Iterable[PrivateLink], kind: LinkEventKind, now: datetime) -> None:
    """Remember the same of many links (one query)."""
    LinkEvent.objects.bulk_create(LinkEvent(private_link=link, happened_at=now, kind=kind) for link in links)


def _plain(value: Any) -> Any:
    """Return what JSON can hold: instants and dates become ISO texts."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value
