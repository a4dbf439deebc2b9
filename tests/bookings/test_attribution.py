"""Which private link a booking came through: where its host reads the name, and that its invitee never does."""

from collections.abc import Callable
from email.message import EmailMessage, Message

import pytest
from django.test import Client
from pytest_django import Settings

from bookings.emails import MailKind, booking_mail
from bookings.models import Booking, BookingStatus, Party
from privatelinks.models import PrivateLink
from privatelinks.services.links import change_link, delete_links
from tests.bookings.booking_forms import NOW, booking_fields
from tests.factories import HostFactory

NAME = "Autumn letter"
LAST_USE = "This was the last use of “Autumn letter”: the link is used up."


@pytest.fixture(autouse=True)
def _site(settings: Settings, clock: None) -> None:
    settings.SITE_URL = "https://book.example.com"


@pytest.fixture
def link(link: PrivateLink) -> PrivateLink:
    """A link with one use left, by a name that is nowhere else."""
    link.name = NAME
    link.save()
    return link


@pytest.fixture
def booking(client: Client, link: PrivateLink) -> Booking:
    """A booking that has spent the link's last use."""
    return book_through(client, link)


def book_through(client: Client, link: PrivateLink, **changes: str) -> Booking:
    """Book as an invitee does."""
    client.post(link.get_absolute_url(), booking_fields(**changes))
    return Booking.objects.select_related("host").latest("pk")


def rename(link: PrivateLink) -> None:
    change_link(link=link, changes={"name": "Christmas letter"})


def delete(link: PrivateLink) -> None:
    delete_links(links=[link])


def keep(link: PrivateLink) -> None:
    """Do nothing to the link."""


def text_of(booking: Booking, party: Party, kind: MailKind = MailKind.CONFIRMED) -> str:
    return str(booking_mail(fresh(booking), kind, party, 0).body)


def parts_of(
    booking: Booking, party: Party, kind: MailKind = MailKind.CONFIRMED, ics_sequence: int = 0
) -> dict[str, str]:
    """Return what a mail says in each of its parts, by content type; the calendar comes as a body and as a file."""
    message = booking_mail(fresh(booking), kind, party, ics_sequence).message()
    assert isinstance(message, EmailMessage)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return {f"{part.get_content_type()} {part.get_filename('')}".strip(): content_of(part) for part in leaves}


def content_of(part: Message) -> str:
    """Return the text of the part, with the lines of a calendar unfolded."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n ", "")


def fresh(booking: Booking) -> Booking:
    return Booking.objects.select_related("host").get(pk=booking.pk)


def own_page(address: str) -> Callable[[Booking], str]:
    """Return what reads one of the host's own pages."""
    return lambda booking: page_for(booking.host, address.format(booking=booking))


def staff_page(address: str) -> Callable[[Booking], str]:
    """Return what reads a page of the admin."""
    return lambda booking: page_for(HostFactory(is_staff=True, is_superuser=True), address.format(booking=booking))


def page_for(user: object, address: str) -> str:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    response = client.get(address)
    assert response.status_code == 200
    main: str = response.text.partition("<main")[2]
    return main


PLACES: dict[str, Callable[[Booking], str]] = {
    "mail, text": lambda booking: text_of(booking, Party.HOST),
    "mail, HTML": lambda booking: parts_of(booking, Party.HOST)["text/html"],
    "mail about the cancellation": lambda booking: text_of(booking, Party.HOST, MailKind.CANCELLED),
    "list": own_page("/bookings/upcoming/"),
    "page of the booking": own_page("/bookings/{booking.uid}/"),
    "admin, list": staff_page("/admin/bookings/booking/"),
    "admin, page": staff_page("/admin/bookings/booking/{booking.pk}/change/"),
}


# --- The host reads it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("become", [keep, rename, delete])
@pytest.mark.parametrize("place", PLACES)
def test_host_reads_the_name_that_the_link_had(
    booking: Booking, link: PrivateLink, place: str, become: Callable[[PrivateLink], None]
) -> None:
    become(link)

    assert NAME in PLACES[place](booking)


@pytest.mark.parametrize("place", PLACES)
def test_booking_without_a_link_names_none(client: Client, link: PrivateLink, place: str) -> None:
    client.post("/ada/discovery-call/", booking_fields())

    text = PLACES[place](Booking.objects.get())

    assert NAME not in text
    assert "/private-links/" not in text


@pytest.mark.parametrize("place", ["list", "page of the booking"])
def test_name_leads_to_the_link_until_that_is_deleted(booking: Booking, link: PrivateLink, place: str) -> None:
    page_of_link = f'href="/private-links/{link.pk}/"'
    before = PLACES[place](booking)

    delete_links(links=[link])

    assert (page_of_link in before, page_of_link in PLACES[place](booking)) == (True, False)


def test_page_says_what_a_renamed_link_is_called_now(booking: Booking, link: PrivateLink) -> None:
    page_before = PLACES["page of the booking"](booking)

    rename(link)

    page = PLACES["page of the booking"](booking)
    assert "(now “" not in page_before
    assert "(now “Christmas letter”)" in page


def test_page_says_that_the_link_is_deleted(booking: Booking, link: PrivateLink) -> None:
    delete_links(links=[link])

    page = PLACES["page of the booking"](booking)

    assert f'{NAME} <span class="muted">(deleted)</span>' in page


