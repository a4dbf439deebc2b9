"""Where a person is found by e-mail address: bookings, private links, and mails that send a private link.

Addresses are compared as a link's "Only for" compares them: capitals do not matter, nor does Punycode.
"""

import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Q
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking, BookingQuerySet, BookingStatus
from eventtypes.models import Host
from eventtypes.sealing import unseal
from privatelinks.models import LinkEvent, PrivateLink
from privatelinks.only_for import is_same

# What a link's history keeps of these may name somebody.
NAMING_SETTINGS = ("name", "invitee_name", "invitee_email", "allowed_invitees")
ADDRESS_SETTINGS = ("invitee_email", "allowed_invitees")
LINK_MAIL = "privatelinks.send_link_mail"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, by an e-mail address and the names that were given with it."""

    email: str
    names: frozenset[str] = frozenset()

    def has_address(self, text: str) -> bool:
        """Whether the text is the person's address."""
        return bool(text) and is_same(text, self.email)

    def is_named_in(self, text: str) -> bool:
        """Whether the text has the person's address or one of the names in it, as whole words."""
        words = text.casefold()
        return any(
            re.search(rf"(?<!\w){re.escape(each.casefold())}(?!\w)", words) for each in (self.email, *self.names)
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of a person: bookings, places among others' guests, links that name the person, mails with links."""

    bookings: int = 0
    guest_of: int = 0
    links: int = 0
    mails: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(sum(pair) for pair in zip(astuple(self), astuple(other), strict=True)))

    def __bool__(self) -> bool:
        return any(astuple(self))


@dataclass(frozen=True, slots=True)
class Traces:
    """Where the person is found, by ids; all are of one host, or of all hosts."""

    person: Person
    # Booked by the person.
    bookings: list[int] = field(default_factory=list)
    # Booked by others, with the person as a guest.
    guest_of: list[int] = field(default_factory=list)
    # Links whose settings or history name the person.
    links: list[int] = field(default_factory=list)
    # What somebody called these, or bookings through them, and has the person in it.
    link_names: frozenset[str] = frozenset()
    # Jobs that send the person a link, or have done so.
    mails: list[int] = field(default_factory=list)

    @property
    def counts(self) -> Counts:
        return Counts(len(self.bookings), len(self.guest_of), len(self.links), len(self.mails))

    def bookings_ahead(self, now: datetime) -> list[Booking]:
        """Return those of the person's bookings that are still to take place, or wait for an answer (one query)."""
        still = Q(status=BookingStatus.PENDING) | Q(status=BookingStatus.CONFIRMED, ends_at__gt=now)
        own = Booking.objects.filter(pk__in=self.bookings).select_related("host")
        return list(own.filter(still).order_by("starts_at", "pk"))


def hosts_who_know(email: str) -> list[Host]:
    """Return the hosts at whom the person with the address is found."""
    traces = find_traces(email)
    bookings = Q(bookings__in=[*traces.bookings, *traces.guest_of])
    return list(
        Host.objects.filter(bookings | Q(event_types__private_links__in=traces.links)).order_by("pk").distinct()
    )


def find_traces(email: str, host: Host | None = None) -> Traces:
    """Return where the person with the address is found at the host, or at all hosts.

    Whatever has an address is read, however it is written: an index cannot compare as people do.
    """
    bookings = Booking.objects.not_erased() if host is None else Booking.objects.owned_by(host).not_erased()
    links = PrivateLink.objects.all() if host is None else PrivateLink.objects.owned_by(host)
    person = Person(email)
    booked = _booked_by(person, bookings)
    named = _links_with_address(person, links)
    person = Person(email, _names(person, booked, named))
    names, through = _naming_links(person, booked, named)
    guest_of = _guest_of(person, bookings.exclude(pk__in=booked))
    mails = [job.pk for job, mail in link_mails(host) if person.has_address(mail["recipient"])]
    return Traces(person, sorted(booked), guest_of, sorted(named | through), names, mails)


