"""The demo that `make run` starts with, and the check that links count right."""

from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from bookings.models import Booking
from bookings.services.link_counts import Miscount, find_miscounts
from eventtypes.models import EventType, Host, Visibility
from privatelinks.models import LinkState, PrivateLink
from tests.clock import DatabaseClock
from tests.factories import BookingFactory, HostFactory, PrivateLinkFactory

BERLIN = ZoneInfo("Europe/Berlin")


def demo(**passwords: str) -> dict[str, str]:
    """Run the command; return what it prints, by label. A log-in follows its address."""
    out = StringIO()
    call_command("demo", **{"host_password": "host-secret", "staff_password": "staff-secret"} | passwords, stdout=out)
    pairs, label = {}, ""
    for line in out.getvalue().splitlines():
        start, text = line[:16].strip(), line[16:].strip()
        label = start or f"{label} log-in"
        pairs[label] = text
    return pairs


@pytest.fixture
def _site(settings: Settings, db: None) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"


@pytest.mark.usefixtures("_site")
def test_demo_fills_an_empty_database_and_says_where(settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "…filebased.EmailBackend", "OPTIONS": {"file_path": "/data/mail"}}}

    printed = demo()

    link = PrivateLink.objects.get(name="Conference visitors")
    assert printed == {
        "Public page": "http://127.0.0.1:8000/demo/",
        "A private link": f"http://127.0.0.1:8000/d/{link.hash}/mentoring-session",
        "Dashboard": "http://127.0.0.1:8000/event-types/",
        "Dashboard log-in": "username: demo   password: host-secret",
        "Admin": "http://127.0.0.1:8000/admin/",
        "Admin log-in": "username: staff   password: staff-secret",
        "Mail": "/data/mail (one file for each mail)",
    }


@pytest.mark.usefixtures("_site")
def test_demo_has_every_kind_of_event_type_and_every_state_of_a_link() -> None:
    demo()

    now = datetime.now(UTC)
    assert sorted(EventType.objects.values_list("visibility", flat=True)) == sorted(Visibility.values)
    assert {link.state(now) for link in PrivateLink.objects.all()} == set(LinkState)
    assert {booking.status for booking in Booking.objects.all()} == {"pending", "confirmed", "cancelled"}
    assert find_miscounts() == []


@pytest.mark.usefixtures("_site")
def test_demo_host_can_log_in_and_has_a_verified_address(client: Client) -> None:
    demo()

    host = Host.objects.get(username="demo")
    host.full_clean()
    assert client.login(username="demo", password="host-secret")
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (host.pk, "demo@example.com", True, True)
    ]


@pytest.mark.usefixtures("_site")
def test_demo_changes_nothing_the_second_time() -> None:
    first = demo()

    again = demo(host_password="other", staff_password="other")

    before = first | {
        "Dashboard log-in": "username: demo   password: the one set before",
        "Admin log-in": "username: staff   password: the one set before",
    }
    assert again == before
    assert (Host.objects.count(), EventType.objects.count(), Booking.objects.count()) == (2, 3, 10)


@pytest.mark.usefixtures("_site")
def test_demo_leaves_other_databases_alone() -> None:
    HostFactory()
    out = StringIO()

    call_command("demo", stdout=out)

    assert out.getvalue() == "There is no demo in this database: it has hosts of its own.\n"
    assert Host.objects.count() == 1


@pytest.mark.usefixtures("_site")
def test_demo_offers_another_link_when_one_is_over() -> None:
    demo()
    PrivateLink.objects.filter(name="Conference visitors").update(is_paused=True)

    assert PrivateLink.objects.get(name="For Tomás").hash in demo()["A private link"]


@pytest.mark.usefixtures("_site")
def test_demo_without_a_live_link_names_none() -> None:
    demo()
    PrivateLink.objects.update(is_paused=True)

    assert "A private link" not in demo()


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2027, 1, 1, 0, 0, tzinfo=BERLIN), id="a new year's night"),
        pytest.param(datetime(2027, 3, 28, 1, 59, tzinfo=BERLIN), id="a Sunday on which the clock changes"),
        pytest.param(datetime(2027, 10, 30, 23, 59, tzinfo=BERLIN), id="the night before the clock changes back"),
        pytest.param(datetime(2028, 2, 29, 12, 0, tzinfo=BERLIN), id="a leap day"),
    ],
)
def test_demo_makes_sense_whenever_it_is_made(database_clock: DatabaseClock, now: datetime) -> None:
    database_clock.set(now)

    with time_machine.travel(now, tick=False):
        demo()

    past = Booking.objects.past(now)
    assert (Booking.objects.upcoming(now).count(), past.count(), Booking.objects.cancelled().count()) == (5, 3, 1)
    assert {booking.starts_at.astimezone(BERLIN).weekday() for booking in Booking.objects.all()} <= set(range(5))
    assert list(past.filter(private_link__expires_at__lte=F("created_at"))) == []
    assert list(past.filter(private_link__created_at__gt=F("created_at"))) == []
    assert {link.state(now) for link in PrivateLink.objects.all()} == set(LinkState)
    assert find_miscounts() == []


def test_check_of_links_that_count_right(db: None) -> None:
    link = PrivateLinkFactory(usage_count=1)
    BookingFactory(event_type=link.event_type, private_link=link, holds_use=True)
    BookingFactory(event_type=link.event_type, private_link=link)
    out = StringIO()

    call_command("check_links", stdout=out)

    assert out.getvalue() == "Private links that were checked: 1. All of them count right.\n"


def test_check_of_a_link_that_counts_wrong(db: None) -> None:
    link = PrivateLinkFactory(name="Spring", usage_count=1, max_uses=2)
    err = StringIO()

    with pytest.raises(CommandError, match=r"^Private links that miscount: 1\.$") as failed:
        call_command("check_links", stderr=err)

    assert failed.value.returncode == 1
    assert err.getvalue() == f"Private link {link.pk} (Spring): 1 uses counted, but 0 bookings hold one.\n"
    assert find_miscounts() == [Miscount(link.pk, "Spring", 1, 0)]
