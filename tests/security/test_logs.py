"""A whole site, web server and worker, while links are opened, booked, sent and made to fail: its log has no secret."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.sql import SQL, Identifier

from bookings.models import Booking, CalendarFeed
from config.redaction import fingerprint
from eventtypes.models import Host
from privatelinks.models import PrivateLink
from tests.bookings.queued_mails import empty_queue
from tests.factories import HostFactory, PrivateLinkFactory
from tests.faults.mail_server import Mailbox, mail_server
from tests.faults.storm import make_open_event_type, slot_start
from tests.faults.worker import wait_until
from tests.form_client import Answer, FormClient
from tests.live_site import database_url, free_port
from tests.whole_site import Site

# Nobody guesses the rest of a hash, or of a uid, of which so much is left out; less of it may be in a word by chance.
PIECE = 8
STOP_SECONDS = 30
# Where a secret is kept: in its own column, and nowhere else.
KEPT_IN = {"privatelinks_privatelink": "hash", "bookings_calendarfeed": "hash", "bookings_booking": "uid"}

type Figure = Callable[[str], None]


@dataclass(slots=True)
class Life:
    """A running site, what it has said so far, its mails, and the secrets that there have been."""

    origin: str
    output: Path
    mailbox: Mailbox
    link: PrivateLink
    feed: CalendarFeed
    secrets: dict[str, str]

    def visitor(self) -> FormClient:
        return FormClient(self.origin)

    def logged_in(self, host: Host) -> FormClient:
        """Return somebody who has logged in; the site has the same secret key as the tests."""
        client, session = FormClient(self.origin), Client()
        session.force_login(host)
        client.take_cookie("sessionid", session.cookies["sessionid"].value)
        return client

    def remember(self) -> None:
        """Note the secrets that there are now; those from before are none the less secret."""
        self.secrets |= {f"link {link.name} {link.hash[:3]}": link.hash for link in PrivateLink.objects.all()}
        self.secrets |= {f"booking {uid.hex[:3]}": str(uid) for uid in Booking.objects.values_list("uid", flat=True)}


@pytest.fixture
def life(transactional_db: None, tmp_path: Path) -> Iterator[Life]:
    """The site as `make run` runs it, on the test's database, which logs all it can."""
    empty_queue()
    link: PrivateLink = PrivateLinkFactory.create(event_type=make_open_event_type(), name="Autumn", max_uses=None)
    feed = CalendarFeed.objects.create(host=link.event_type.host)
    secrets = {"link": link.hash, "feed": feed.hash}
    with mail_server() as (email_url, mailbox), running(tmp_path, email_url) as site:
        yield Life(f"http://127.0.0.1:{site.port}", site.output, mailbox, link, feed, secrets)
    empty_queue()


@contextmanager
def running(folder: Path, email_url: str) -> Iterator[Site]:
    """Run the site; whatever its processes say goes to one file."""
    variables = {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.security.talkative_settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "EMAIL_URL": email_url,
        "WEB_PROCESSES": "1",
    }
    site = Site(folder / "data", free_port(), folder / "output", "tests.faults.unprepared_run", variables)
    (site.data / "static").mkdir(parents=True)
    supervisor = site.start_and_wait()
    try:
        yield site
    finally:
        supervisor.terminate()
        supervisor.wait(STOP_SECONDS)


def send(client: FormClient, path: str, **changes: str) -> Answer:
    """Send the form of the page that has these fields, with the changes."""
    form = client.form(path, having=next(iter(changes)))
    return client.post(form.action or path, form.fields | changes)


def press(client: FormClient, page: str, path: str) -> Answer:
    """Press a button of the page that leads to the path and asks nothing."""
    token = client.form(page, having="csrfmiddlewaretoken").fields["csrfmiddlewaretoken"]
    return client.post(path, {"csrfmiddlewaretoken": token})


# --- What happens --------------------------------------------------------------------------------------------------


def open_links(life: Life) -> None:
    """Open the link and the feed, and addresses like theirs that lead nowhere."""
    visitor, address, link_hash = life.visitor(), life.link.get_absolute_url(), life.link.hash
    slug, encoded = life.link.event_type.slug, "".join(f"%{ord(character):02x}" for character in life.link.hash)
    assert visitor.get(address).status == visitor.get(life.feed.get_absolute_url()).status == 200
    for path in (
        f"{address}/",
        f"/d/{link_hash}",
        f"/d/{link_hash}/another?from={link_hash}",
        f"/d/{link_hash[:-1]}/{slug}",
        f"/d/{link_hash}x/{slug}",
        f"/d/{link_hash.swapcase()}/{slug}",
        f"/d/{encoded}/another",
        f"/{link_hash}/",
        f"/nowhere/{link_hash}/?next={quote(address)}",
        f"/calendar/{life.feed.hash}",
        f"/calendar/{life.feed.hash[1:]}.ics",
    ):
        assert visitor.get(path).status == 404


