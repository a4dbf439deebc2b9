"""Erasing people: what is personal becomes blank in place, so that times, counters and uses stay true."""

import json
import logging
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking, BookingEvent, BookingQuerySet, BookingStatus, MailFailure, Recipient
from bookings.models.booking import NOTHING_PERSONAL
from bookings.traces import (
    NAMING_SETTINGS,
    Counts,
    Person,
    Traces,
    find_traces,
    hosts_who_know,
    mails_with_deleted_links,
)
from eventtypes.clock import database_now
from eventtypes.mailboxes import mailbox_of
from eventtypes.models import EventType, Host
from eventtypes.sealing import seal, unseal
from eventtypes.services.locking import lock_host
from eventtypes.services.rate_limits import forget_requests
from eventtypes.tasks import AccountMail, send_account_mail
from privatelinks.invitations import Invitation
from privatelinks.models import LinkEventKind, PrivateLink
from privatelinks.services.history import remember
from privatelinks.services.locking import lock_links

logger = logging.getLogger(__name__)

# What else a booking's history tells of is what somebody typed.
IMPERSONAL_DETAILS = ["former_starts_at", "former_ends_at", "minutes_before", "mail_kind", "recipient", "guest_place"]
KEEP_DETAILS = """
    UPDATE bookings_bookingevent
    SET details = (
        SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(details) WHERE key = ANY (%(kept)s)
    )
    WHERE id = ANY (%(events)s)
"""
SEAL_ANEW = "UPDATE procrastinate_jobs SET args = jsonb_set(args, '{sealed}', to_jsonb(%s::text)) WHERE id = %s"
# So many bookings are erased in one transaction once they have been kept long enough.
AT_ONCE = 500


class StillBookedError(Exception):
    """The person has bookings ahead, or that wait for an answer: these are to be cancelled or declined first."""

    def __init__(self, bookings: list[Booking]) -> None:
        super().__init__(bookings)
        self.bookings = bookings


@transaction.atomic
def erase_invitee(*, email: str, host: Host) -> Counts:
    """Erase, at one host, whom the address is of, and return how much that was. Nobody gets a mail of it.

    A link that would be open to everybody without the address is paused.

    Raises:
        StillBookedError: Some of the person's bookings are ahead. Nothing is erased.
    """
    lock_host(host.pk)
    traces = find_traces(email, host)
    lock_links(traces.links)
    _lock_bookings([*traces.bookings, *traces.guest_of])
    now = database_now()
    if ahead := traces.bookings_ahead(now):
        raise StillBookedError(ahead)
    _erase_bookings(traces.bookings, now)
    _erase_guest(traces.guest_of, traces.person)
    _erase_link_names(traces, host)
    _erase_in_links(traces, now)
    _erase_in_admin_log(traces, host)
    _erase_in_link_mails([*traces.mails, *mails_with_deleted_links(traces.person)])
    return traces.counts


def erase_invitee_everywhere(*, email: str) -> Counts:
    """Erase the person at each host who knows them, in a transaction for each, and in mails of the site's own.

    Mails about an account that somebody has with the address stay.

    Raises:
        StillBookedError: Some of the person's bookings are ahead, at any host. As a rule, nothing is erased then.
    """
    traces = find_traces(email)
    if ahead := traces.bookings_ahead(database_now()):
        raise StillBookedError(ahead)
    erased = sum((erase_invitee(email=email, host=host) for host in hosts_who_know(email)), Counts())
    # No host may do this: it would be a way around the limit of mails that strangers can have sent to an address.
    forget_requests(action="book for", subject=mailbox_of(email))
    # The others are of no host.
    _erase_in_link_mails(mails_with_deleted_links(traces.person))
    if not Host.objects.filter(email__iexact=email).exists():
        _erase_in_account_mails(traces.person)
    return replace(erased, mails=len(traces.mails))


def erase_past_bookings(*, kept_days: int) -> int:
    """Erase the bookings whose meetings ended that many days ago, and return how many; hosts who are busy wait."""
    before = database_now() - timedelta(days=kept_days)
    hosts = _kept_until(before).order_by("host").values_list("host", flat=True).distinct()
    return sum(_erase_past_bookings_of(host_id, before) for host_id in list(hosts))


def _erase_past_bookings_of(host_id: int, before: datetime) -> int:
    """Erase those of one host; the next run goes on where a lock was not to be had."""
    erased = 0
    try:
        while number := _erase_some(host_id, before):
            erased += number
    except OperationalError:
        logger.warning("Past bookings of host %d are not erased yet.", host_id, exc_info=True)
    return erased


@transaction.atomic
def _erase_some(host_id: int, before: datetime) -> int:
    lock_host(host_id)
    due = _kept_until(before).filter(host=host_id).order_by("ends_at", "pk")
    booking_ids = list(due.values_list("pk", flat=True)[:AT_ONCE])
    _lock_bookings(booking_ids)
    _erase_bookings(booking_ids, database_now())
    return len(booking_ids)


def _kept_until(before: datetime) -> BookingQuerySet:
    return Booking.objects.not_erased().filter(ends_at__lte=before).exclude(status=BookingStatus.PENDING)


def _lock_bookings(booking_ids: Iterable[int]) -> None:
    bookings = Booking.objects.select_for_update(no_key=True).filter(pk__in=list(booking_ids))
    list(bookings.order_by("pk").values_list("pk"))


def _erase_bookings(booking_ids: Collection[int], now: datetime) -> None:
    """Blank what is personal in the bookings, whose locks are held, and in what is remembered of them."""
    _forget_details(BookingEvent.objects.filter(booking__in=booking_ids).exclude(details={}))
    # What a mail server answered may name the recipient, and nobody is left to send it to.
    MailFailure.objects.filter(booking__in=booking_ids).delete()
    Booking.objects.filter(pk__in=booking_ids).update(**NOTHING_PERSONAL, erased_at=now)


