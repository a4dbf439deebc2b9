"""Limits over real HTTP: several processes count as one, real proxies stand in front, and visitors lie in headers."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from django.core.cache import cache

from eventtypes.models import RequestCount
from privatelinks.models import PrivateLink
from tests.factories import PrivateLinkFactory
from tests.faults.storm import Invitee, book_at_once, make_open_event_type
from tests.form_client import Answer, FormClient, Headers
from tests.live_site import running_site
from tests.proxies import proxied
from tests.scale import FRACTION, scaled

MISCOUNTING = "tests.faults.miscounting_wsgi:application"
PROXIES = [0, 1, 2] if FRACTION == 1 else [2]
# Everybody comes from an address of this machine: one person, and somebody else.
ADDRESS, ANOTHER = "127.0.0.2", "127.0.0.3"
# So often each page may be asked; those of accounts are django-allauth's.
BOOKINGS, FAILED_LOG_INS, SIGN_UPS = 10, 10, 20
# How often it is tried once more after that.
TOO_OFTEN = 10 if FRACTION == 1 else 3
CROWD, LIMIT = 50, 20

type Figure = Callable[[str], None]


def lies() -> Iterator[Headers]:
    """Yield what a visitor can say about where they come from; another address each time, for ever."""
    number = 0
    while True:
        number += 1
        v4, v6 = f"203.0.113.{number % 250}", f"2001:db8:{number:x}::1"
        yield []
        yield [("X-Forwarded-For", v4)]
        yield [("X-Forwarded-For", f"{v4}, 192.0.2.1, 192.0.2.{number % 250}")]
        yield [("X-Forwarded-For", v6)]
        yield [("X-Forwarded-For", f"{v4}:{number}, [{v6}]:{number}")]
        yield [("X-Forwarded-For", v4), ("X-Forwarded-For", v6)]
        yield [("x-forwarded-for", v4), ("X-FORWARDED-FOR", f"{v6},")]
        yield [("X-Forwarded-For", f"unknown, ;nonsense={number} ,,\t, ")]
        yield [("X-Forwarded-For", ",".join([v4] * 400))]
        yield [("Forwarded", f"for={v4}"), ("X-Real-IP", v4), ("X-Client-IP", v4), ("CF-Connecting-IP", v4)]


class Visitors:
    """People at a site with a limit of ten bookings, behind proxies, who say untrue things about themselves."""

    def __init__(self, site: str, entrance: str) -> None:
        self.site, self.entrance = site, entrance
        self.lies = lies()
        self.link: PrivateLink = PrivateLinkFactory(event_type=make_open_event_type(), max_uses=None)
        self.pages: dict[str, tuple[str, dict[str, str]]] = {
            # What is wrong with a form is found after it was counted.
            "booking": (Invitee(self.link, 0).address, {"name": ""}),
            "log-in": ("/accounts/login/", {"login": "nobody", "password": "wrong"}),
            "sign-up": ("/accounts/signup/", {"email": "none"}),
        }

    def send(self, page: str, times: int, source: str = ADDRESS) -> list[Answer]:
        """Send the page's form so often, each time with other lies; log-ins with another name, for names count too."""
        path, values = self.pages[page]
        visitor = FormClient(self.site, source=source, proxy=self.entrance)
        fields = (
            visitor.form(path, having="csrfmiddlewaretoken" if page != "booking" else "request_key").fields | values
        )
        answers = []
        for number, headers in enumerate(islice(self.lies, times)):
            other = {"login": f"nobody-{source}-{number}"} if page == "log-in" else {}
            answers.append(visitor.post(path, fields | other, headers))
        return answers


@pytest.fixture
def _counted_anew(transactional_db: None) -> Iterator[None]:
    """Begin and end with nothing counted: the cache's table is not flushed between tests."""
    cache.clear()
    yield
    cache.clear()


