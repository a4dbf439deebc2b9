"""Invitees who book one after the other over real HTTP, many at a time, and send their form until they are answered."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from itertools import count
from threading import Event
from time import monotonic, sleep

from privatelinks.models import PrivateLink
from tests.factories import PrivateLinkFactory
from tests.faults.promises import Told
from tests.faults.storm import Invitee, make_open_event_type
from tests.form_client import Answer, FormClient, FormReader

THREADS = 6
HOSTS = 3
USES = 5
# How long an invitee tries to get through.
SECONDS = 90
# Every so many invitees give up when the site fails them, or send a form again that has been answered.
GIVES_UP = 5
SENDS_AGAIN = 4


def make_links(number: int) -> list[PrivateLink]:
    """Make links of a few uses each, of several hosts in turn."""
    event_types = [make_open_event_type() for _ in range(HOSTS)]
    return [PrivateLinkFactory(event_type=event_types[each % HOSTS], max_uses=USES) for each in range(number)]


def ask(client: FormClient, path: str, fields: dict[str, str] | None = None) -> Answer | None:
    """Return the answer, or None if nobody answered to the end."""
    try:
        return client.get(path) if fields is None else client.post(path, fields)
    except (OSError, HTTPException):
        return None


def open_form(client: FormClient, invitee: Invitee) -> dict[str, str]:
    """Return the fields of the invitee's form, as they fill it in, as soon as the site shows it."""
    deadline = monotonic() + SECONDS
    while monotonic() < deadline:
        answer = ask(client, invitee.address)
        if answer is not None and answer.status != 503:
            reader = FormReader()
            reader.feed(answer.body)
            return next(form.fields for form in reader.forms if "request_key" in form.fields) | invitee.details
        sleep(0.1)
    raise AssertionError("The site did not show the form in time.")


def send(client: FormClient, invitee: Invitee, fields: dict[str, str], told: Told) -> bool:
    """Send the form once, take down what is told, and tell whether it was that there is a booking."""
    answer = ask(client, invitee.address, fields)
    if answer is not None:
        told.statuses.append(answer.status)
    if answer is None or answer.status != 302:
        return False
    told.addresses.append(answer.location)
    return True


def book(origin: str, invitee: Invitee, *, gives_up: bool = False) -> Told:
    """Let the invitee book, again with the same form until there is an answer; one who gives up tries once."""
    client = FormClient(origin)
    fields = open_form(client, invitee)
    told = Told(fields["request_key"], invitee.details["email"])
    deadline = monotonic() + SECONDS
    while not send(client, invitee, fields, told) and not gives_up:
        assert monotonic() < deadline, f"Nobody answered in time: {told}"
        sleep(0.1)
    if told.addresses and invitee.number % SENDS_AGAIN == 0:
        send(client, invitee, fields, told)
    return told


class Load:
    """Invitees at work, each through the next use of the links, until somebody stops them or no use is left."""

    def __init__(self, origin: str, links: Sequence[PrivateLink]) -> None:
        self.told: list[Told] = []
        self._origin, self._links = origin, links
        self._numbers = count()
        self._is_over = Event()

    def acknowledged(self) -> int:
        """Return how many invitees have been told of a booking so far."""
        return sum(1 for told in tuple(self.told) if told.addresses)

    @contextmanager
    def running(self) -> Iterator[None]:
        with ThreadPoolExecutor(THREADS) as people:
            running: list[Future[None]] = [people.submit(self._book_on) for _ in range(THREADS)]
            try:
                yield
            finally:
                self._is_over.set()
            for one in running:
                one.result(SECONDS)

    def _book_on(self) -> None:
        while not self._is_over.is_set() and (number := next(self._numbers)) < USES * len(self._links):
            invitee = Invitee(self._links[number // USES], number)
            self.told.append(book(self._origin, invitee, gives_up=number % GIVES_UP == 0))
