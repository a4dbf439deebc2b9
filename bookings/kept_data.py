"""What a host keeps of one invitee, in words: how much of what, and what erasing it entails."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.agenda import reader_for
from bookings.models import Booking
from bookings.traces import Counts, Person, Traces
from eventtypes.models import Host
from privatelinks.models import PrivateLink


@dataclass(frozen=True, slots=True)
class BookingAhead:
    """A booking that keeps its invitee from being erased."""

    booking: Booking
    # On the host's clocks.
    when: str


@dataclass(frozen=True, slots=True)
class KeptData:
    """What is kept of the person with the address."""

    email: str
    # "3 bookings", "2 private links that name them".
    facts: list[str]
    # The names of these links, with what becomes of those that would be open to everybody.
    links: list[tuple[str, str]]
    ahead: list[BookingAhead]

    @property
    def is_nothing(self) -> bool:
        return not self.facts


def kept_data(traces: Traces, host: Host, now: datetime) -> KeptData:
    """Return what the host keeps of the person who has been looked for (two queries)."""
    links = PrivateLink.objects.filter(pk__in=traces.links).order_by("pk")
    reader = reader_for(host)
    ahead = [BookingAhead(each, reader.span(each.starts_at, each.ends_at)) for each in traces.bookings_ahead(now)]
    return KeptData(
        email=traces.person.email,
        facts=counts_in_words(traces.counts),
        links=[(str(link), _consequence(link, traces.person)) for link in links],
        ahead=ahead,
    )


def counts_in_words(counts: Counts) -> list[str]:
    """Return what there is any of, such as "3 bookings"."""
    guest, links, mails = counts.guest_of, counts.links, counts.mails
    words = [
        (counts.bookings, ngettext("%(count)d booking", "%(count)d bookings", counts.bookings)),
        (guest, ngettext("%(count)d booking of others, as a guest", "%(count)d bookings of others, as a guest", guest)),
        (links, ngettext("%(count)d private link that names them", "%(count)d private links that name them", links)),
        (mails, ngettext("%(count)d mail with a private link", "%(count)d mails with private links", mails)),
    ]
    return [text % {"count": count} for count, text in words if count]


def _consequence(link: PrivateLink, person: Person) -> str:
    """Say that a link will be paused, if it will."""
    is_only_theirs = bool(link.allowed_invitees) and all(map(person.has_address, link.allowed_invitees))
    if not is_only_theirs or link.is_paused:
        return ""
    return _("It is only for this address, so it is paused: otherwise it would be open to everybody.")


def listing(words: Iterable[str]) -> str:
    """Return the words as a text, "3 bookings, 1 mail with a private link"."""
    return ", ".join(words)
