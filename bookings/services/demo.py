"""The demo: a host with event types, private links in every state and some bookings, for an empty database."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db import transaction

from bookings.asking import Details, what_is_asked
from bookings.models import Booking
from bookings.services.booking import Invitee, book, store_booking
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.confirming import confirm_booking
from bookings.slots import Offer
from eventtypes.clock import database_now
from eventtypes.local_time import end_of_day, opening_instant, start_of_day
from eventtypes.locations import LocationKind
from eventtypes.models import EventType, Host, QuestionKind, Visibility
from eventtypes.services.questions import QuestionEdit, questions_version, save_questions
from eventtypes.services.schedules import ensure_default_schedule
from eventtypes.slot_rules import Slot
from privatelinks.models import PrivateLink

USERNAME = "demo"
STAFF_USERNAME = "staff"
ZONE = ZoneInfo("Europe/Berlin")
ONE_DAY = timedelta(days=1)

IRIS = Invitee("Iris Lang", "iris@example.com", ZONE, "I would like to talk about my first year as a team lead.")
MEI = Invitee("Mei Tanaka", "mei@example.com", ZoneInfo("Asia/Tokyo"))
NOOR = Invitee("Noor Haddad", "noor@example.com", ZoneInfo("America/New_York"), "We met at the conference.")
TOMAS = Invitee("Tomás Rivera", "tomas@example.com", ZoneInfo("Europe/Madrid"))
JONAS = Invitee("Jonas Weber", "jonas@example.com", ZONE)


@transaction.atomic
def fill_empty_database(*, host_password: str, staff_password: str) -> bool:
    """Add the demo host and a staff user; return whether that was done. A database with a host stays as it is."""
    if Host.objects.exists():
        return False
    now = database_now()
    Host.objects.create_superuser(STAFF_USERNAME, "staff@example.com", staff_password, name="Staff", time_zone=ZONE)
    host = _add_host(host_password)
    call, review, mentoring = _add_event_types(host)
    links = _add_links(review, mentoring, now)
    _book_ahead(call, review, mentoring, links, now)
    _add_past_meetings(call, mentoring, links["expired"], now)
    return True


def find_host() -> Host | None:
    """Return the demo host, if the demo is in this database."""
    return Host.objects.filter(username=USERNAME, email="demo@example.com").first()


def find_live_link(host: Host) -> PrivateLink | None:
    """Return one of the host's links that can be booked through now, if there is one."""
    now = database_now()
    return PrivateLink.objects.owned_by(host).live(now).with_event_type().soonest_to_end_first(now).first()


def _add_host(password: str) -> Host:
    host = Host.objects.create_user(
        USERNAME,
        "demo@example.com",
        password,
        name="Ada Demo",
        time_zone=ZONE,
        welcome="Hello, and thank you for taking the time. Pick whatever suits you.",
    )
    EmailAddress.objects.create(user=host, email=host.email, verified=True, primary=True)
    return host


def _add_event_types(host: Host) -> list[EventType]:
    schedule = ensure_default_schedule(host=host)
    settings: list[dict[str, Any]] = [
        {
            "title": "Introductory call",
            "slug": "introductory-call",
            "description": "A first conversation, to see whether we fit.",
            "duration_minutes": 30,
            "location": "Phone: I call you.",
        },
        {
            "title": "Project review",
            "slug": "project-review",
            "description": "We look at where your project stands and what comes next.",
            "duration_minutes": 45,
            "location_kind": LocationKind.LINK,
            "location": "https://video.example.com/ada",
            "location_is_shown_after_booking": True,
            "allows_guests": True,
            "visibility": Visibility.UNLISTED,
            "private_links_enabled": True,
            "requires_confirmation": True,
        },
        {
            "title": "Mentoring session",
            "slug": "mentoring-session",
            "description": "An hour for whatever is on your mind.",
            "duration_minutes": 60,
            "location_kind": LocationKind.LINK,
            "location": "https://video.example.com/ada",
            "visibility": Visibility.PRIVATE,
            "private_links_enabled": True,
            "buffer_after_minutes": 15,
            "reminder_minutes": [1440, 60],
        },
    ]
    made = [
        EventType.objects.create(host=host, schedule=schedule, position=position, **each)
        for position, each in enumerate(settings)
    ]
    _add_questions(made[1])
    return made