def test_search_finds_bookings_by_the_name_of_their_link(host_client: Client, booking: Booking) -> None:
    delete_links(links=[booking.private_link])  # type: ignore[list-item]

    found = [host_client.get("/bookings/upcoming/", {"q": words}).context["days"] for words in ("LETTER", "postcard")]

    assert [len(days) for days in found] == [1, 0]


# --- The last use --------------------------------------------------------------------------------------------------


def test_mail_about_the_booking_that_spends_the_last_use_says_so(booking: Booking, link: PrivateLink) -> None:
    text = text_of(booking, Party.HOST)

    assert text.endswith(
        "Notes:\n"
        "See you there.\n"
        "\n"
        f"{LAST_USE}\n"
        f"See the private link: https://book.example.com/private-links/{link.pk}/\n"
        "\n"
        "See or change the booking:\n"
        f"https://book.example.com/bookings/{booking.uid}/\n"
    )


def test_html_about_the_booking_that_spends_the_last_use_says_so(booking: Booking, link: PrivateLink) -> None:
    html = parts_of(booking, Party.HOST)["text/html"]

    assert LAST_USE in html
    assert f'href="https://book.example.com/private-links/{link.pk}/"' in html
    assert link.hash not in html


def test_only_the_last_booking_tells_of_the_last_use(client: Client, link: PrivateLink) -> None:
    change_link(link=link, changes={"max_uses": 2})

    first = book_through(client, link)
    second = book_through(client, link, start="2026-12-03T10:00:00Z")

    told = [LAST_USE in text_of(booking, Party.HOST) for booking in (first, second)]
    assert told == [False, True]


def test_booking_through_a_link_without_a_limit_spends_no_last_use(client: Client, link: PrivateLink) -> None:
    change_link(link=link, changes={"max_uses": None})

    booking = book_through(client, link)

    assert "last use" not in text_of(booking, Party.HOST)


@pytest.mark.parametrize(
    ("kind", "party"),
    [
        (MailKind.CONFIRMED, Party.INVITEE),
        (MailKind.CANCELLED, Party.INVITEE),
        (MailKind.CANCELLED, Party.HOST),
        (MailKind.REMINDER, Party.HOST),
    ],
)
def test_no_other_mail_tells_of_the_last_use(booking: Booking, kind: MailKind, party: Party) -> None:
    later = 0 if kind in (MailKind.CONFIRMED, MailKind.REMINDER) else 1

    parts = parts_of(booking, party, kind, later)

    assert [name for name, text in parts.items() if "last use" in text] == []


def test_mail_made_again_says_what_was_true_when_it_was_booked(booking: Booking, link: PrivateLink) -> None:
    first = parts_of(booking, Party.HOST)

    change_link(link=link, changes={"max_uses": 9, "name": "Christmas letter"})

    assert parts_of(booking, Party.HOST) == first


def test_mail_about_the_last_use_of_a_deleted_link_leads_nowhere_else(booking: Booking, link: PrivateLink) -> None:
    delete_links(links=[link])

    text = text_of(booking, Party.HOST)

    assert f"\n{LAST_USE}\n\nSee or change the booking:\n" in text
    assert "/private-links/" not in text


def test_link_without_a_name_is_called_what_it_is(client: Client, link: PrivateLink) -> None:
    change_link(link=link, changes={"name": ""})

    booking = book_through(client, link)

    text = text_of(booking, Party.HOST)
    assert "Private link: Private link\n" in text
    assert "This was the last use of “Private link”: the link is used up." in text


@pytest.mark.parametrize(("max_uses", "is_said"), [(1, True), (2, False)])
def test_page_of_the_booking_says_that_it_spent_the_last_use(
    client: Client, link: PrivateLink, max_uses: int, is_said: bool
) -> None:
    change_link(link=link, changes={"max_uses": max_uses})

    booking = book_through(client, link)

    words = "with the last use of the private link"
    assert (words in PLACES["page of the booking"](booking)) == is_said


# --- The invitee never reads it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MailKind)
def test_no_mail_to_the_invitee_names_the_link(booking: Booking, kind: MailKind) -> None:
    parts = parts_of(booking, Party.INVITEE, kind)

    has_calendar = kind not in (MailKind.REQUESTED, MailKind.DECLINED, MailKind.REMINDER)
    assert len(parts) == (4 if has_calendar else 2)
    assert [name for name, text in parts.items() if NAME in text or "rivate link" in text] == []


@pytest.mark.parametrize("path", ["", "cancel/", "event.ics"])
@pytest.mark.parametrize("is_cancelled", [False, True])
def test_no_page_of_the_invitee_names_the_link(client: Client, booking: Booking, path: str, is_cancelled: bool) -> None:
    if is_cancelled:
        Booking.objects.update(status=BookingStatus.CANCELLED, cancelled_at=NOW, cancelled_by=Party.HOST)

    answer = client.get(f"/booking/{booking.uid}/{path}", follow=True)

    assert answer.status_code == 200
    assert NAME not in answer.text


@pytest.mark.parametrize("path", ["", "?date=2026-12-03", "?start=2026-12-03T09:00:00Z"])
def test_no_page_of_the_link_names_it(client: Client, link: PrivateLink, path: str) -> None:
    answer = client.get(f"{link.get_absolute_url()}{path}")

    assert answer.status_code == 200
    assert NAME not in answer.text
