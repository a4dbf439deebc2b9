"""Crawling the site as everybody who might look for private links: nobody finds a hash, or that there is one."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.asking import Details
from bookings.emails import MailKind, booking_mail
from bookings.guest_emails import guest_mail
from bookings.models import Booking, Party
from bookings.services.booking import Invitee, book
from bookings.services.cancelling import cancel_by_invitee
from bookings.services.rescheduling import reschedule_by_invitee
from eventtypes.models import EventType, Host, Visibility
from privatelinks.invitations import Invitation, link_mail
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW, START
from tests.bookings.ended_links import delete, expire, pause, schedule, use_up
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.scale import FRACTION, sampled
from tests.security.addresses import every_address
from tests.security.conftest import Scene
from tests.security.crawler import Crawl, addresses_in, crawl, readable

# So many answers to each person.
LIMIT = 3_000 if FRACTION == 1 else 60
GUEST = "gus@example.com"
# Where sites put what machines are to find.
FOR_MACHINES = ["/robots.txt", "/sitemap.xml", "/feed", "/rss.xml", "/atom.xml", "/manifest.json", "/.well-known/"]
FOR_MACHINES += ["/api/", "/search", "/?q=discovery", "/ada/?q=discovery", "/ada.json", "/ada/?format=json"]

type Figure = Callable[[str], None]
type Secrets = dict[str, str]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Ada's scene with much more in it to be found, and the mails of her invitee and of a guest."""

    scene: Scene
    links: dict[str, PrivateLink]
    bookings: dict[str, Booking]
    mails: dict[str, list[str]]

    @property
    def of_links(self) -> Secrets:
        """What nobody finds who does not know it: the hashes and names of links, private slugs, and Ada's feed."""
        secrets = {f"hash of the link {name}": link.hash for name, link in self.links.items()}
        secrets |= {f"name of the link {name}": link.name for name, link in self.links.items()}
        slugs = ["discovery-call", "first-call", "board-meeting", "closed-shop"]
        return secrets | {f"slug {slug}": slug for slug in slugs} | {"hash of the feed": self.scene.feed.hash}

    @property
    def of_bookings(self) -> Secrets:
        """What only the invitee has of them."""
        return {f"uid of the booking {name}": str(booking.uid) for name, booking in self.bookings.items()}

    def crawl(self, person: str, starts: list[str]) -> Crawl:
        """Crawl from the addresses on that everybody knows, and from these."""
        knows_numbers = [self.scene.address(route, knows_secrets=False) for route in every_address()]
        known = [each for each in knows_numbers if not any(secret in each for secret in self.of_links.values())]
        begin = [*starts, "/", "/ada/", "/grace/", *sampled(FOR_MACHINES), *sampled(known)]
        return crawl(self.scene.clients[person], begin, LIMIT)


@pytest.fixture
def crowd(scene: Scene) -> Crowd:
    """Links in every state, to three private event types; bookings through one; and an event type of Grace's."""
    EventType.objects.filter(pk=scene.event_type.pk).update(former_slugs=["first-call"])
    links = {"live": scene.link} | make_links(scene.host, scene.event_type)
    grace = Host.objects.get(username="grace")
    EventTypeFactory.create(host=grace, title="Talk", slug="talk")
    bookings = {"through the link": scene.booking} | make_bookings(links["without limits"])
    given = mails_to_invitee(links["without limits"])
    return Crowd(scene, links, bookings, {"invitee": given, "guest": mails_to_guest()})


def make_links(host: Host, event_type: EventType) -> dict[str, PrivateLink]:
    """Make links to the event type in every state, and to two others that are private."""
    ways = {"used up": use_up, "expired": expire, "paused": pause, "scheduled": schedule, "deleted": delete}
    links = {way: make_link(event_type, f"Link of way {way}") for way in ways}
    for way, end in ways.items():
        end(links[way])
    for title, slug in [("Board meeting", "board-meeting"), ("Closed shop", "closed-shop")]:
        private = EventTypeFactory.create(
            host=host, schedule=event_type.schedule, title=title, slug=slug, visibility=Visibility.PRIVATE
        )
        links[title] = make_link(private, f"Link to {title}")
    return links | {"without limits": make_link(event_type, "Link for Iris", max_uses=None)}


def make_link(event_type: EventType, name: str, **values: Any) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type, name=name, **values)
    return link


def make_bookings(link: PrivateLink) -> dict[str, Booking]:
    """Book through the link as Iris, with a guest, and by the public page; move one of them and cancel one."""
    loaded = PrivateLink.objects.with_event_type().get(pk=link.pk)
    bookings = {name: _book(loaded, days) for days, name in enumerate(["to stand", "to move", "to cancel"], 1)}
    reschedule_by_invitee(booking=bookings["to move"], starts_at=START + timedelta(days=5))
    cancel_by_invitee(booking=bookings["to cancel"], reason="")
    EventType.objects.filter(pk=loaded.event_type_id).update(requires_confirmation=True)
    loaded = PrivateLink.objects.with_event_type().get(pk=link.pk)
    return bookings | {"to confirm": _book(loaded, 6)}