def book(life: Life, number: int) -> Answer:
    """Book the slot of that number through the link."""
    address = f"{life.link.get_absolute_url()}?start={slot_start(number):%Y-%m-%dT%H:%M:%SZ}"
    return send(life.visitor(), address, name="Iris Invitee", email="iris@example.com")


def book_and_change(life: Life) -> None:
    """Book, look at the booking, move it and cancel it, and let the token of a form be missing."""
    visitor, page, start = life.visitor(), book(life, 0).location, f"{slot_start(8):%Y-%m-%dT%H:%M:%SZ}"
    assert visitor.get(page).status == visitor.get(f"{page}event.ics").status == 200
    assert send(visitor, f"{page}reschedule/?start={start}", start=start).location == page
    assert send(visitor, f"{page}cancel/", reason="No time").location == page
    assert visitor.get(f"{page}nowhere/").status == 404
    assert life.visitor().post(f"{page}cancel/", {}).status == 403
    assert life.visitor().post(life.link.get_absolute_url(), {}).status == 403


def be_its_host(life: Life) -> None:
    """Look for the link, send it, change it, give it another URL; and be asked to log in on the way to it."""
    host, page = life.logged_in(life.link.event_type.host), f"/private-links/{life.link.pk}/"
    assert host.get(f"/private-links/?q={life.link.hash}").status == host.get(f"{page}qr.svg").status == 200
    assert send(host, f"{page}send/", recipient="iris@example.com", text="Hello!").status == 302
    assert [press(host, page, f"{page}{act}/").status for act in ("duplicate", "pause", "resume")] == [302, 302, 302]
    assert host.get(f"/event-types/?from={life.link.hash}").status == 200
    assert life.visitor().get(f"/event-types/?from={life.link.hash}").status == 302
    login = f"/accounts/login/?next={quote(life.link.get_absolute_url())}"
    assert send(life.visitor(), login, login="ada", password="wrong").status == 200


def replace_hash(life: Life) -> None:
    """Give the link another URL, and open the former one."""
    host, former = life.logged_in(life.link.event_type.host), life.link.get_absolute_url()
    page = f"/private-links/{life.link.pk}/"
    assert press(host, f"{page}new-url/", f"{page}new-url/").status == 302
    life.link.refresh_from_db()
    assert life.visitor().get(former).status == 404


def be_staff(life: Life) -> None:
    """Change the link and delete another one in the admin, which keeps a log of its own."""
    staff = life.logged_in(HostFactory.create(is_staff=True, is_superuser=True))
    copy = PrivateLink.objects.exclude(pk=life.link.pk).latest("pk")
    page = "/admin/privatelinks/privatelink/"
    assert staff.get(f"{page}?q={life.link.hash}").status == 200
    assert send(staff, f"{page}{life.link.pk}/change/", name="Winter").status == 302
    assert send(staff, f"{page}{copy.pk}/delete/", post="yes").status == 302


# --- What goes wrong -----------------------------------------------------------------------------------------------