@pytest.mark.rule("S14")
@pytest.mark.usefixtures("_counted_anew")
@pytest.mark.parametrize("proxies", PROXIES)
def test_no_header_opens_a_way_around_a_limit(proxies: int, figure: Figure) -> None:
    """Two processes count together, and whoever comes from another address is not in the way."""
    limits = {"booking": BOOKINGS, "log-in": FAILED_LOG_INS, "sign-up": SIGN_UPS}
    environment = {"TRUSTED_PROXIES": str(proxies), "BOOKINGS_PER_ADDRESS": f"{BOOKINGS}/1h"}

    with running_site(environment=environment) as site, proxied(site, proxies) as entrance:
        visitors = Visitors(site, entrance)
        answers = {page: visitors.send(page, limit + TOO_OFTEN) for page, limit in limits.items()}
        others = {page: visitors.send(page, 1, ANOTHER) for page in limits}

    admitted = {page: [answer.status != 429 for answer in of_page] for page, of_page in answers.items()}
    figure(
        f"{proxies} proxies: {', '.join(f'{sum(of)} of {len(of)} × {page}' for page, of in admitted.items())} admitted."
    )
    assert admitted == {page: [True] * limit + [False] * TOO_OFTEN for page, limit in limits.items()}
    assert {page: of_page[0].status for page, of_page in others.items()} == {
        "booking": 422,
        "log-in": 200,
        "sign-up": 200,
    }
    for page in limits:
        assert all(int(answer.retry_after) > 0 for answer in answers[page] if answer.status == 429)
        assert "Too many" in answers[page][-1].body


@pytest.mark.in_full
@pytest.mark.rule("S14")
@pytest.mark.usefixtures("_counted_anew")
def test_header_that_cannot_be_read_counts_as_that_of_one_more_address() -> None:
    """The web server drops a header with other bytes than ASCII: all who send one count together, as the proxy."""
    environment = {"TRUSTED_PROXIES": "1", "BOOKINGS_PER_ADDRESS": f"{BOOKINGS}/1h"}

    with running_site(environment=environment) as site, proxied(site, 1) as entrance:
        visitors = Visitors(site, entrance)
        visitors.lies = ([("X-Forwarded-For", f"\xe9{number}")] for number in range(100))
        answers = visitors.send("booking", BOOKINGS + 1) + visitors.send("booking", 1, ANOTHER)

    assert Counter(answer.status for answer in answers) == {422: BOOKINGS, 429: 2}


def book_in_a_crowd(entry: str = "config.wsgi:application") -> Counter[int]:
    """Let fifty invitees behind one address book at the same moment, each another slot, where twenty may."""
    RequestCount.objects.all().delete()
    link: PrivateLink = PrivateLinkFactory(event_type=make_open_event_type(), max_uses=None)
    environment = {"BOOKINGS_PER_ADDRESS": f"{LIMIT}/1h", "BOOKINGS_PER_EMAIL": ""}
    with running_site(entry=entry, environment=environment) as origin:
        answers = book_at_once(origin, [Invitee(link, number) for number in range(CROWD)])
    return Counter(answer.status for answer in answers)


@pytest.mark.rule("S14")
@pytest.mark.usefixtures("_counted_anew")
def test_crowd_at_the_limit_gets_exactly_the_limit(figure: Figure) -> None:
    rounds = [book_in_a_crowd() for _ in range(scaled(5))]

    figure(
        f"{len(rounds)} × {CROWD} bookings at once where {LIMIT} may: {rounds[-1][302]} booked, {rounds[-1][429]} not."
    )
    assert rounds == [{302: LIMIT, 429: CROWD - LIMIT}] * len(rounds)
    assert RequestCount.objects.get().count == CROWD


@pytest.mark.in_full
@pytest.mark.rule("S14")
@pytest.mark.usefixtures("_counted_anew")
def test_control_crowd_gets_past_a_counter_that_reads_and_writes(figure: Figure) -> None:
    answers = book_in_a_crowd(entry=MISCOUNTING)

    figure(f"The control, with a counter that reads and writes: {answers[302]} booked where {LIMIT} may.")
    assert answers[302] > LIMIT