def _book(link: PrivateLink, days: int) -> Booking:
    # Past the weekend, on which nobody can book.
    start = START + timedelta(days=days if days < 2 else days + 2)
    return book(
        event_type=link.event_type,
        starts_at=start + timedelta(hours=1),
        invitee=Invitee("Iris Invitee", "iris@example.com", link.event_type.schedule.time_zone),
        request_key=uuid.uuid4(),
        private_link=link,
        details=Details(guests=(GUEST,)),
    )


def mails_to_invitee(link: PrivateLink) -> list[str]:
    """Return the texts of the mails about bookings that wait for Iris, and of the one with the link that is hers."""
    jobs = ProcrastinateJob.objects.filter(task_name="bookings.send_booking_mail", args__party=Party.INVITEE.value)
    mails = [_booking_mail(**job.args) for job in jobs.order_by("pk")]
    reminders = [
        booking_mail(booking, MailKind.REMINDER, Party.INVITEE, booking.ics_sequence, 60)
        for booking in Booking.objects.order_by("pk")
    ]
    loaded = PrivateLink.objects.with_event_type().get(pk=link.pk)
    return [
        text_of(link_mail(loaded, Invitation(str(uuid.uuid4()), "iris@example.com", "Hello!"), NOW)),
        *(text_of(mail) for mail in [*mails, *reminders]),
    ]


def _booking_mail(*, booking_id: int, kind: str, party: str, ics_sequence: int) -> EmailMultiAlternatives:
    return booking_mail(Booking.objects.get(pk=booking_id), MailKind(kind), Party(party), ics_sequence)


def mails_to_guest() -> list[str]:
    """Return the texts of all mails that a guest gets."""
    jobs = ProcrastinateJob.objects.filter(task_name="bookings.send_guest_mail").order_by("pk")
    bookings = Booking.objects.in_bulk([job.args["booking_id"] for job in jobs])
    mails = [
        guest_mail(bookings[job.args["booking_id"]], MailKind(job.args["kind"]), GUEST, job.args["ics_sequence"])
        for job in jobs
    ]
    return [text_of(mail) for mail in mails if mail is not None]


def text_of(mail: EmailMultiAlternatives) -> str:
    """Return all of a mail: its headers, its texts, and its calendar file with lines that are not folded."""
    message = mail.message()
    parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    texts = [part.decode().replace("\r\n ", "") for part in parts if isinstance(part, bytes)]
    return readable("\n".join([str(message.items()), *texts]))


@pytest.mark.rule("S4")
@pytest.mark.parametrize("person", ["visitor", pytest.param("grace", marks=pytest.mark.in_full)])
def test_nobody_finds_a_private_link_by_crawling(crowd: Crowd, person: str, figure: Figure) -> None:
    found = crowd.crawl(person, [])

    figure(f"{person}: {len(found.seen):,} answers, no hash, no private slug, no name of a link, no booking's uid")
    assert found.leaks(crowd.of_links | crowd.of_bookings) == {}


@pytest.mark.rule("S4")
def test_invitee_finds_no_private_link_by_crawling(crowd: Crowd, figure: Figure) -> None:
    mails = crowd.mails["invitee"]
    starts = [address for mail in mails for address in addresses_in(mail)]

    found = crowd.crawl("invitee", sorted(set(starts)))

    given = crowd.links["without limits"]
    of_others = {name: secret for name, secret in crowd.of_links.items() if secret not in given.get_absolute_url()}
    assert given.get_absolute_url() in starts
    assert crowd.scene.booking.get_absolute_url() in starts
    figure(f"invitee with {len(mails)} mails: {len(found.seen):,} answers, not even the own link's hash or slug")
    assert found.leaks(crowd.of_links) == {}
    assert [name for name, secret in of_others.items() if any(secret in mail for mail in mails)] == []
    assert [mail for mail in mails[1:] if given.hash in mail] == []


@pytest.mark.rule("S4")
def test_mails_to_guests_lead_to_no_link_and_to_no_booking(crowd: Crowd, figure: Figure) -> None:
    mails = crowd.mails["guest"]

    secrets = crowd.of_links | crowd.of_bookings

    assert len(mails) > 3
    assert [name for name, secret in secrets.items() if any(secret in mail for mail in mails)] == []
    figure(f"guest: {len(mails)} mails, nothing in them")


@pytest.mark.rule("S4")
def test_crawl_finds_what_is_to_be_found(crowd: Crowd, figure: Figure) -> None:
    """The control: the same crawl shows their host all that the others have not found."""
    secrets = crowd.of_links | crowd.of_bookings

    found = crowd.crawl("ada", ["/private-links/", "/event-types/", "/settings/calendar-feed/", "/bookings/upcoming/"])

    missed = sorted(secrets.keys() - found.leaks(secrets).keys())
    figure(f"control, their host: {len(found.seen):,} answers, {len(secrets) - len(missed)} of {len(secrets)} found")
    assert [name for name in missed if "hash" in name] == ["hash of the link deleted"]
