"""Script in every text that people can write: on no page, in no mail and in no file is it more than text."""

import copy
import csv
import re
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.template import Context, Template
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from bookings.models import Booking
from tests.bookings.booking_forms import NOW
from tests.clock import DatabaseClock
from tests.scale import FRACTION
from tests.security.every_mail import every_mail
from tests.security.hostile_texts import HOSTILE, MARK, Element, look_at
from tests.security.one_of_everything import Everything, address, make_everything, routes
from tests.security.page_forms import FilledForm, filled_forms

PLAIN = "Ada & Co"
START = "2026-12-03T09:00:00Z"
# Whatever the text, lines break elsewhere; of the rest, calendars and spreadsheets make something.
FORMULA = re.compile(r"[=+\-@\t\r]")
# In `make test`, two of the texts are tried: what closes an attribute, in pages too, and what closes a file's line.
TEXTS = HOSTILE if FRACTION == 1 else [HOSTILE[2], HOSTILE[22]]
TEXTS_OF_PAGES = HOSTILE if FRACTION == 1 else TEXTS[:1]
# The pages that invitees see, and what hosts see of links and bookings; of the other routes, every tenth then.
MAIN_PAGES = ("/<username>/", "/d/<link_hash>/<slug>", "/booking/<uid>/", "/private-links/", "/bookings/<uid>/")

pytestmark = [pytest.mark.usefixtures("_quiet"), pytest.mark.rule("S10"), pytest.mark.trust]


@pytest.fixture
def make(database_clock: DatabaseClock, settings: Settings) -> Callable[[str], Everything]:
    """Return what stores one of everything, with the text wherever people write one."""
    settings.BOOKINGS_PER_ADDRESS = settings.BOOKINGS_PER_EMAIL = settings.LINKS_SENT_PER_HOST = None
    settings.ACCOUNT_RATE_LIMITS = False
    settings.SITE_URL = "http://testserver"
    database_clock.set(NOW)

    def with_text(text: str) -> Everything:
        everything = make_everything(text, location_kind="text")
        Booking.objects.update(reason=text, notes=text, guests=["guest@example.com"])
        return everything

    return with_text


def clients_of(everything: Everything) -> dict[str, Client]:
    """Return a visitor, who knows the secrets, and the host, who is staff too."""
    clients = {"visitor": Client(raise_request_exception=False), "host": Client(raise_request_exception=False)}
    clients["host"].force_login(everything.host)
    return clients


def addresses_of(everything: Everything, text: str, *, with_forms: bool) -> Iterator[tuple[str, str]]:
    """Yield every route with its address, and if forms count, another time with the text in its query."""
    tried = list(routes()) if FRACTION == 1 else [*MAIN_PAGES, *list(routes())[::10]]
    for route in tried:
        path = address(route, everything.values_of(route))
        yield route, path
        if not with_forms:
            continue
        yield f"{route}?", f"{path}?{urlencode({'start': START, 'q': text, 'month': text, 'tz': text, 'next': text})}"


def undo[T](act: Callable[[], T]) -> T:
    """Return what comes of it, and undo what it has stored."""
    with transaction.atomic():
        result = act()
        transaction.set_rollback(True)
    return result


def ask(client: Client, method: str, path: str, *fields: Any) -> Any:
    """Return the answer; nothing is stored, and the next page does not tell of it."""
    cookies = copy.copy(client.cookies)
    answer = undo(lambda: getattr(client, method)(path, *fields))
    client.cookies = cookies
    return answer


def is_page(answer: Any) -> bool:
    return not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")


def pages_of(everything: Everything, text: str, *, with_forms: bool = True) -> Iterator[tuple[str, Any]]:
    """Yield each page that anybody sees, and if forms count, each that answers one which says the text everywhere."""
    for person, client in clients_of(everything).items():
        sent: set[tuple[str, ...]] = set()
        for route, path in addresses_of(everything, text, with_forms=with_forms):
            answer = ask(client, "get", path)
            if is_page(answer):
                yield f"{person} {route}", answer
                if with_forms and "?" not in path:
                    forms = _new_forms(path, answer.text, sent)
                    yield from _answers_to_forms(person, client, forms, text)


def _new_forms(path: str, page: str, sent: set[tuple[str, ...]]) -> Iterator[FilledForm]:
    """Yield the page's forms that no other page has had: some stand on every one."""
    for form in filled_forms(path, page):
        form_as_sent = form.action, *sorted(dict(form.fields))
        if form_as_sent not in sent:
            sent.add(form_as_sent)
            yield form


def _answers_to_forms(person: str, client: Client, forms: Iterable[FilledForm], text: str) -> Iterator[tuple[str, Any]]:
    for form in forms:
        fields: dict[str, list[str]] = {}
        for name, value in form.fields:
            is_ours = "_FORMS" in name or name in ("request_key", "start", "tz")
            fields.setdefault(name, []).append(value if is_ours else text)
        answer = ask(client, "post", form.action, fields)
        if is_page(answer):
            yield f"{person} POST {form.action}", answer