@contextmanager
def broken(what: str, how: str, back: str) -> Iterator[None]:
    """Break a table, and mend it again."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {what} {how}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {what} {back}")


def find_the_database_broken(life: Life) -> None:
    """Open and book while the database refuses: what it says then quotes the statement, or the whole row."""
    visitor, link, booking = life.visitor(), life.link.get_absolute_url(), Booking.objects.latest("pk")
    hidden = "RENAME COLUMN {0} TO hidden", "RENAME COLUMN hidden TO {0}"
    pages = {
        ("privatelinks_privatelink", "hash"): link,
        ("privatelinks_privatelink", "is_paused"): link,
        ("bookings_calendarfeed", "hash"): life.feed.get_absolute_url(),
        ("bookings_booking", "uid"): booking.get_absolute_url(),
    }
    for (table, column), page in pages.items():
        with broken(table, *(words.format(column) for words in hidden)):
            assert visitor.get(page).status == 500
    swapped = (
        "RENAME COLUMN {0} TO hidden; ALTER TABLE {1} ADD COLUMN {0} date",
        "DROP COLUMN {0}; ALTER TABLE {1} RENAME COLUMN hidden TO {0}",
    )
    for (table, column), page in pages.items():
        if column != "is_paused":
            with broken(table, *(words.format(column, table) for words in swapped)):
                assert visitor.get(page).status == 500
    with broken("bookings_bookingevent", *(words.format("kind") for words in hidden)):
        assert book(life, 20).status == 500
    for table, condition in [("privatelinks_privatelink", "usage_count < 0"), ("bookings_booking", "ics_sequence < 0")]:
        with broken(table, f"ADD CONSTRAINT broken CHECK ({condition}) NOT VALID", "DROP CONSTRAINT broken"):
            assert book(life, 20).status == 500


def let_mails_be_refused(life: Life) -> None:
    """Book and send the link while the mail server refuses all mails, and quotes what it does not like in them."""
    host, page = life.logged_in(life.link.event_type.host), f"/private-links/{life.link.pk}/send/"
    booked = book(life, 12)
    for code in (451, 554):
        wait_until(lambda: not due_jobs())
        number = len(life.mailbox.refused)
        life.mailbox.answer = f"{code} 5.7.1 Not with {life.origin}{life.link.get_absolute_url()} {booked.location}"
        assert send(host, page, recipient=f"i{code}@example.com", text="Hello!").status == 302
        assert book(life, 12 + code).status == 302
        wait_until(lambda: len(life.mailbox.refused) >= number + 3 and not due_jobs())  # noqa: B023 - it is awaited here
    life.mailbox.answer = "250 OK"


def due_jobs() -> bool:
    """Whether there is a mail that the worker has not taken up yet, or is at."""
    mails = ProcrastinateJob.objects.filter(queue_name="mail")
    waits_for_another_try = Q(status="todo", scheduled_at__gt=Now())
    return mails.filter(status__in=["todo", "doing"]).exclude(waits_for_another_try).exists()


HAPPENINGS = [
    open_links,
    book_and_change,
    be_its_host,
    let_mails_be_refused,
    find_the_database_broken,
    be_staff,
    replace_hash,
    open_links,
]


# --- Where it might have been told ---------------------------------------------------------------------------------


def pieces(secret: str) -> set[str]:
    """Return every piece of a secret that would be too much to tell."""
    return {secret[start : start + PIECE] for start in range(len(secret) - PIECE + 1)}


def told(secrets: dict[str, str], text: str) -> list[str]:
    """Return the secrets of which a piece is in the text."""
    return [name for name, secret in secrets.items() if any(piece in text for piece in pieces(secret))]


def text_of(mail: EmailMessage) -> str:
    """Return the subject and the texts of a mail."""
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    return "\n".join([mail["Subject"], *(part.decode() for part in parts if isinstance(part, bytes))])


def rows_by_table() -> Iterator[tuple[str, str]]:
    """Yield each table with the text of all its rows, without the column where its secret is kept."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            rows = SQL("SELECT string_agg((to_jsonb(t) - {})::text, ' ') FROM {} t")
            cursor.execute(rows.format(KEPT_IN.get(table, ""), Identifier(table)))
            yield table, cursor.fetchone()[0] or ""


def sessions_and_cache() -> Iterator[tuple[str, str]]:
    """Yield what is packed in rows: what sessions hold, and what is cached."""
    yield "sessions", str([session.get_decoded() for session in Session.objects.all()])
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM shared_cache")
        yield "cache", str([base64.b64decode(value) for (value,) in cursor.fetchall()])


@pytest.mark.rule("S6")
def test_whole_site_tells_no_secret_to_its_log_its_reports_and_its_jobs(life: Life, figure: Figure) -> None:
    for happening in HAPPENINGS:
        happening(life)
        life.remember()
    wait_until(lambda: not due_jobs())

    log = life.output.read_text()
    reports = [text_of(mail) for mail in life.mailbox.accepted if "admin@sidedoor.example" in mail["To"]]
    sent = [text_of(mail) for mail in life.mailbox.accepted if "iris@example.com" in mail["To"]]
    stored = dict([*rows_by_table(), *sessions_and_cache()])
    figure(f"{len(life.secrets)} hashes and uids: in 0 of {len(log.splitlines()):,} lines of web server and worker,")
    figure(f"0 of {len(reports)} error reports, 0 columns of {len(stored)} tables but the three that keep them")
    # What is not told has happened, and was told of by its fingerprint.
    assert f"link:{fingerprint(life.secrets['link'])}" in log
    assert any(f"link:{fingerprint(life.secrets['link'])}" in report for report in reports)
    assert any(life.secrets["link"] in mail for mail in sent)
    assert len(reports) >= 7
    assert told(life.secrets, log) == []
    assert told(life.secrets, "\n".join(reports)) == []
    assert {table: names for table, rows in stored.items() if (names := told(life.secrets, rows))} == {}
