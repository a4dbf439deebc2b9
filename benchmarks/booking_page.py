"""The page of a private link: under load beside a bare view, as data grows, and where its time goes.

The bare view (`bare_wsgi.py`) renders the same templates behind the same middleware on a server of the same settings,
from values that are ready. Requests per second tell as well how busy the machine is with something else; the time on
the processor hardly does.
"""

import os
from datetime import UTC, datetime, time, timedelta
from statistics import median
from types import ModuleType

from django.db import connection
from django.test import Client

from benchmarks.load import CONNECTIONS, Page, Round, interleaved
from benchmarks.site import Server, serving
from benchmarks.stopwatch import QUERIES, REST, Stopwatch
from bookings import slots
from bookings.models import Booking
from bookings.views import booking_page, private_link
from eventtypes.months import Month
from privatelinks.models import PrivateLink
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory

ROUNDS = 5
REQUESTS = 200
# Of a single process, one after the other.
RUNS = 100

# What a page with a month says.
WORDS = b"Days with times in "

# The functions of the page's parts. What stands further down runs within what stands above it, and counts for itself.
PARTS: dict[str, tuple[ModuleType, str]] = {
    "the link and its event type": (private_link, "_resolve"),
    "hours, meetings and months": (booking_page, "offer_month"),
    "slot engine": (slots, "find_slots"),
    "words and addresses": (booking_page, "build_picker"),
    "templates": (booking_page, "render"),
}


def measure() -> None:
    """Print all tables."""
    print(f"The page of a private link; {CONNECTIONS} connections on loopback, {_load_of_machine()}")
    print(f"{ROUNDS} rounds of {REQUESTS} requests in turn, each answered with 200 and the same page: median (range)")
    few, many, very_many = [_path(bookings=number) for number in (1, 100, 1000)]
    among_many = _path(links=1000)
    pages = {"as first opened": many, "the month after": f"{many}?month={_next_month()}"}
    with serving() as site:
        with serving("benchmarks.bare_wsgi:application") as bare:
            for title, path in pages.items():
                compare(title, Page(site, path), Page(bare, path))
        grow("bookings", site, {1: few, 100: many, 1000: very_many})
        grow("links", site, {1: few, 1000: among_many})
    break_down(pages)
    print(f"\n{_load_of_machine().capitalize()}")


def compare(title: str, real: Page, bare: Page) -> None:
    """Print how a page does beside the bare view that renders the same."""
    body = real.get()
    assert WORDS in body
    assert body == bare.get()
    of_real, of_bare = interleaved([real, bare], rounds=ROUNDS, requests=REQUESTS)
    print(f"\n{f'{title} ({len(body) / 1000:.0f} kB)':>28}{'requests/s':>22}{'ms of processor':>25}")
    print(f"{'Sidedoor':>28}{_rate(of_real):>22}{_cost(of_real):>25.2f}")
    print(f"{'bare view':>28}{_rate(of_bare):>22}{_cost(of_bare):>25.2f}")
    print(f"{'ratio':>28}{_per_second(of_real) / _per_second(of_bare):>22.2f}{_cost(of_bare) / _cost(of_real):>25.2f}")


def grow(title: str, site: Server, paths: dict[int, str]) -> None:
    """Print how the time grows with the number of something."""
    growth = interleaved([Page(site, path) for path in paths.values()], rounds=ROUNDS, requests=REQUESTS)
    print(f"\n{title:>28}{'requests/s':>22}{'ms of processor':>25}   times the first")
    for number, rounds in zip(paths, growth, strict=True):
        times = _cost(rounds) / _cost(growth[0])
        print(f"{number:>28,}{_rate(rounds):>22}{_cost(rounds):>25.2f}{times:>18.2f}")


def break_down(paths: dict[str, str]) -> None:
    """Print where the time of one request goes, in this process; what PostgreSQL does is not in it."""
    tables = {title: _milliseconds_by_part(path) for title, path in paths.items()}
    print(f"\n{'ms of processor in':>28}" + "".join(f"{title:>22}" for title in tables))
    for part in (*PARTS, QUERIES, REST):
        cells = (f"{table[part]:.2f} ({table[part] / sum(table.values()):>4.0%})" for table in tables.values())
        print(f"{part:>28}" + "".join(f"{cell:>22}" for cell in cells))


def _milliseconds_by_part(path: str) -> dict[str, float]:
    """Return the median of many requests, part by part."""
    client = Client(headers={"host": "127.0.0.1"})
    watches = [_request(client, path) for _ in range(RUNS + 1)][1:]
    return {part: 1000 * median(watch.seconds[part] for watch in watches) for part in (*PARTS, QUERIES, REST)}


def _request(client: Client, path: str) -> Stopwatch:
    """Ask for the page once, with a stopwatch on its parts."""
    watch = Stopwatch()
    with watch.on_functions(PARTS), connection.execute_wrapper(watch.on_query), watch.part(REST):
        response = client.get(path)
    assert WORDS in response.content
    return watch


def _path(*, bookings: int = 1, links: int = 1) -> str:
    """Return the address of a private link of a new host with so many bookings, and links to the one event type.

    The meetings are in the evenings of the next sixty days: they are looked at, but take no slot away.
    """
    event_type = EventTypeFactory()
    evening = datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time(18), UTC)
    starts = [evening + timedelta(days=number % 60, minutes=number // 60 * 10) for number in range(bookings)]
    Booking.objects.bulk_create(
        BookingFactory.build(event_type=event_type, starts_at=start, ends_at=start + timedelta(minutes=5))
        for start in starts
    )
    PrivateLink.objects.bulk_create(PrivateLinkFactory.build_batch(links, event_type=event_type))
    return PrivateLink.objects.filter(event_type=event_type).earliest("pk").get_absolute_url()


def _next_month() -> Month:
    return Month.containing(datetime.now(UTC).date()).next()


def _per_second(rounds: list[Round]) -> float:
    return median(one.per_second for one in rounds)


def _rate(rounds: list[Round]) -> str:
    rates = [one.per_second for one in rounds]
    return f"{median(rates):.0f} ({min(rates):.0f} to {max(rates):.0f})"


def _cost(rounds: list[Round]) -> float:
    return median(one.processor_ms for one in rounds)


def _load_of_machine() -> str:
    return f"load of the machine's {os.cpu_count()} processors: {os.getloadavg()[0]:.1f}"