def link_mails(host: Host | None = None) -> Iterator[tuple[ProcrastinateJob, dict[str, Any]]]:
    """Yield each job that sends a link of the host, or has done so, with what was sealed in it.

    Without a host, those with anybody's links, also with links that are deleted: these are sent no more.
    """
    jobs = list(ProcrastinateJob.objects.filter(task_name=LINK_MAIL).order_by("pk"))
    if host is not None:
        own = set(PrivateLink.objects.owned_by(host).values_list("pk", flat=True))
        jobs = [job for job in jobs if job.args["link_id"] in own]
    for job in jobs:
        yield job, unseal(job.args["sealed"])


def mails_with_deleted_links(person: Person) -> list[int]:
    """Return the jobs that would have sent the person a link that is deleted meanwhile: no host knows whose it was."""
    link_ids = set(PrivateLink.objects.values_list("pk", flat=True))
    mails = ((job, mail) for job, mail in link_mails() if job.args["link_id"] not in link_ids)
    return [job.pk for job, mail in mails if person.has_address(mail["recipient"])]


def _booked_by(person: Person, bookings: BookingQuerySet) -> set[int]:
    """Return the bookings that were made with the address, however it was written."""
    written = bookings.order_by().values_list("invitee_email", flat=True).distinct()
    same = [email for email in written.iterator() if person.has_address(email)]
    return set(bookings.filter(invitee_email__in=same).values_list("pk", flat=True)) if same else set()


def _guest_of(person: Person, bookings: BookingQuerySet) -> list[int]:
    """Return those of the bookings that have the address among their guests."""
    with_guests = bookings.filter(guests__len__gt=0).order_by("pk").values_list("pk", "guests")
    return [pk for pk, guests in with_guests.iterator() if any(map(person.has_address, guests))]


def _links_with_address(person: Person, links: Any) -> set[int]:
    """Return the links that are for the address, were, or were sent to it."""
    of_somebody = links.filter(~Q(invitee_email="") | Q(allowed_invitees__len__gt=0))
    rows = of_somebody.values_list("pk", "invitee_email", "allowed_invitees").iterator()
    present = {pk for pk, email, allowed in rows if any(map(person.has_address, [email, *allowed]))}
    telling = LinkEvent.objects.filter(private_link__in=links).filter(
        ~Q(recipient="") | Q(changes__has_any_keys=ADDRESS_SETTINGS)
    )
    return present | {event.private_link_id for event in telling.iterator() if _has_address(person, event)}


def _has_address(person: Person, event: LinkEvent) -> bool:
    only_for = chain.from_iterable(event.changes.get("allowed_invitees", []))
    addresses = [event.recipient, *event.changes.get("invitee_email", []), *only_for]
    return any(map(person.has_address, addresses))


def _names(person: Person, booked: set[int], links: set[int]) -> frozenset[str]:
    """Return the names that stand beside the address: in bookings, and in settings of links as they are and were."""
    names = set(Booking.objects.filter(pk__in=booked).values_list("invitee_name", flat=True))
    for email, name in PrivateLink.objects.filter(pk__in=links).values_list("invitee_email", "invitee_name"):
        if person.has_address(email):
            names.add(name)
    for event in LinkEvent.objects.filter(private_link__in=links, changes__has_keys=["invitee_email", "invitee_name"]):
        pairs = zip(event.changes["invitee_email"], event.changes["invitee_name"], strict=True)
        names.update(name for email, name in pairs if person.has_address(email))
    return frozenset(name.strip() for name in names if name.strip())


def _naming_links(person: Person, booked: set[int], links: set[int]) -> tuple[frozenset[str], set[int]]:
    """Return what links are called after the person, and those through which the person booked that are."""
    own = Booking.objects.filter(pk__in=booked)
    through = PrivateLink.objects.filter(bookings__in=own).distinct()
    called = set(own.values_list("private_link_name", flat=True))
    called.update(PrivateLink.objects.filter(pk__in=links).values_list("name", flat=True))
    called.update(through.values_list("name", flat=True))
    renamed = LinkEvent.objects.filter(changes__has_key="name").filter(
        Q(private_link__in=links) | Q(private_link__in=through)
    )
    found = set()
    for event in renamed:
        called.update(event.changes["name"])
        if any(map(person.is_named_in, event.changes["name"])):
            found.add(event.private_link_id)
    found.update(pk for pk, name in through.values_list("pk", "name") if person.is_named_in(name))
    return frozenset(name for name in called if person.is_named_in(name)), found
