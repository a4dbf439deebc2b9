"""The picture of a link's uses over time: which uses it shows, on which days, and in which words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from privatelinks.link_picture import NumbersOfPeriod, link_picture
from privatelinks.models import PrivateLink
from tests.factories import BookingFactory, PrivateLinkFactory

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

pytestmark = pytest.mark.django_db


def link_created(created_at: datetime, **values: object) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory.create(**values)
    PrivateLink.objects.filter(pk=link.pk).update(created_at=created_at)
    link.created_at = created_at
    return link


def book(link: PrivateLink, created_at: str, **values: object) -> None:
    BookingFactory.create(
        event_type=link.event_type,
        private_link=link,
        created_at=datetime.fromisoformat(created_at),
        **({"holds_use": True} | values),
    )


def test_uses_are_counted_by_the_days_of_the_zone(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    link = PrivateLinkFactory.create(max_uses=None)
    for created_at in ("2026-08-18T21:59Z", "2026-08-18T22:00Z", "2026-08-19T21:59Z", "2026-08-20T09:00Z"):
        book(link, created_at)

    with django_assert_num_queries(1):
        in_berlin = link.uses_by_day(BERLIN)

    assert in_berlin == {date(2026, 8, 18): 1, date(2026, 8, 19): 2, date(2026, 8, 20): 1}
    assert link.uses_by_day(ZoneInfo("Asia/Kathmandu")) == {date(2026, 8, 19): 2, date(2026, 8, 20): 2}


def test_day_of_a_zone_that_begins_at_a_quarter_of_an_hour_is_exact() -> None:
    link = PrivateLinkFactory.create(max_uses=None)
    book(link, "2026-08-18T18:14:59.999999Z")
    book(link, "2026-08-18T18:15Z")

    assert link.uses_by_day(ZoneInfo("Asia/Kathmandu")) == {date(2026, 8, 18): 1, date(2026, 8, 19): 1}


def test_uses_given_back_and_bookings_through_other_links_are_left_out() -> None:
    link = PrivateLinkFactory.create(max_uses=None)
    book(link, "2026-08-18T12:00Z")
    book(link, "2026-08-18T13:00Z", holds_use=False, status="cancelled", cancelled_at=NOW)
    book(link, "2026-08-19T12:00Z", status="cancelled", cancelled_at=NOW)
    book(PrivateLinkFactory.create(event_type=link.event_type), "2026-08-18T12:00Z")

    assert link.uses_by_day(BERLIN) == {date(2026, 8, 18): 1, date(2026, 8, 19): 1}


def test_picture_goes_from_creation_to_now_below_the_limit() -> None:
    link = link_created(datetime(2026, 8, 17, 22, tzinfo=UTC), max_uses=4)

    picture = link_picture(link, {date(2026, 8, 19): 3}, NOW)

    assert picture is not None
    assert picture.title == "3 uses from 18 Aug 2026 to 20 Aug 2026"
    assert (picture.top, picture.limit) == ("4", "4")
    assert (picture.first_day, picture.last_day) == ("18 Aug 2026", "20 Aug 2026")
    assert picture.curve.line == "M0 100 L333.3 100 L666.7 25 L1000 25"
    assert (picture.step, picture.numbers) == ("Day", (NumbersOfPeriod("19 Aug 2026", "3", "3"),))


def test_picture_without_a_limit_ends_at_its_top() -> None:
    link = link_created(datetime(2026, 8, 20, 9, tzinfo=UTC), max_uses=None)

    picture = link_picture(link, {date(2026, 8, 20): 1_234}, NOW)

    assert picture is not None
    assert (picture.title, picture.top, picture.limit) == ("1,234 uses on 20 Aug 2026", "1,234", "")
    assert picture.curve.line == "M0 100 L1000 0"


@pytest.mark.parametrize(
    ("age", "step", "period"),
    [
        (timedelta(days=60), "Week", "16 Aug 2026 – 20 Aug 2026"),
        (timedelta(days=600), "Month", "August 2026"),
    ],
)
def test_longer_time_is_told_in_weeks_or_months(age: timedelta, step: str, period: str) -> None:
    picture = link_picture(link_created(NOW - age), {date(2026, 8, 20): 1}, NOW)

    assert picture is not None
    assert picture.title.startswith("One use from ")
    assert (picture.step, picture.numbers) == (step, (NumbersOfPeriod(period, "1", "1"),))


def test_link_that_was_never_used_has_no_picture() -> None:
    assert link_picture(PrivateLinkFactory.create(), {}, NOW) is None
