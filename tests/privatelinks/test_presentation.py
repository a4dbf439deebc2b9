"""Private links in words: what is left, until when, and what else keeps a link from being booked."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from eventtypes.models import EventType, Schedule
from privatelinks.models import LinkState, PrivateLink
from privatelinks.presentation import (
    LinkLine,
    dates_words,
    expiry_words,
    link_line,
    notice_words,
    opening_words,
    uses_words,
)
from tests.factories import EventTypeFactory, PrivateLinkFactory

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def words_of(line: LinkLine) -> list[str]:
    return [fact.text for fact in line.facts]


@pytest.mark.parametrize(
    ("max_uses", "usage_count", "words"),
    [
        (1, 0, "1 of 1 use left"),
        (1, 1, "0 of 1 use left"),
        (5, 3, "2 of 5 uses left"),
        (5, 4, "1 of 5 uses left"),
        (5, 5, "0 of 5 uses left"),
        (1_000_000, 1, "999,999 of 1,000,000 uses left"),
        (None, 0, "No limit of uses"),
        (None, 1, "No limit of uses, used once"),
        (None, 3, "No limit of uses, used 3 times"),
    ],
)
def test_uses_are_told_as_what_is_left(max_uses: int | None, usage_count: int, words: str) -> None:
    assert uses_words(PrivateLink(max_uses=max_uses, usage_count=usage_count)) == words


@pytest.mark.parametrize(
    ("instant", "zone", "words"),
    [
        ("2026-08-31T22:00Z", "Europe/Berlin", "until the end of 31 Aug 2026 (Europe/Berlin)"),
        ("2026-08-31T12:00Z", "Europe/Berlin", "until 31 Aug 2026, 14:00 (Europe/Berlin)"),
        ("2026-08-31T12:00:59.5Z", "Europe/Berlin", "until 31 Aug 2026, 14:00 (Europe/Berlin)"),
        # The same instant after the schedule has moved to another zone.
        ("2026-08-31T22:00Z", "America/Los_Angeles", "until 31 Aug 2026, 15:00 (America/Los_Angeles)"),
        ("2026-09-06T04:00Z", "America/Santiago", "until the end of 5 Sep 2026 (America/Santiago)"),
        ("2027-04-29T22:00Z", "Africa/Cairo", "until the end of 29 Apr 2027 (Africa/Cairo)"),
        ("2027-03-14T05:00Z", "America/Havana", "until the end of 13 Mar 2027 (America/Havana)"),
    ],
)
def test_expiry_is_told_as_it_was_typed(instant: str, zone: str, words: str) -> None:
    assert expiry_words(datetime.fromisoformat(instant), ZoneInfo(zone)) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-08-31T22:00Z", "from 1 Sep 2026 (Europe/Berlin)"),
        ("2026-08-31T22:30Z", "from 1 Sep 2026, 00:30 (Europe/Berlin)"),
    ],
)
def test_opening_is_told_as_a_day_or_a_time_of_it(instant: str, words: str) -> None:
    assert opening_words(datetime.fromisoformat(instant), BERLIN) == words


@pytest.mark.django_db
def test_line_tells_name_state_limits_and_url(settings: Settings) -> None:
    settings.SITE_URL = "https://book.example.org"
    link = PrivateLinkFactory.create(
        name="Beta", max_uses=5, usage_count=3, expires_at=datetime(2026, 8, 31, 22, tzinfo=UTC)
    )

    line = link_line(link, NOW)

    assert (line.name, line.state, line.is_ended) == ("Beta", LinkState.ACTIVE, False)
    assert words_of(line) == ["2 of 5 uses left", "until the end of 31 Aug 2026 (Europe/Berlin)"]
    assert line.url == f"https://book.example.org/d/{link.hash}/{link.event_type.slug}"


@pytest.mark.django_db
def test_line_tells_everything_that_keeps_a_link_from_being_booked() -> None:
    link = PrivateLinkFactory.create(is_paused=True, opens_at=NOW + timedelta(days=1))

    line = link_line(link, NOW)

    assert words_of(line) == [
        "1 of 1 use left",
        "from 21 Aug 2026, 14:00 (Europe/Berlin)",
        "paused",
    ]


@pytest.mark.django_db
def test_line_of_a_link_that_is_not_saved_has_no_url() -> None:
    link = PrivateLink(event_type=EventTypeFactory.create())

    line = link_line(link, NOW)

    assert (line.name, line.url, words_of(line)) == ("Private link", "", ["1 of 1 use left"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "is_ended"),
    [
        ({"max_uses": 1, "usage_count": 1}, True),
        ({"expires_at": NOW}, True),
        ({"is_paused": True}, False),
        ({"opens_at": NOW + timedelta(days=1)}, False),
    ],
)
def test_line_of_a_used_up_or_expired_link_is_ended(values: dict[str, object], is_ended: bool) -> None:
    assert link_line(PrivateLinkFactory.create(**values), NOW).is_ended is is_ended


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 8, 3), date(2026, 8, 7), "only 3 to 7 Aug 2026"),
        (date(2026, 7, 30), date(2026, 8, 7), "only 30 Jul to 7 Aug 2026"),
        (date(2026, 12, 30), date(2027, 1, 3), "only 30 Dec 2026 to 3 Jan 2027"),
        (date(2026, 8, 3), date(2027, 8, 3), "only 3 Aug 2026 to 3 Aug 2027"),
        (date(2026, 8, 3), date(2026, 8, 3), "only 3 Aug 2026"),
        (date(2026, 8, 3), None, "only meetings from 3 Aug 2026 on"),
        (None, date(2026, 8, 7), "only meetings up to 7 Aug 2026"),
    ],
)
def test_own_dates_are_told_as_short_as_they_can_be(first: date | None, last: date | None, words: str) -> None:
    assert dates_words(first, last) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "no minimum notice"),
        (1, "1 minute’s notice"),
        (90, "90 minutes’ notice"),
        (60, "1 hour’s notice"),
        (120, "2 hours’ notice"),
        (24 * 60, "1 day’s notice"),
        (3 * 24 * 60, "3 days’ notice"),
    ],
)
def test_notice_is_told_in_the_largest_unit(minutes: int, words: str) -> None:
    assert notice_words(minutes) == words


def link_with(**values: object) -> PrivateLink:
    event_type = EventType(duration_minutes=30, schedule=Schedule(time_zone=BERLIN))
    return PrivateLink(event_type=event_type, max_uses=1, **values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"invitee_name": "Iris", "invitee_email": "iris@example.com"}, ["for Iris, iris@example.com"]),
        ({"invitee_email": "iris@example.com"}, ["for iris@example.com"]),
        ({"allowed_invitees": ["@example.org"]}, ["only for @example.org"]),
        ({"allowed_invitees": ["iris@example.com", "@example.org"]}, ["only for iris@example.com, @example.org"]),
        (
            {"allowed_invitees": ["iris@example.com", "@example.org", "@example.net", "@example.info"]},
            ["only for iris@example.com, @example.org and 2 more"],
        ),
        ({"offer_ends_on": date(2026, 8, 7)}, ["only meetings up to 7 Aug 2026"]),
        ({"offer_duration_minutes": 30}, ["only 30 minutes"]),
        ({"offer_duration_minutes": 60}, ["only 1 hour, which the event type does not offer any more"]),
        ({"offer_notice_minutes": 120}, ["2 hours’ notice"]),
    ],
)
def test_line_tells_whom_a_link_is_for_and_what_it_offers(values: dict[str, object], words: list[str]) -> None:
    assert words_of(link_line(link_with(**values), NOW)) == ["1 of 1 use left", *words]