def _add_questions(review: EventType) -> None:
    edits = [
        QuestionEdit(QuestionKind.TEXT, "What should we look at first?"),
        QuestionEdit(QuestionKind.CHOICE, "How big is your team?", choices=["Just me", "2 to 5", "6 or more"]),
    ]
    save_questions(event_type=review, edits=edits, seen=questions_version([], allows_guests=True))


def _add_links(review: EventType, mentoring: EventType, now: datetime) -> dict[str, PrivateLink]:
    """Add private links, by the state that they are to end in."""

    def add(event_type: EventType, name: str, **limits: Any) -> PrivateLink:
        return PrivateLink.objects.create(event_type=event_type, name=name, **limits)

    today = now.astimezone(ZONE).date()
    links = {
        "client": add(review, "Northlight (client)", max_uses=10),
        "active": add(mentoring, "Conference visitors", max_uses=5, expires_at=end_of_day(today + 30 * ONE_DAY, ZONE)),
        "one use": add(mentoring, "For Tomás"),
        "paused": add(mentoring, "Newsletter readers", max_uses=None, is_paused=True),
        "scheduled": add(mentoring, "Next group", max_uses=8, opens_at=start_of_day(today + 14 * ONE_DAY, ZONE)),
        "used up": add(mentoring, "Trial session", max_uses=1),
        "expired": add(mentoring, "Last month's offer", max_uses=10, expires_at=end_of_day(today - 7 * ONE_DAY, ZONE)),
    }
    # As if the host had made them a while ago: one of them has expired since.
    PrivateLink.objects.filter(event_type__in=[review, mentoring]).update(created_at=now - 40 * ONE_DAY)
    return links


def _book_ahead(
    call: EventType, review: EventType, mentoring: EventType, links: dict[str, PrivateLink], now: datetime
) -> None:
    today = now.astimezone(ZONE).date()

    def at(days: int, hour: int) -> datetime:
        return datetime.combine(today + days * ONE_DAY, time(hour))

    _book(call, at(1, 10), TOMAS, now)
    _book(mentoring, at(2, 14), NOOR, now, links["active"])
    confirm_booking(booking=_book(review, at(3, 9), MEI, now, links["client"]))
    _book(review, at(7, 10), TOMAS, now, links["client"])
    _book(mentoring, at(5, 11), IRIS, now, links["active"])
    _book(mentoring, at(6, 15), JONAS, now, links["used up"])
    cancel_by_invitee(booking=_book(call, at(4, 13), JONAS, now))


def _book(
    event_type: EventType, earliest: datetime, invitee: Invitee, now: datetime, link: PrivateLink | None = None
) -> Booking:
    """Book the first slot from a wall-clock time on.

    Raises:
        LookupError: There is none; but weekdays from 9 to 17 leave one.
    """
    slot = Offer(event_type, now).first_slot(opening_instant(earliest, ZONE))
    if slot is None:
        raise LookupError(earliest)
    return book(
        event_type=event_type,
        starts_at=slot.starts_at,
        invitee=invitee,
        request_key=uuid.uuid4(),
        private_link=link,
        details=Details(what_is_asked(event_type)),
    )


def _add_past_meetings(call: EventType, mentoring: EventType, link: PrivateLink, now: datetime) -> None:
    """Add meetings that are over; nothing can book them any more, so they are stored as booking would have."""
    today = now.astimezone(ZONE).date()
    _add_past_meeting(call, datetime.combine(_weekday_before(today), time(9, 30)), MEI)
    _add_past_meeting(mentoring, datetime.combine(_weekday_before(today - 8 * ONE_DAY), time(10)), NOOR, link)
    _add_past_meeting(mentoring, datetime.combine(_weekday_before(today - 11 * ONE_DAY), time(16)), JONAS, link)


def _add_past_meeting(event_type: EventType, wall: datetime, invitee: Invitee, link: PrivateLink | None = None) -> None:
    starts_at = opening_instant(wall, ZONE)
    store_booking(
        event_type=event_type,
        link=link,
        slot=Slot(starts_at, starts_at + timedelta(minutes=event_type.duration_minutes)),
        invitee=invitee,
        decided_at=starts_at - 5 * ONE_DAY,
    )


def _weekday_before(day: date) -> date:
    """Return the last day before that is no Saturday or Sunday."""
    day -= ONE_DAY
    while day.weekday() >= 5:
        day -= ONE_DAY
    return day
