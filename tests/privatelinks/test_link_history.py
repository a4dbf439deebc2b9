"""What happened to a link, in words: every way to change one, the instants that tell by themselves, and their order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from privatelinks.link_history import HistoryEntry, link_history
from privatelinks.models import LinkEventKind, PrivateLink
from privatelinks.services.history import remember
from privatelinks.services.limits import SETTINGS, LinkChanges
from privatelinks.services.links import change_link, pause_link, replace_hash, resume_link
from privatelinks.services.reviving import end_link, extend_link
from privatelinks.services.uses import spend_use
from tests.clock import DatabaseClock
from tests.factories import PrivateLinkFactory, ScheduleFactory

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# One value of each setting, other than a new link's, and how its change reads.
EVERY_SETTING: LinkChanges = {
    "name": "Beta",
    "max_uses": 1_000,
    "opens_at": datetime(2999, 8, 1, 22, tzinfo=UTC),
    "expires_at": datetime(2999, 8, 31, 22, tzinfo=UTC),
    "is_paused": True,
    "returns_uses": True,
    "invitee_name": "Grace",
    "invitee_email": "grace@example.com",
    "allowed_invitees": ["grace@example.com", "@example.org"],
    "offer_starts_on": date(2999, 9, 1),
    "offer_ends_on": date(2999, 9, 30),
    "offer_duration_minutes": 30,
    "offer_notice_minutes": 60,
}
WORDS = [
    "Name: from none to “Beta”",
    "Number of allowed uses: from 1 to 1,000",
    "Opens on: from none to 2 Aug 2999 (Europe/Berlin)",
    "Expiry date: from none to the end of 31 Aug 2999 (Europe/Berlin)",
    "Give uses back on cancellation: from off to on",
    "Invitee's name: from none to “Grace”",
    "Invitee's e-mail address: from none to “grace@example.com”",
    "Only for: from everybody to grace@example.com, @example.org",
    "First date on offer: from none to 1 Sep 2999",
    "Last date on offer: from none to 30 Sep 2999",
    "Only duration: from none to 30 minutes",
    "Own minimum notice: from that of the event type to 1 hour",
]


@pytest.fixture
def link(db: None) -> PrivateLink:
    """A link that was created four days ago."""
    link: PrivateLink = PrivateLinkFactory.create(name="", max_uses=1)
    PrivateLink.objects.filter(pk=link.pk).update(created_at=NOW - 4 * DAY)
    return link


def history_of(link: PrivateLink, now: datetime = NOW) -> list[HistoryEntry]:
    fresh = PrivateLink.objects.with_event_type().get(pk=link.pk)
    return link_history(fresh, list(fresh.events.newest_first()), now)


def texts(link: PrivateLink, now: datetime = NOW) -> list[str]:
    return [entry.text for entry in history_of(link, now)]


def test_new_link_was_created(link: PrivateLink) -> None:
    entries = history_of(link)

    assert [(entry.text, entry.when, entry.changes) for entry in entries] == [
        ("Created", "Sun 16 Aug 2026, 14:00", ()),
    ]


def test_every_setting_is_told_from_what_it_was_to_what_it_is(link: PrivateLink) -> None:
    assert EVERY_SETTING.keys() == set(SETTINGS)

    change_link(link=link, changes=EVERY_SETTING)

    changed, paused, _created = history_of(link, timezone.now())
    assert (changed.text, list(changed.changes)) == ("Settings changed", WORDS)
    assert (paused.text, paused.changes) == ("Paused", ())


def test_every_setting_that_is_cleared_is_told_too(link: PrivateLink) -> None:
    change_link(link=link, changes=EVERY_SETTING)
    cleared = {name: getattr(link, name) for name in SETTINGS}

    change_link(link=link, changes=cleared | {"max_uses": None})  # type: ignore[arg-type]

    changes = history_of(link, timezone.now())[0].changes
    backwards = [f"{setting}: from {now} to {was}" for setting, was, now in map(_parts, WORDS)]
    assert list(changes) == [words.replace("from 1,000 to 1", "from 1,000 to no limit") for words in backwards]


def _parts(words: str) -> tuple[str, str, str]:
    setting, _colon, rest = words.partition(": from ")
    was, _to, now = rest.partition(" to ")
    return setting, was, now


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "Expiry date: from 31 Aug 2026, 14:00 (Europe/Berlin) to 1 Sep 2026, 02:30 (Europe/Berlin)"),
        ("Asia/Tokyo", "Expiry date: from 31 Aug 2026, 21:00 (Asia/Tokyo) to 1 Sep 2026, 09:30 (Asia/Tokyo)"),
    ],
)
def test_times_are_those_of_the_schedules_zone(link: PrivateLink, zone: str, words: str) -> None:
    schedule = ScheduleFactory.create(host=link.event_type.host, time_zone=zone)
    link.event_type.schedule = schedule
    link.event_type.save(update_fields=["schedule"])
    values = (datetime(2026, 8, 31, 12, tzinfo=UTC), datetime(2026, 9, 1, 0, 30, tzinfo=UTC))
    remember(link, LinkEventKind.CHANGED, datetime(2026, 8, 19, 22, 30, tzinfo=UTC), {"expires_at": values})

    entry = history_of(link)[0]

    assert entry.changes == (words,)
    assert entry.when == {"Europe/Berlin": "Thu 20 Aug 2026, 00:30", "Asia/Tokyo": "Thu 20 Aug 2026, 07:30"}[zone]


def test_whatever_happened_is_told_newest_first(link: PrivateLink, database_clock: DatabaseClock) -> None:
    acts = [pause_link, resume_link, replace_hash, end_link]
    for place, act in enumerate(acts):
        database_clock.set(NOW - DAY + place * HOUR)
        act(link=link)
    remember(link, LinkEventKind.SENT, NOW, recipient="grace@example.com")

    assert texts(link) == [
        "Sent to grace@example.com",
        "Ended",
        "New URL made; the old one is dead",
        "Resumed",
        "Paused",
        "Created",
    ]


def test_every_kind_has_words_and_an_icon(link: PrivateLink) -> None:
    for kind in LinkEventKind:
        remember(link, kind, NOW, recipient="grace@example.com")

    entries = history_of(link)

    assert all(entry.text for entry in entries)
    assert "info" not in {entry.icon for entry in entries}


def test_use_that_was_the_last_is_told(link: PrivateLink) -> None:
    spend_use(link, NOW)

    assert texts(link) == ["Used up", "Created"]


def test_expiry_is_told_once_it_has_come(link: PrivateLink) -> None:
    PrivateLink.objects.filter(pk=link.pk).update(expires_at=NOW)

    before, then = texts(link, NOW - timedelta(microseconds=1)), history_of(link)

    assert before == ["Created"]
    assert [(entry.text, entry.when) for entry in then] == [
        ("Expired", "Thu 20 Aug 2026, 14:00"),
        ("Created", "Sun 16 Aug 2026, 14:00"),
    ]


def test_link_that_was_ended_has_not_expired(link: PrivateLink, database_clock: DatabaseClock) -> None:
    database_clock.set(NOW - DAY)
    end_link(link=link)

    assert texts(link) == ["Ended", "Created"]


def test_expiry_that_a_later_date_has_undone_is_told_too(link: PrivateLink, database_clock: DatabaseClock) -> None:
    PrivateLink.objects.filter(pk=link.pk).update(expires_at=NOW - 2 * DAY)
    database_clock.set(NOW - DAY)
    extend_link(link=link, shown=NOW - 2 * DAY)
    database_clock.set(NOW - HOUR)
    end_link(link=link)
    database_clock.set(NOW)
    extend_link(link=link, shown=NOW - HOUR)

    assert texts(link) == ["Settings changed", "Ended", "Settings changed", "Expired", "Created"]


def test_date_that_was_moved_before_it_came_is_no_expiry(link: PrivateLink, database_clock: DatabaseClock) -> None:
    PrivateLink.objects.filter(pk=link.pk).update(expires_at=NOW - HOUR)
    database_clock.set(NOW - 2 * HOUR)
    change_link(link=link, changes={"expires_at": NOW + DAY})

    assert texts(link) == ["Settings changed", "Created"]


def test_history_never_tells_a_hash(link: PrivateLink) -> None:
    old = link.hash
    replace_hash(link=link)

    told = str(history_of(link))

    assert old not in told
    assert PrivateLink.objects.get(pk=link.pk).hash not in told
