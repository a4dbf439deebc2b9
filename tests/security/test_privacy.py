"""A person's data: all of it is in the export, and once it is erased nothing of it is left, in no table."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.answers import Answer
from bookings.asking import Details, what_is_asked
from bookings.emails import MailKind
from bookings.exported_fields import EXPORTED, LEFT_OUT
from bookings.exports import host_export
from bookings.models import Booking, BookingEvent, CalendarFeed, MailFailure, MailName, Move, Recipient, Reminder
from bookings.models.booking import NOTHING_PERSONAL
from bookings.services.booking import Invitee, book
from bookings.services.calendar_feed import switch_feed_on
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.erasing import erase_invitee
from bookings.services.link_counts import find_miscounts
from bookings.services.rescheduling import reschedule_by_invitee
from bookings.tasks import _remember_failure, queue_mails
from bookings.traces import NAMING_SETTINGS
from eventtypes.mailboxes import mailbox_of
from eventtypes.models import EventType, Host
from eventtypes.rates import Rate
from eventtypes.services.rate_limits import count_request
from eventtypes.tasks import AccountMail, queue_account_mail
from privatelinks.models import LinkEvent, PrivateLink
from privatelinks.services.limits import LinkChanges
from privatelinks.services.links import change_link
from privatelinks.services.sending import send_link
from tests.bookings.booking_forms import NOW, START
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory, QuestionFactory
from tests.security.whole_database import all_rows, number_of_columns, tables

NAME, FORMER_NAME = "Quetzal Markwart", "Quetzal Vorherig"
EMAIL, WRITTEN_OTHERWISE = "quetzal@zürn.example", "Quetzal@xn--zrn-hoa.example"
# What is the person's alone, wherever it stands.
MARKS = {
    "name": NAME,
    "former name": FORMER_NAME,
    "address": EMAIL,
    "address in Punycode": WRITTEN_OTHERWISE,
    "time zone": "Pacific/Chatham",
    "phone number": "+49 30 5550167",
    "notes": "mark-in-the-notes",
    "answer": "mark-in-an-answer",
    "guest": "mark-of-a-guest@example.com",
    "reason": "mark-in-the-reason",
    "name of a link": f"Trial for {NAME}",
    "former name of a link": f"Draft for {NAME}",
    "letter with a link": "mark-in-the-letter",
    "answer of the mail server": "mark-of-the-server",
}


def person(email: str = EMAIL) -> Invitee:
    return Invitee(NAME, email, ZoneInfo("Pacific/Chatham"), MARKS["notes"])


BO = Invitee("Bo", "bo@example.com", ZoneInfo("Europe/Berlin"), "Of Bo")


def details(event_type: EventType, answer: str, *guests: str, phone: str) -> Details:
    answers = (Answer("Why?", "line", answer),)
    return Details(what_is_asked(event_type), answers, guests, phone)


def let_book(link: PrivateLink, invitee: Invitee, days: int, what: Details) -> Booking:
    loaded = PrivateLink.objects.with_event_type().get(pk=link.pk)
    return book(
        event_type=loaded.event_type,
        starts_at=START + timedelta(days=days),
        invitee=invitee,
        request_key=uuid.uuid4(),
        private_link=loaded,
        details=what,
    )


def fill_host(host: Host) -> None:
    """Let the person leave something everywhere at the host, and Bo the same."""
    event_type = EventTypeFactory.create(host=host, slug="intro", location_kind="host_calls", allows_guests=True)
    QuestionFactory.create(event_type=event_type, label="Why?")
    theirs = PrivateLinkFactory.create(event_type=event_type, name=MARKS["former name of a link"], max_uses=9)
    shared = PrivateLinkFactory.create(event_type=event_type, name="For all", max_uses=9)
    former: LinkChanges = {"invitee_name": FORMER_NAME, "invitee_email": WRITTEN_OTHERWISE}
    theirs = change_link(link=theirs, changes={"name": MARKS["name of a link"], **former})
    of_bo = details(event_type, "Bo's", WRITTEN_OTHERWISE, "cy@example.com", phone="+49 30 5550199")
    # While the link is only called after the person.
    of_others = let_book(theirs, BO, 11, of_bo)
    now_is: LinkChanges = {"invitee_name": NAME, "invitee_email": EMAIL, "allowed_invitees": [EMAIL]}
    theirs = change_link(link=theirs, changes=now_is)
    change_link(link=shared, changes={"allowed_invitees": [EMAIL, "bo@example.com"]})
    for link, email, text in ((theirs, EMAIL, MARKS["letter with a link"]), (shared, "bo@example.com", "Dear Bo")):
        send_link(link=link, recipient=email, text=text, request_key=uuid.uuid4())
    own = details(event_type, MARKS["answer"], MARKS["guest"], phone=MARKS["phone number"])
    moved = let_book(theirs, person(), 0, own)
    reschedule_by_invitee(booking=moved, starts_at=START + timedelta(hours=2), seen_sequence=0)
    cancelled = let_book(shared, person("quetzal@ZÜRN.example"), 1, own)
    cancel_by_invitee(booking=cancelled, reason=MARKS["reason"])
    for booking, to, place in ((moved, "invitee", None), (of_others, "invitee", None), (of_others, "guest", 0)):
        name = MailName(booking.pk, MailKind.CONFIRMED, Recipient(to), ics_sequence=0, guest_place=place)
        answer = MARKS["answer of the mail server"] if booking == moved or to == "guest" else "No"
        _remember_failure(name, f"550 {answer}")
    queue_mails(of_others, MailKind.RESCHEDULED)
    message = [{"changed": {"name": "private link", "object": str(theirs), "fields": ["Name"]}}]
    for about in (theirs, event_type):
        LogEntry.objects.log_actions(host.pk, [about], CHANGE, message, single_object=True)


@pytest.fixture
def hosts(database_clock: DatabaseClock, client: Client) -> tuple[Host, Host]:
    """Two hosts who both know the person, and Bo; it is a week after all that the person has booked."""
    database_clock.set(NOW)
    empty_queue()
    ada, grace = HostFactory.create(username="ada"), HostFactory.create(username="grace")
    for host in (ada, grace):
        fill_host(host)
        switch_feed_on(host=host)
    # What the person does on the site without an account.
    count_request(action="book for", subject=mailbox_of(EMAIL), rate=Rate(5, timedelta(hours=1)))
    queue_account_mail(AccountMail([WRITTEN_OTHERWISE], "No account", f"Dear {EMAIL}", "<1@example.com>"))
    for attempt in ("password/reset/", "login/"):
        Client().post(f"/accounts/{attempt}", {"email": EMAIL, "login": EMAIL, "password": "wrong"})
    client.force_login(ada)
    database_clock.set(START + timedelta(days=8))
    return ada, grace


def marks_in(text: str) -> set[str]:
    return {mark for mark, value in MARKS.items() if value.lower() in text.lower()}


def rows_with_marks() -> dict[str, int]:
    """Return how many rows of which tables have a mark in them."""
    marked = {table: sum(bool(marks_in(row)) for row in rows) for table, rows in all_rows().items()}
    return {table: number for table, number in marked.items() if number}


def words_of(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


# --- The export ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("S16")
def test_export_of_an_invitee_has_everything(hosts: tuple[Host, Host], figure: Callable[[str], None]) -> None:
    whole, of_ada = words_of("export_invitee", EMAIL), words_of("export_invitee", WRITTEN_OTHERWISE, "--host", "ada")

    assert [marks_in(export) for export in (whole, of_ada)] == [set(MARKS), set(MARKS)]
    assert [len(json.loads(export)["bookings"]) for export in (whole, of_ada)] == [4, 2]
    assert [text in whole for text in ("bo@example.com", "cy@example.com", "Of Bo", "Dear Bo")] == [False] * 4
    figure(f"Export of an invitee: {len(MARKS)} of {len(MARKS)} marks in it, nothing of others.")


@pytest.mark.rule("S16")
def test_export_of_a_host_has_everything(hosts: tuple[Host, Host], figure: Callable[[str], None]) -> None:
    ada, grace = hosts
    export = "".join(host_export(ada, NOW))

    known = json.loads(export)
    of_links, of_bookings = known["private_links"], known["bookings"]
    numbers = {
        LinkEvent: sum(len(link["events"]) for link in of_links),
        BookingEvent: sum(len(booking["events"]) for booking in of_bookings),
        Move: sum(len(booking["moves"]) for booking in of_bookings),
        MailFailure: sum(len(booking["mail_failures"]) for booking in of_bookings),
        Booking: len(of_bookings),
        PrivateLink: len(of_links),
        CalendarFeed: len(known["calendar_feeds"]),
    }
    assert marks_in(export) == set(MARKS)
    # Half of everything is Grace's.
    assert {model: 2 * number for model, number in numbers.items()} == {
        model: model._default_manager.count() for model in numbers
    }
    links = PrivateLink.objects.owned_by(ada)
    assert [link["hash"] in export for link in links.values("hash")] == [True, True]
    secrets = [ada.password, *PrivateLink.objects.owned_by(grace).values_list("hash", flat=True)]
    assert [secret for secret in secrets if secret in export] == []
    number = sum(numbers.values())
    figure(f"Export of a host: {number} of {number} rows, no password, nothing of other hosts.")


# Whole models that hold nothing of a host.
OF_NO_HOST = {
    "eventtypes.RequestCount": "Fingerprints that nobody can turn back, for an hour.",
    "eventtypes.Host_groups": "What staff may do is the site's.",
    "eventtypes.Host_user_permissions": "What staff may do is the site's.",
    "account.EmailConfirmation": "Empty: confirmations are signed, not stored. Its keys would be secrets.",
    "procrastinate.ProcrastinateWorker": "The site's.",
    "procrastinate.ProcrastinateJob": "Mails on their way; what hosts have typed for links is read out of them.",
    "procrastinate.ProcrastinateEvent": "The site's.",
    "procrastinate.ProcrastinatePeriodicDefer": "The site's.",
    "auth.Permission": "The site's.",
    "auth.Group_permissions": "The site's.",
    "auth.Group": "The site's.",
    "contenttypes.ContentType": "The site's.",
    "sessions.Session": "Whoever has the key of a session is logged in by it.",
}


@pytest.mark.rule("S16")
def test_every_field_is_exported_or_left_out_with_a_reason(figure: Callable[[str], None]) -> None:
    models = {model for model in apps.get_models(include_auto_created=True) if model._meta.label not in OF_NO_HOST}

    decided = {model: sorted([*EXPORTED[model], *LEFT_OUT.get(model, {})]) for model in models & EXPORTED.keys()}

    fields = {model: sorted(field.name for field in model._meta.concrete_fields) for model in models}
    assert decided == fields
    figure(f"Each of {sum(map(len, fields.values()))} fields is exported, or left out with a reason.")


ERASED: dict[type[Model], set[str]] = {
    Booking: set(NOTHING_PERSONAL),
    BookingEvent: {"details"},
    PrivateLink: set(NAMING_SETTINGS),
    LinkEvent: {"changes", "recipient"},
    # The whole row goes.
    MailFailure: {field.name for field in MailFailure._meta.concrete_fields},
}
# Times, states and counters say nothing of a person once nobody is named; the texts are the host's.
IMPERSONAL = {
    Booking: "id uid created_at status ics_sequence confirmed_at declined_at declined_by cancelled_at cancelled_by"
    " is_no_show host event_type private_link holds_use spent_last_use title organizer_email"
    " location_is_shown_after_booking buffer_before_minutes buffer_after_minutes starts_at ends_at erased_at",
    BookingEvent: "id booking happened_at kind by",
    Move: "id booking ics_sequence at by was_confirmed former_starts_at former_ends_at",
    Reminder: "id booking meeting_starts_at minutes_before queued_at",
    CalendarFeed: "id host hash created_at",
    PrivateLink: "id event_type hash created_at max_uses usage_count opens_at expires_at is_paused returns_uses"
    " offer_starts_on offer_ends_on offer_duration_minutes offer_notice_minutes batch told_of_expiry_at",
    LinkEvent: "id private_link happened_at kind request_key",
    MailFailure: "",
}


@pytest.mark.rule("S16")
def test_every_field_of_bookings_and_links_is_erased_or_impersonal() -> None:
    models = [*apps.get_app_config("bookings").get_models(), *apps.get_app_config("privatelinks").get_models()]

    decided = {model: sorted([*ERASED.get(model, ()), *IMPERSONAL[model].split()]) for model in models}

    assert decided == {model: sorted(field.name for field in model._meta.concrete_fields) for model in models}


# --- Erasing -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("S16")
def test_nothing_of_an_erased_person_is_left(hosts: tuple[Host, Host], figure: Callable[[str], None]) -> None:
    before, marked = all_rows(), rows_with_marks()
    uses = list(PrivateLink.objects.order_by("pk").values_list("usage_count", "max_uses"))
    times = list(Booking.objects.order_by("pk").values_list("starts_at", "status", "holds_use"))

    words_of("erase_invitee", EMAIL, "--yes")

    after = all_rows()
    assert set().union(*(marks_in(row) for rows in before.values() for row in rows)) == set(MARKS)
    assert sorted(marked) == [
        "bookings_booking",
        "bookings_bookingevent",
        "bookings_mailfailure",
        "django_admin_log",
        "privatelinks_linkevent",
        "privatelinks_privatelink",
        "procrastinate_jobs",
    ]
    assert rows_with_marks() == {}
    assert list(PrivateLink.objects.order_by("pk").values_list("usage_count", "max_uses")) == uses
    assert list(Booking.objects.order_by("pk").values_list("starts_at", "status", "holds_use")) == times
    assert find_miscounts() == []
    # What had no mark is as it was, but for the count of the person's requests, which nobody can read.
    unmarked = {table: {row for row in rows if not marks_in(row)} for table, rows in before.items()}
    lost = {table: len(rows - set(after[table])) for table, rows in unmarked.items()}
    assert {table: number for table, number in lost.items() if number} == {"eventtypes_requestcount": 1}
    figure(
        f"Erased: {sum(marked.values())} rows in {len(marked)} of {len(tables())} tables had one of {len(MARKS)} marks;"
        f" afterwards 0 rows in {number_of_columns()} columns. Uses and times unchanged."
    )


@pytest.mark.rule("S16")
def test_mails_that_wait_tell_nothing_of_an_erased_person(hosts: tuple[Host, Host]) -> None:
    words_of("erase_invitee", EMAIL, "--yes")

    for job in ProcrastinateJob.objects.filter(queue_name="mail", status="todo"):
        app.tasks[job.task_name].func(**job.args)

    sent = [str(message.message()) for message in mail.outbox]
    assert len(sent) > 0
    assert {mark for text in sent for mark in marks_in(text)} == set()
    assert {address for message in mail.outbox for address in message.to} == {
        "ada@example.com",
        "grace@example.com",
        "bo@example.com",
        "cy@example.com",
    }


@pytest.mark.rule("S16")
def test_host_erases_nothing_at_another_host(hosts: tuple[Host, Host]) -> None:
    ada, grace = hosts
    before = json.loads("".join(host_export(grace, NOW)))

    erase_invitee(email=EMAIL, host=ada)

    assert json.loads("".join(host_export(grace, NOW))) == before
    assert marks_in("".join(host_export(ada, NOW))) == set()


@pytest.mark.rule("S16")
def test_pages_and_files_of_the_host_show_nothing(hosts: tuple[Host, Host], client: Client) -> None:
    uids = list(Booking.objects.owned_by(hosts[0]).values_list("uid", flat=True))
    links = list(PrivateLink.objects.owned_by(hosts[0]).values_list("pk", flat=True))
    lists = ["upcoming", "past", "cancelled"]
    addresses = [
        *[f"/bookings/{uid}/" for uid in uids],
        *[f"/private-links/{pk}/" for pk in links],
        *[f"/bookings/{which}/{file}" for which in lists for file in ("", "bookings.csv")],
        "/private-links/",
        "/private-links/links.csv",
        CalendarFeed.objects.get(host=hosts[0]).get_absolute_url(),
    ]
    seen = {mark for address in addresses for mark in marks_in(client.get(address).getvalue().decode())}

    erase_invitee(email=EMAIL, host=hosts[0])

    found = {address: marks_in(client.get(address).getvalue().decode()) for address in addresses}
    assert {"name", "address", "notes", "answer", "guest", "phone number", "reason"} <= seen
    assert {address: marks for address, marks in found.items() if marks} == {}
