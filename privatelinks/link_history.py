"""What happened to a private link and when, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from eventtypes.durations import duration_in_words
from privatelinks.expiry import Expiry
from privatelinks.models import LinkEvent, LinkEventKind, PrivateLink
from privatelinks.opening import Opening
from privatelinks.presentation import grouped
from privatelinks.services.limits import SETTINGS

# So many things a page tells unless it is asked for all.
RECENT = 50

ICONS: dict[str, str] = {
    LinkEventKind.CHANGED: "gear",
    LinkEventKind.PAUSED: "pause",
    LinkEventKind.RESUMED: "play",
    LinkEventKind.ENDED: "lock",
    LinkEventKind.REPLACED: "link",
    LinkEventKind.USED_UP: "check",
    LinkEventKind.SENT: "mail",
}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened, and what changed by it; `when` is on the clock of the schedule's zone."""

    happened_at: datetime
    when: str
    icon: str
    text: str
    changes: tuple[str, ...] = ()


def link_history(link: PrivateLink, events: Sequence[LinkEvent], now: datetime) -> list[HistoryEntry]:
    """Return what happened to a link whose event type and schedule are loaded, the newest first.

    The events are the link's newest, in this order. That it was created, and when it expired, is told by its instants.
    """
    zone = link.event_type.schedule.time_zone
    entries = [_told(event, zone) for event in events]
    entries += [_entry(instant, zone, "clock", _("Expired")) for instant in _expiries(link, events, now)]
    entries.sort(key=lambda entry: entry.happened_at, reverse=True)
    return [*entries, _entry(link.created_at, zone, "plus", _("Created"))]


def _entry(happened_at: datetime, zone: ZoneInfo, icon: str, text: str, changes: tuple[str, ...] = ()) -> HistoryEntry:
    when = date_format(happened_at.astimezone(zone), "D j M Y, H:i")
    return HistoryEntry(happened_at, when, icon, text, changes)


def _told(event: LinkEvent, zone: ZoneInfo) -> HistoryEntry:
    changes = tuple(_change(field, event.changes[field], zone) for field in SETTINGS if field in event.changes)
    icon = ICONS.get(event.kind, "info")
    return _entry(event.happened_at, zone, icon, _text(event), changes)


def _text(event: LinkEvent) -> str:
    match event.kind:
        case LinkEventKind.CHANGED:
            return _("Settings changed")
        case LinkEventKind.REPLACED:
            return _("New URL made; the old one is dead")
        case LinkEventKind.SENT if not event.recipient:
            return _("Sent to somebody who was erased")
        case LinkEventKind.SENT:
            return _("Sent to %(recipient)s") % {"recipient": event.recipient}
        case _:
            return event.get_kind_display()


def _expiries(link: PrivateLink, events: Sequence[LinkEvent], now: datetime) -> set[datetime]:
    """Return when the link expired: at the date that it has, and at those that were changed only once they had passed.

    At the instant of an end that the host has chosen, it has not expired, but ended.
    """
    changed = [(event, event.changes["expires_at"][0]) for event in events if "expires_at" in event.changes]
    were = [(event, datetime.fromisoformat(was)) for event, was in changed if was is not None]
    passed = {was for event, was in were if was <= event.happened_at}
    if link.expires_at is not None and link.has_expired(now):
        passed.add(link.expires_at)
    ended = {event.happened_at for event in events if event.kind == LinkEventKind.ENDED}
    return {instant for instant in passed - ended if instant > link.created_at}


def _change(field: str, values: Sequence[Any], zone: ZoneInfo) -> str:
    """Return "Number of allowed uses: from 1 to 5"."""
    name = capfirst(str(PrivateLink._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
    was, now_is = (_value(field, value, zone) for value in values)
    return _("%(setting)s: from %(was)s to %(now)s") % {"setting": name, "was": was, "now": now_is}


def _value(field: str, value: Any, zone: ZoneInfo) -> str:
    """Return a setting's value, as the history keeps it, in words."""
    if field == "returns_uses":
        return pgettext("of a switch", "on") if value else pgettext("of a switch", "off")
    if value in (None, "", []):
        return _no_value(field)
    return _present_value(field, value, zone)


def _no_value(field: str) -> str:
    match field:
        case "max_uses":
            return _("no limit")
        case "allowed_invitees":
            return _("everybody")
        case "offer_notice_minutes":
            return _("that of the event type")
        case _:
            return pgettext("of a setting", "none")


def _present_value(field: str, value: Any, zone: ZoneInfo) -> str:
    match field:
        case "max_uses":
            return grouped(value)
        case "expires_at" | "opens_at":
            return _instant(field, datetime.fromisoformat(value), zone)
        case "offer_starts_on" | "offer_ends_on":
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        case "offer_duration_minutes" | "offer_notice_minutes":
            return duration_in_words(value)
        case "allowed_invitees":
            return ", ".join(value)
        case _:
            return _("“%(text)s”") % {"text": value}


def _instant(field: str, instant: datetime, zone: ZoneInfo) -> str:
    """Return "the end of 31 Aug 2026 (Europe/Berlin)" or, with a time, "31 Aug 2026, 14:00 (Europe/Berlin)"."""
    said = Opening.of(instant, zone) if field == "opens_at" else Expiry.of(instant, zone)
    moment = date_format(said.day, "DATE_FORMAT")
    if said.wall_time is not None:
        moment = _("%(day)s, %(time)s") % {"day": moment, "time": time_format(said.wall_time, "H:i")}
    elif field == "expires_at":
        moment = _("the end of %(day)s") % {"day": moment}
    return _("%(moment)s (%(zone)s)") % {"moment": moment, "zone": zone.key}