def _forget_details(told: QuerySet[BookingEvent]) -> None:
    """Blank what is personal in events of a booking's history (two queries)."""
    events = list(told.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(KEEP_DETAILS, {"kept": IMPERSONAL_DETAILS, "events": events})


def _erase_guest(booking_ids: Collection[int], person: Person) -> None:
    """Blank the person's address among the guests of others; the other guests keep their places."""
    for booking in Booking.objects.filter(pk__in=booking_ids):
        places = [place for place, guest in enumerate(booking.guests) if person.has_address(guest)]
        for place in places:
            booking.guests[place] = ""
        booking.save(update_fields=["guests"])
        booking.mail_failures.filter(recipient=Recipient.GUEST, guest_place__in=places).delete()
        _forget_details(booking.events.filter(details__guest_place__in=places))


def _erase_link_names(traces: Traces, host: Host) -> None:
    """Let bookings of others forget what the link was called that was named after the person."""
    called = Booking.objects.owned_by(host).filter(private_link_name__in=traces.link_names)
    called.update(private_link_name=_("Private link"))


def _erase_in_links(traces: Traces, now: datetime) -> None:
    """Take the person out of the settings and the history of the links, whose locks are held."""
    for link in PrivateLink.objects.filter(pk__in=traces.links).order_by("pk"):
        _erase_in_history(link, traces.person)
        _erase_in_settings(link, traces.person, now)


def _erase_in_settings(link: PrivateLink, person: Person, now: datetime) -> None:
    """Blank what names the person. That it was changed is remembered, but not what it was."""
    blank = _without_person(link, person)
    if blank.get("allowed_invitees") == [] and not link.is_paused:
        # Without an entry, everybody could book.
        blank["is_paused"] = True
    for field, value in blank.items():
        setattr(link, field, value)
    if blank:
        link.save(update_fields=list(blank))
        remember(link, LinkEventKind.CHANGED, now)
    if "is_paused" in blank:
        remember(link, LinkEventKind.PAUSED, now)


def _without_person(link: PrivateLink, person: Person) -> dict[str, Any]:
    """Return the settings that name the person, as they are to be. A name beside somebody else's address is theirs."""
    blank: dict[str, Any] = {}
    allowed = [entry for entry in link.allowed_invitees if not person.has_address(entry)]
    if allowed != link.allowed_invitees:
        blank["allowed_invitees"] = allowed
    if person.has_address(link.invitee_email):
        blank |= {"invitee_email": "", "invitee_name": ""}
    elif not link.invitee_email and person.is_named_in(link.invitee_name):
        blank["invitee_name"] = ""
    if person.is_named_in(link.name):
        blank["name"] = ""
    return blank


def _erase_in_history(link: PrivateLink, person: Person) -> None:
    """Blank what names the person in what the link was, and whom it was sent to; each change keeps its two values."""
    for event in link.events.all():
        changes = event.changes | {
            setting: [_blank_value(setting, value, person) for value in event.changes[setting]]
            for setting in NAMING_SETTINGS
            if setting in event.changes
        }
        recipient = "" if person.has_address(event.recipient) else event.recipient
        if (changes, recipient) != (event.changes, event.recipient):
            event.changes, event.recipient = changes, recipient
            event.save(update_fields=["changes", "recipient"])


def _blank_value(setting: str, value: Any, person: Person) -> Any:
    match setting:
        case "allowed_invitees":
            return [entry for entry in value if not person.has_address(entry)]
        case "invitee_email":
            return "" if person.has_address(value) else value
        case _:
            return "" if person.is_named_in(value) else value


def _erase_in_admin_log(traces: Traces, host: Host) -> None:
    """Let the admin's log forget the names of links that were named after the person."""
    if not traces.link_names:
        return
    about = {
        PrivateLink: PrivateLink.objects.owned_by(host).values_list("pk", flat=True),
        EventType: EventType.objects.owned_by(host).values_list("pk", flat=True),
    }
    for model, ids in about.items():
        entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
        for entry in entries.filter(object_id__in=[str(pk) for pk in ids]):
            _erase_in_log_entry(entry, traces)


def _erase_in_log_entry(entry: LogEntry, traces: Traces) -> None:
    called = str(_("Private link"))
    message = entry.change_message
    for name in traces.link_names:
        # Names stand in it as JSON.
        message = message.replace(json.dumps(name), json.dumps(called))
    shown = called if entry.object_repr in traces.link_names else entry.object_repr
    LogEntry.objects.filter(pk=entry.pk).update(object_repr=shown, change_message=message)


def _erase_in_link_mails(job_ids: Collection[int]) -> None:
    """Blank whom the jobs send links to, and what they say; one that waits, or is tried again, then sends nothing."""
    for job in ProcrastinateJob.objects.filter(pk__in=job_ids):
        sent = Invitation(**unseal(job.args["sealed"]))
        _seal_anew(job, asdict(replace(sent, recipient="", text="")))


def _erase_in_account_mails(person: Person) -> None:
    """Blank mails that went to somebody without an account: that there is none."""
    for job in ProcrastinateJob.objects.filter(task_name=send_account_mail.name):
        mail = AccountMail(**unseal(job.args["sealed"]))
        if any(map(person.has_address, mail.to)):
            _seal_anew(job, asdict(replace(mail, to=[], subject="", body="")))


def _seal_anew(job: ProcrastinateJob, value: dict[str, Any]) -> None:
    """Store other contents of the job: procrastinate's models are for reading only."""
    with connection.cursor() as cursor:
        cursor.execute(SEAL_ANEW, [seal(value), job.pk])
