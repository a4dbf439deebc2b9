"""Dead links and unknown ones over real HTTP: the same to the byte, and in the same time."""

import random
from collections.abc import Callable, Iterator
from statistics import median

import pytest

from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import NOW
from tests.bookings.ended_links import ENDS
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, PrivateLinkFactory
from tests.live_site import running_site
from tests.scale import FRACTION, scaled
from tests.security.line import Line, line_to

TELLTALE = "tests.security.telltale_wsgi:application"
# In each, every address is asked for once: 24,000 answers in full. `make test` does not judge times, so a few do.
ROUNDS = scaled(2_000) if FRACTION == 1 else 3
ROUNDS_OF_THE_CONTROL = 800
WARMING_UP = 10 if FRACTION == 1 else 1
# What the control's telltale takes longer, in seconds: hardly more than what may be.
DELAY = 0.0005

UNKNOWN = "never was any"
SLUG = "discovery-call"

type Figure = Callable[[str], None]
type Times = dict[str, list[float]]


@pytest.fixture
def addresses(transactional_db: None, database_clock: DatabaseClock) -> dict[str, str]:
    """The address of a link in each of the ways in which it can be over, and others that never led anywhere."""
    database_clock.set(NOW)
    ended = {way: end(make_link()) for way, end in ENDS.items()}
    live, other = make_link().hash, "2" * 22
    never = {UNKNOWN: "1" * 22, "never was any either": other, "malformed": other[:-1], "altered": f"{live[1:]}z"}
    return ended | {way: f"/d/{link_hash}/{SLUG}" for way, link_hash in never.items()}


@pytest.fixture
def line(addresses: dict[str, str]) -> Iterator[Line]:
    """A connection to the site."""
    with running_site(workers=1, environment={"LOG_LEVEL": "ERROR"}) as origin, line_to(origin) as line:
        yield line


@pytest.fixture
def telltale_line(addresses: dict[str, str]) -> Iterator[Line]:
    """A connection to a site that tells dead links apart."""
    environment = {"LOG_LEVEL": "ERROR", "DELAY": str(DELAY)}
    with running_site(entry=TELLTALE, workers=1, environment=environment) as origin, line_to(origin) as line:
        yield line


def make_link() -> PrivateLink:
    """Make a link whose event type is the only one of its host."""
    event_type = EventTypeFactory.create(title="Discovery call", slug=SLUG)
    link: PrivateLink = PrivateLinkFactory.create(event_type=event_type)
    return link


def measure(line: Line, addresses: dict[str, str], rounds: int) -> Times:
    """Ask for each address in each round, in an order of chance, and return how long the answers took."""
    names = list(addresses)
    times: Times = {name: [] for name in names}
    for number in range(WARMING_UP + rounds):
        for name in random.sample(names, len(names)):
            seconds = line.get(addresses[name]).seconds
            if number >= WARMING_UP:
                times[name].append(seconds)
    return times


def different(times: Times) -> dict[str, str]:
    """Return which medians are further than 1 ms, or 5 %, from that of an unknown link."""
    expected = median(times[UNKNOWN])
    off = {name: median(samples) - expected for name, samples in times.items()}
    return {
        name: f"{1000 * difference:+.2f} ms, {difference / expected:+.1%}"
        for name, difference in off.items()
        if abs(difference) > min(0.001, 0.05 * expected)
    }


def really_different(line: Line, addresses: dict[str, str], rounds: int) -> tuple[Times, dict[str, str]]:
    """Return the times of a measurement, and what is different in it and, measured once more, still is."""
    times = measure(line, addresses, rounds)
    if not (found := different(times)):
        return times, {}
    again = measure(line, addresses, rounds)
    return again, {name: words for name, words in different(again).items() if name in found}


@pytest.mark.rule("S3")
def test_dead_link_answers_like_an_unknown_one_to_the_byte_and_in_the_same_time(
    line: Line, addresses: dict[str, str], figure: Figure
) -> None:
    replies = {way: line.get(address) for way, address in addresses.items()}
    times, slower_or_quicker = really_different(line, addresses, ROUNDS)

    unknown, expected = replies[UNKNOWN], median(times[UNKNOWN])
    furthest = max(abs(median(samples) - expected) for samples in times.values())
    figure(f"{len(addresses)} kinds of dead and unknown, {ROUNDS:,} times each in turn: {1000 * expected:.2f} ms")
    figure(f"the median of no kind is further from it than {1000 * furthest:.3f} ms, {furthest / expected:.1%}")
    assert unknown.status == 404
    assert [way for way, reply in replies.items() if reply.lasting_head != unknown.lasting_head] == []
    assert [way for way, reply in replies.items() if reply.body != unknown.body] == []
    assert FRACTION > 1 or slower_or_quicker == {}


@pytest.mark.in_full
@pytest.mark.rule("S3")
def test_measurement_sees_a_site_that_tells_them_apart(
    telltale_line: Line, addresses: dict[str, str], figure: Figure
) -> None:
    """The control: where dead links take a little longer, the verdict is another one."""
    some = {way: addresses[way] for way in ("expired", "paused", UNKNOWN)}

    _times, seen = really_different(telltale_line, some, ROUNDS_OF_THE_CONTROL)

    assert sorted(seen) == ["expired", "paused"]
    figure(f"control, dead links {1000 * DELAY:g} ms slower: seen as {seen['expired']} and {seen['paused']}")
