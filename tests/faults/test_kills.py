"""`kill -9` of any part of the site, at any moment: what was acknowledged is there, once, and the site comes back.

A whole site runs for it as `make run` does, on a durable database of its own. Invitees book over real HTTP meanwhile,
and send a form again that nobody has answered.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from time import monotonic, sleep
from typing import Any

import psutil
import psycopg
import pytest
from django.db import connection
from django.db.models import Model

from bookings.models import Booking, BookingEvent
from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from tests.factories import BookingFactory
from tests.faults.booking_load import THREADS, Load, book, make_links, open_form, send
from tests.faults.killing import (
    KilledSite,
    booking_behind,
    found_some,
    holding,
    is_busy,
    kill,
    wait_until,
    whole_site,
)
from tests.faults.promises import Told, broken_promises
from tests.faults.storm import Invitee
from tests.form_client import FormClient
from tests.scale import scaled

KILLS = 60
# More uses than anybody comes to in that time.
LINKS = 25 * KILLS

type Figure = Callable[[str], None]
type Find = Callable[[KilledSite], list[psutil.Process]]

VICTIMS: dict[str, Find] = {
    "web process": KilledSite.web_processes,
    "web server": KilledSite.web_servers,
    "worker": KilledSite.workers,
    "backend of PostgreSQL": KilledSite.backends,
    "PostgreSQL": KilledSite.postmasters,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[KilledSite]:
    """The whole site; what tests ask Django's models for is its data."""
    with django_db_blocker.unblock(), whole_site(tmp_path_factory.mktemp("kills")) as site:
        yield site


@pytest.fixture(autouse=True)
def _no_bookings(site: KilledSite) -> None:
    """Begin without hosts, bookings and jobs."""
    connection.close()
    wait_until(site.is_ready)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Host._meta.db_table}, procrastinate_jobs CASCADE")


def findings(told: list[Told]) -> list[str]:
    """Return which promises are broken, asked through a connection that no kill has broken."""
    connection.close()
    return broken_promises(told)


# --- At random moments ---------------------------------------------------------------------------------------------


def order_of_victims() -> list[str]:
    """Return who is killed, each about as often as the others, in an order of chance."""
    rounds = [random.sample(list(VICTIMS), len(VICTIMS)) for _ in range(KILLS)]
    return [name for each in rounds for name in each][:KILLS]


def outage_after_killing(site: KilledSite, name: str, load: Load) -> float:
    """Kill the part at some moment, and return how many seconds it takes until everybody can book again."""
    sleep(random.uniform(0.05, 0.8))
    kill(random.choice(found_some(lambda: VICTIMS[name](site))))
    acknowledged = load.acknowledged()
    return wait_until(lambda: load.acknowledged() > acknowledged + THREADS)


@pytest.mark.in_full
@pytest.mark.rule("R8")
def test_nothing_is_lost_or_doubled_however_often_parts_are_killed(site: KilledSite, figure: Figure) -> None:
    load = Load(site.origin, make_links(LINKS))
    victims = order_of_victims()

    with load.running():
        outages = [outage_after_killing(site, name, load) for name in victims]
    found_some(site.workers)

    number = load.acknowledged()
    assert findings(load.told) == []
    assert number > KILLS * THREADS
    killed = ", ".join(f"{times} × {name}" for name, times in Counter(victims).items())
    figure(f"{KILLS} kills ({killed}): {number} bookings acknowledged, none lost, none doubled, no use burned")
    figure(f"bookings again after {max(outages):.1f} s at most, without anybody's help")


# --- At each point of a booking where it can wait -------------------------------------------------------------------


def _row(model: type[Model], pk_of: Callable[[PrivateLink], int]) -> Callable[[PrivateLink], str]:
    """Return what holds the row that the booking is about."""
    return lambda link: f"SELECT 1 FROM {model._meta.db_table} WHERE id = {pk_of(link)} FOR UPDATE"  # noqa: S608 - a number


def _writing(table: str) -> Callable[[PrivateLink], str]:
    """Return what lets everybody read the table, and nobody write."""
    return lambda _link: f"LOCK TABLE {table} IN SHARE MODE"


# In the order of the transaction. The last one is held by the check of a foreign key, which waits for the commit.
POINTS: dict[str, Callable[[PrivateLink], str]] = {
    "host is locked": _row(Host, lambda link: link.event_type.host_id),
    "link is locked": _row(PrivateLink, lambda link: link.pk),
    "booking is stored": _writing(Booking._meta.db_table),
    "history is stored": _writing(BookingEvent._meta.db_table),
    "use is counted": _writing(PrivateLink._meta.db_table),
    "mail is queued": _writing("procrastinate_jobs"),
    "commit": _row(EventType, lambda link: link.event_type_id),
}
PROCESSES: dict[str, Callable[[KilledSite, int], psutil.Process]] = {
    "web process": lambda site, _waiting: next(
        process for process in site.web_processes() if is_busy(process, site.site.port)
    ),
    "backend of PostgreSQL": lambda _site, waiting: psutil.Process(waiting),
    "PostgreSQL": lambda site, _waiting: site.postmasters()[0],
}
CASES = [(point, process) for point in POINTS for process in PROCESSES]
# All of them, or one for each process.
TRIED = CASES if scaled(len(CASES)) == len(CASES) else CASES[:: len(PROCESSES) * 2 + 1]


