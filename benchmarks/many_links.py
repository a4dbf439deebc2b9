"""Many private links at once, on the clock: creating 1,000, downloading and listing 10,000, beside what little takes.

The two take turns, so that what else the machine does hits both alike; their ratio tells little of how busy it is.
"""

import csv
import uuid
from collections.abc import Callable
from functools import partial
from io import StringIO
from statistics import median
from time import perf_counter

from django.db import transaction
from django.test import Client

from eventtypes.models import EventType, Host
from privatelinks.models import PrivateLink
from privatelinks.services.limits import LinkChanges
from privatelinks.services.several_links import create_links
from privatelinks.views.link_list import PER_PAGE
from tests.csv_files import content_of
from tests.factories import EventTypeFactory, PrivateLinkFactory

ROUNDS = 9
CREATED = 1_000
DOWNLOADED = 10_000
# The list as its host asks for it.
LISTS = {
    "list": "",
    "found by name": "?q=link",
    "by uses": "?sort=most-uses",
    "active alone": "?state=active",
}


def measure() -> None:
    """Print all tables."""
    event_type = EventTypeFactory()
    compare(
        f"{CREATED:,} links created", lambda: create(event_type), "bare bulk_create", lambda: create_bare(event_type)
    )
    host = EventTypeFactory().host
    for event_type in EventTypeFactory.create_batch(10, host=host):
        links = PrivateLinkFactory.build_batch(DOWNLOADED // 10, event_type=event_type)
        PrivateLink.objects.bulk_create(links)
    client = browser_of(host)
    print()
    compare(
        f"CSV of {DOWNLOADED:,} links", lambda: download(client), "bare query and rows", lambda: download_bare(host)
    )
    other = browser_of(few_links(PER_PAGE + 1).host)
    for title, query in LISTS.items():
        print()
        compare(
            f"{title} of {DOWNLOADED:,}",
            partial(show, client, query),
            f"of {PER_PAGE + 1}",
            partial(show, other, query),
        )


def compare(title: str, call: Callable[[], object], bare_title: str, bare_call: Callable[[], object]) -> None:
    """Print the seconds that both take: the median and the range, and how many times the second the first is."""
    turns = [(_seconds(call), _seconds(bare_call)) for _ in range(ROUNDS + 1)][1:]
    real, bare = zip(*turns, strict=True)
    print(f"{'':>28}{'seconds on the clock':>28}")
    for name, seconds in ((title, real), (bare_title, bare)):
        print(f"{name:>28}{f'{median(seconds):.3f} ({min(seconds):.3f} to {max(seconds):.3f})':>28}")
    print(f"{'ratio':>28}{median(real) / median(bare):>28.2f}")


def browser_of(host: Host) -> Client:
    """Return a browser in which the host is logged in."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(host)
    return client


def few_links(number: int) -> EventType:
    """Return an event type of a host of its own, with so many links."""
    event_type: EventType = EventTypeFactory()
    PrivateLinkFactory.create_batch(number, event_type=event_type)
    return event_type


def show(client: Client, query: str) -> None:
    """Open the first page of the host's links."""
    assert b"private-links" in client.get(f"/private-links/{query}").content


def create(event_type: EventType) -> None:
    """Create links as the page does."""
    changes: LinkChanges = {"name": "Beta {n}", "max_uses": 5}
    assert create_links(event_type=event_type, batch=uuid.uuid4(), count=CREATED, changes=changes)


def create_bare(event_type: EventType) -> None:
    """Create the same rows, and nothing else."""
    batch = uuid.uuid4()
    with transaction.atomic():
        PrivateLink.objects.bulk_create(
            PrivateLink(event_type=event_type, batch=batch, name=f"Beta {number}", max_uses=5)
            for number in range(1, CREATED + 1)
        )


def download(client: Client) -> None:
    """Download the host's links."""
    assert content_of(client.get("/private-links/links.csv")).count(b"\r\n") == DOWNLOADED + 1


def download_bare(host: Host) -> None:
    """Read the same links with all that belongs to them, and write of each what needs no words."""
    file = StringIO()
    links = PrivateLink.objects.owned_by(host).with_event_type().order_by("pk").iterator(1_000)
    csv.writer(file).writerows([link.name, link.hash, link.max_uses, link.usage_count] for link in links)
    assert file.getvalue().count("\r\n") == DOWNLOADED


def _seconds(call: Callable[[], object]) -> float:
    begun = perf_counter()
    call()
    return perf_counter() - begun