@pytest.mark.parametrize("text", TEXTS_OF_PAGES, ids=range(len(TEXTS_OF_PAGES)))
def test_no_page_is_made_of_a_text(make: Callable[[str], Everything], figure: Callable[[str], None], text: str) -> None:
    # Where people meet is a link if it is an address.
    harmless = "https://ada.example/" if text.startswith("https://") else PLAIN
    pages = undo(lambda: list(pages_of(make(harmless), harmless, with_forms=False)))
    plain = {name: elements_of(page) for name, page in pages}
    seen, wrong = {}, []

    for name, page in pages_of(make(text), text):
        seen[name] = elements_of(page)
        wrong += [(name, found) for found in look_at(page.text).found]

    assert wrong == []
    # What the detector does not know shows here: a page has the elements that it has with a harmless text.
    assert [name for name, elements in plain.items() if seen[name] != elements] == []
    figure(f"{text!r}: {len(seen)} pages, on which it is nothing but text.")


def elements_of(page: Any) -> list[Element]:
    """Return what the page is made of, but for what line breaks become, and the choices that stand in order of text."""
    return [each for each in look_at(page.text).elements if each[0] != "option" and each not in (("br", ()), ("p", ()))]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_mail_is_made_of_a_text(make: Callable[[str], Everything], figure: Callable[[str], None], text: str) -> None:
    plain, hostile = (undo(lambda: every_mail(make(each), each)) for each in (PLAIN, text))  # noqa: B023

    assert [found for mail in hostile for page in html_of(mail) for found in look_at(page).found] == []
    assert [outline_of(mail) for mail in hostile] == [outline_of(mail) for mail in plain]
    figure(f"{text!r}: {len(hostile)} mails are made as with a harmless text.")


def html_of(mail: EmailMessage) -> list[str]:
    return [part.get_content() for part in mail.message().walk() if part.get_content_type() == "text/html"]


def outline_of(mail: EmailMessage) -> list[Any]:
    """Return what the mail is made of: its headers, the elements of its HTML, the lines of its calendar file."""
    message = mail.message()
    outline: list[Any] = [sorted(message.keys()), message["To"], [part.get_content_type() for part in message.walk()]]
    outline += [look_at(page).elements for page in html_of(mail)]
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            outline.append(outline_of_calendar(part.get_payload(decode=True)))
    return outline


def outline_of_calendar(content: Any) -> list[Any]:
    """Return names and parameters of the calendar's properties, and where its addresses lead."""
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    return [
        (name, sorted(getattr(value, "params", {})), str(value) if name in ("ATTENDEE", "ORGANIZER") else "")
        for name, value in calendar.property_items()
    ]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_file_is_made_of_a_text(make: Callable[[str], Everything], figure: Callable[[str], None], text: str) -> None:
    plain, hostile = (undo(lambda: files_of(make(each))) for each in (PLAIN, text))  # noqa: B023

    calendars = {name for name in plain if name.endswith(".ics")}
    tables = {
        name: list(csv.reader(StringIO(hostile[name].decode("utf-8-sig"), newline="")))
        for name in plain.keys() - calendars
    }
    assert {name: outline_of_calendar(hostile[name]) for name in calendars} == {
        name: outline_of_calendar(plain[name]) for name in calendars
    }
    assert {len(row) - len(table[0]) for table in tables.values() for row in table} == {0}
    assert [cell for table in tables.values() for row in table for cell in row if FORMULA.match(cell)] == []
    assert any(MARK in str(table) for table in tables.values())
    figure(f"{text!r}: {len(calendars)} calendar files and {len(tables)} tables have no line, column or formula more.")


def files_of(everything: Everything) -> dict[str, bytes]:
    """Return the calendar files and the tables that can be downloaded, by their routes."""
    host = clients_of(everything)["host"]
    files = [route for route in routes() if route.endswith((".ics", ".csv"))]
    return {route: host.get(address(route, everything.values_of(route))).getvalue() for route in files}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_detector_sees_a_text_that_is_not_escaped(text: str) -> None:
    """The control: in one of these places, each text that is script to a browser is found."""
    page = Template(
        f"<title>{text}</title><p>{text}</p><a href='{text}'>1</a><a href=\"{text}\">2</a>"
        f"<script>let text = '{text}';</script><textarea>{text}</textarea>"
    )

    found = look_at(page.render(Context())).found

    assert found != []


def test_the_outline_of_a_calendar_sees_a_line_more() -> None:
    """The control of files."""
    lines = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

    plain, hostile = (outline_of_calendar(lines.format(text)) for text in (PLAIN, HOSTILE[22]))

    assert plain != hostile