@pytest.mark.rule("R8")
@pytest.mark.parametrize(("point", "process"), TRIED)
def test_booking_that_is_killed_at_a_point_is_made_by_the_same_form_later(
    site: KilledSite, point: str, process: str
) -> None:
    [link] = make_links(1)
    with ThreadPoolExecutor(1) as invitee:
        with holding(site, POINTS[point](link)) as holder:
            booking = invitee.submit(book, site.origin, Invitee(link, 0))
            kill(PROCESSES[process](site, booking_behind(site, holder)))
        told = booking.result()

    assert findings([told]) == []
    link.refresh_from_db()
    assert (Booking.objects.count(), link.usage_count) == (1, 1)


# --- While the database is away -------------------------------------------------------------------------------------


@contextmanager
def database_away(site: KilledSite) -> Iterator[None]:
    """Kill PostgreSQL and let nobody start it again meanwhile. Its backends serve on for a moment."""
    keeper, backends = site.keeper(), site.backends()
    keeper.suspend()
    try:
        kill(site.postmasters()[0])
        psutil.wait_procs(backends)
        yield
    finally:
        keeper.resume()


def page(site: KilledSite, path: str) -> tuple[int, str | None, str]:
    """Return status, Retry-After and text of the page."""
    with closing(HTTPConnection("127.0.0.1", site.site.port, timeout=60)) as http:
        http.request("GET", path)
        response = http.getresponse()
        return response.status, response.headers["Retry-After"], response.read().decode()


@pytest.mark.rule("R8")
def test_pages_ask_for_patience_while_the_database_is_away(site: KilledSite, figure: Figure) -> None:
    [link] = make_links(1)
    invitee, client = Invitee(link, 0), FormClient(site.origin)
    fields = open_form(client, invitee)
    told = Told(fields["request_key"], invitee.details["email"])

    with database_away(site), ThreadPoolExecutor(4) as visitors:
        sent = visitors.submit(send, client, invitee, fields, told)
        began_at = monotonic()
        pages = list(visitors.map(partial(page, site), ["/accounts/login/", link.get_absolute_url(), "/ada/"]))
        patience = monotonic() - began_at
        alive = page(site, "/healthz")
        is_sent = sent.result()
    seconds = wait_until(site.is_ready)

    assert (is_sent, told.statuses, alive[0]) == (False, [503], 200)
    assert [(status, retry_after) for status, retry_after, _text in pages] == [(503, "5")] * 3
    assert all("<h1>Please try again</h1>" in text and "/static/css/" in text for _status, _after, text in pages)
    assert not any("Traceback" in text or "psycopg" in text for _status, _after, text in pages)
    assert (findings([told]), Booking.objects.count()) == ([], 0)
    assert send(client, invitee, fields, told)
    assert findings([Told(told.request_key, told.email, [302], told.addresses)]) == []
    figure(
        f"database away: 503 in words within {patience:.1f} s, nothing stored; ready {seconds:.1f} s after the start"
    )


# --- The controls ---------------------------------------------------------------------------------------------------


def test_booking_that_nobody_was_told_of_and_an_answer_that_is_none_are_found(site: KilledSite) -> None:
    [link] = make_links(1)
    told = book(site.origin, Invitee(link, 1))
    told.statuses.append(500)
    again = BookingFactory(event_type=link.event_type, private_link=link, holds_use=True, invitee_email=told.email)

    assert findings([told]) == [
        f"{told.email} has 2 bookings",
        f"nobody has asked for {again.get_absolute_url()}",
        f"0 mails for {again.get_absolute_url()}",
        f"{told.email} was answered 500",
        f"{link.name} counts 1 for 2 bookings",
    ]


@contextmanager
def commits_that_do_not_wait(site: KilledSite) -> Iterator[None]:
    """Let PostgreSQL say that it has committed what it has in memory only, and leave it there for long."""
    settings = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
    _set_up(site, [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in settings.items()])
    yield
    _set_up(site, [f"ALTER SYSTEM RESET {name}" for name in settings])


def _set_up(site: KilledSite, statements: list[str]) -> None:
    with psycopg.connect(site.database_url, autocommit=True) as administrator:
        for statement in [*statements, "SELECT pg_reload_conf()"]:
            administrator.execute(statement.encode())


@pytest.mark.in_full
@pytest.mark.rule("R8")
def test_what_is_acknowledged_before_it_is_on_the_disk_is_found_to_be_lost(site: KilledSite, figure: Figure) -> None:
    """The control: commits that do not wait, and the same load, kill and comparison."""
    load = Load(site.origin, make_links(LINKS))
    with commits_that_do_not_wait(site):
        with load.running():
            wait_until(lambda: load.acknowledged() > 3 * THREADS)
            kill(site.postmasters()[0])
        wait_until(site.is_ready)
        lost = [finding for finding in findings(load.told) if "which is not there" in finding]

    assert lost != []
    figure(f"control, commits that do not wait for the disk: {len(lost)} of {load.acknowledged()} bookings lost")
