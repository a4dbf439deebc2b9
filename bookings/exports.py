"""All that is kept of one host, and all that is kept of one invitee, as JSON files."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry

from bookings.exported_fields import row, rows
from bookings.models import Booking, CalendarFeed, Recipient
from bookings.traces import NAMING_SETTINGS, Person, Traces, link_mails
from eventtypes.models import EventType, Host, Schedule
from privatelinks.models import LinkEvent, PrivateLink

# So many rows are read at once, each relation of theirs by one query.
ROWS_AT_ONCE = 500
OF_BOOKINGS = ("events", "moves", "reminders", "mail_failures")

type Part = tuple[str, Any]


def host_export(host: Host, now: datetime) -> Iterator[str]:
    """Yield the file about a host, piece by piece: all that is the host's, with the addresses of links and the feed."""
    yield from _as_json(_parts_of_host(host, now))


def invitee_export(traces: Traces, now: datetime) -> Iterator[str]:
    """Yield the file about a person: what the host, or the site, keeps of them, and of nobody else."""
    yield from _as_json(_parts_of_invitee(traces, now))


# --- A host ----------------------------------------------------------------------------------------------------------


def _parts_of_host(host: Host, now: datetime) -> Iterator[Part]:
    yield "made_at", now
    yield "site", settings.SITE_URL
    yield "host", row(host)
    yield "email_addresses", rows(EmailAddress.objects.filter(user=host).order_by("pk"))
    yield "second_factors", rows(Authenticator.objects.filter(user=host).order_by("pk"))
    yield "schedules", _schedules(host)
    yield "event_types", _event_types(host)
    yield "private_links", _private_links(host)
    yield "mails_with_links", (_link_mail(job, mail) for job, mail in link_mails(host))
    yield "bookings", _bookings(host)
    yield "calendar_feeds", [row(feed) | {"url": _url(feed)} for feed in CalendarFeed.objects.filter(host=host)]
    yield "done_in_the_admin", rows(LogEntry.objects.filter(user=host).order_by("pk"))


def _schedules(host: Host) -> Iterator[dict[str, Any]]:
    for schedule in Schedule.objects.owned_by(host).prefetch_related("rules", "overrides"):
        yield row(schedule) | {"rules": rows(schedule.rules.all()), "overrides": rows(schedule.overrides.all())}


def _event_types(host: Host) -> Iterator[dict[str, Any]]:
    for event_type in EventType.objects.owned_by(host).prefetch_related("questions"):
        yield row(event_type) | {"questions": rows(event_type.questions.all())}


def _private_links(host: Host) -> Iterator[dict[str, Any]]:
    links = PrivateLink.objects.owned_by(host).with_event_type().order_by("pk").prefetch_related("events")
    for link in links.iterator(ROWS_AT_ONCE):
        yield row(link) | {"url": _url(link), "events": _in_order(link.events.all())}


def _bookings(host: Host) -> Iterator[dict[str, Any]]:
    bookings = Booking.objects.owned_by(host).order_by("pk").prefetch_related(*OF_BOOKINGS)
    yield from map(_booking, bookings.iterator(ROWS_AT_ONCE))


def _booking(booking: Booking) -> dict[str, Any]:
    return row(booking) | {name: _in_order(getattr(booking, name).all()) for name in OF_BOOKINGS}


def _in_order(instances: Iterable[Any]) -> list[dict[str, Any]]:
    return rows(sorted(instances, key=lambda instance: instance.pk))


def _link_mail(job: Any, mail: dict[str, Any]) -> dict[str, Any]:
    sent = {"recipient": mail["recipient"], "text": mail["text"]}
    return {"private_link": job.args["link_id"], "state": job.status} | sent


def _url(page: Any) -> str:
    return f"{settings.SITE_URL}{page.get_absolute_url()}"


# --- An invitee ------------------------------------------------------------------------------------------------------


def _parts_of_invitee(traces: Traces, now: datetime) -> Iterator[Part]:
    person = traces.person
    yield "made_at", now
    yield "site", settings.SITE_URL
    yield "email", person.email
    yield "names", sorted(person.names)
    yield "bookings", _own_bookings(traces)
    yield "guest_of", _guest_of(traces)
    yield "named_in_private_links", _naming_links(traces)
    yield "names_of_private_links", sorted(traces.link_names)
    mails = ((job, mail) for job, mail in link_mails() if job.pk in traces.mails)
    yield "mails_with_links", (_link_mail(job, mail) for job, mail in mails)


def _own_bookings(traces: Traces) -> Iterator[dict[str, Any]]:
    bookings = Booking.objects.filter(pk__in=traces.bookings).select_related("host").order_by("pk")
    for booking in bookings.prefetch_related(*OF_BOOKINGS):
        yield {"host": booking.host.display_name} | _booking(booking)


def _guest_of(traces: Traces) -> Iterator[dict[str, Any]]:
    """Yield what a guest knows of the meeting: who else comes is not the guest's."""
    for booking in Booking.objects.filter(pk__in=traces.guest_of).select_related("host").order_by("pk"):
        places = [place for place, guest in enumerate(booking.guests) if traces.person.has_address(guest)]
        failures = booking.mail_failures.filter(recipient=Recipient.GUEST, guest_place__in=places)
        yield {
            "host": booking.host.display_name,
            "title": booking.title,
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "status": booking.status,
            "guests": [booking.guests[place] for place in places],
            "mail_failures": rows(failures.order_by("pk")),
        }


def _naming_links(traces: Traces) -> Iterator[dict[str, Any]]:
    """Yield, of each link that names the person, what does so, and nothing that is about others."""
    links = PrivateLink.objects.filter(pk__in=traces.links).with_event_type().order_by("pk")
    for link in links.prefetch_related("events"):
        events = [_naming_event(event, traces.person) for event in sorted(link.events.all(), key=lambda each: each.pk)]
        yield {
            "host": link.event_type.host.display_name,
            "event_type": link.event_type.title,
            "settings": _naming_values({name: getattr(link, name) for name in NAMING_SETTINGS}, traces.person),
            "events": [event for event in events if event["changes"] or event["recipient"]],
        }


def _naming_event(event: LinkEvent, person: Person) -> dict[str, Any]:
    was, now_is = ({name: values[side] for name, values in event.changes.items()} for side in (0, 1))
    sides = {"was": _naming_values(was, person), "is": _naming_values(now_is, person)}
    return {
        "happened_at": event.happened_at,
        "kind": event.kind,
        "recipient": event.recipient if person.has_address(event.recipient) else "",
        "changes": {side: values for side, values in sides.items() if values},
    }


def _naming_values(values: dict[str, Any], person: Person) -> dict[str, Any]:
    """Return those of a link's settings that name the person; of a list of addresses, only the person's."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name == "allowed_invitees":
            value = [entry for entry in value if person.has_address(entry)]  # noqa: PLW2901
            names = bool(value)
        elif name == "invitee_email":
            names = person.has_address(value)
        else:
            names = name in NAMING_SETTINGS and person.is_named_in(value)
        if names:
            found[name] = value
    return found


# --- JSON ------------------------------------------------------------------------------------------------------------


def _as_json(parts: Iterable[Part]) -> Iterator[str]:
    """Yield an object with a line for each part; one that is an iterator becomes a list, read while it is written."""
    before = "{\n"
    for name, value in parts:
        yield f"{before}{json.dumps(name)}: "
        yield from _list_as_json(value) if isinstance(value, Iterator) else [_to_json(value)]
        before = ",\n"
    yield "\n}\n"


def _list_as_json(values: Iterator[Any]) -> Iterator[str]:
    before = "["
    for value in values:
        yield f"{before}\n{_to_json(value)}"
        before = ","
    yield "[]" if before == "[" else "\n]"


def _to_json(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> str:
    """Return instants, dates and times as ISO texts; time zones and UUIDs as they are written."""
    return value.isoformat() if isinstance(value, (datetime, date, time)) else str(value)
