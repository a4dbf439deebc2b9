"""Ending a link now, and reviving one that is over; a button that is pressed twice acts once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product

import pytest
from django.core.exceptions import ValidationError

from privatelinks.models import LinkEvent, LinkState, PrivateLink
from privatelinks.services.limits import LATEST, MAX_USES
from privatelinks.services.links import change_link, pause_link
from privatelinks.services.reviving import (
    allow_one_more_use,
    end_link,
    extend_link,
    remove_expiry,
    remove_limit_of_uses,
)
from privatelinks.services.uses import give_back_use, spend_use
from tests.clock import DatabaseClock
from tests.factories import PrivateLinkFactory, ScheduleFactory

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
CHANGED_MEANWHILE = ["The limits of the link have been changed meanwhile. Please look at them, and choose again."]


@pytest.fixture(autouse=True)
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    """The database's clock, at noon of 20 August in UTC."""
    database_clock.set(NOW)
    return database_clock


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)


def events_of(link: PrivateLink) -> list[tuple[str, dict[str, object]]]:
    return list(LinkEvent.objects.filter(private_link=link).order_by("pk").values_list("kind", "changes"))


class TestEnding:
    def test_end_is_the_databases_now_and_clears_the_opening_date(self) -> None:
        link = PrivateLinkFactory.create(opens_at=TOMORROW, expires_at=TOMORROW + timedelta(days=1))

        end_link(link=link)

        fresh = stored(link)
        assert (fresh.expires_at, fresh.opens_at, fresh.state(NOW)) == (NOW, None, LinkState.EXPIRED)
        assert events_of(link) == [
            (
                "ended",
                {
                    "expires_at": ["2026-08-22T12:00:00+00:00", "2026-08-20T12:00:00+00:00"],
                    "opens_at": ["2026-08-21T12:00:00+00:00", None],
                },
            )
        ]

    @pytest.mark.parametrize(
        "values",
        [{}, {"max_uses": None}, {"expires_at": TOMORROW}, {"is_paused": True}, {"opens_at": YESTERDAY}],
    )
    def test_end_stops_a_link_with_any_limits(self, values: dict[str, object]) -> None:
        link = PrivateLinkFactory.create(**values)

        end_link(link=link)

        assert stored(link).is_live(NOW) is False
        assert (stored(link).expires_at, stored(link).opens_at) == (NOW, None)

    def test_ending_twice_ends_once(self, clock: DatabaseClock) -> None:
        link = PrivateLinkFactory.create()

        end_link(link=link)
        clock.set(TOMORROW)
        end_link(link=link)

        assert stored(link).expires_at == NOW
        assert [kind for kind, _changes in events_of(link)] == ["ended"]

    def test_link_that_has_expired_stays_as_it_is(self) -> None:
        link = PrivateLinkFactory.create(expires_at=NOW)

        end_link(link=link)

        assert (stored(link).expires_at, events_of(link)) == (NOW, [])

    def test_use_that_comes_back_does_not_open_a_used_up_link_that_was_ended(self) -> None:
        link = PrivateLinkFactory.create()
        spend_use(link, NOW)

        end_link(link=link)
        give_back_use(link.pk)

        assert stored(link).state(NOW) == LinkState.EXPIRED

    def test_old_date_of_an_ended_link_does_not_block_saving(self) -> None:
        link = end_link(link=PrivateLinkFactory.create())

        change_link(link=link, changes={"name": "Renamed", "expires_at": link.expires_at})

        assert (stored(link).name, stored(link).expires_at) == ("Renamed", NOW)


class TestExtending:
    @pytest.mark.parametrize(
        ("expires_at", "expected"),
        [
            # Ahead: a week after that day, of which the end counts.
            ("2026-08-31T22:00Z", "2026-09-07T22:00Z"),
            ("2026-08-31T12:00Z", "2026-09-07T22:00Z"),
            # Over: a week from today.
            ("2026-08-01T22:00Z", "2026-08-27T22:00Z"),
            ("2026-08-20T12:00Z", "2026-08-27T22:00Z"),
            # Across the day on which the clock is put back.
            ("2026-10-20T22:00Z", "2026-10-27T23:00Z"),
        ],
    )
    def test_extended_link_ends_with_the_day_a_week_later(self, expires_at: str, expected: str) -> None:
        link = PrivateLinkFactory.create(expires_at=datetime.fromisoformat(expires_at))

        extend_link(link=link, shown=link.expires_at)

        assert stored(link).expires_at == datetime.fromisoformat(expected)
        assert stored(link).state(NOW) == LinkState.ACTIVE

    @pytest.mark.parametrize(
        ("zone", "expected"), [("Asia/Tokyo", "2026-08-27T15:00Z"), ("America/Santiago", "2026-08-28T04:00Z")]
    )
    def test_day_is_that_of_the_schedule(self, zone: str, expected: str) -> None:
        link = PrivateLinkFactory.create(
            event_type__schedule=ScheduleFactory.create(time_zone=zone), expires_at=YESTERDAY
        )

        extend_link(link=link, shown=link.expires_at)

        assert stored(link).expires_at == datetime.fromisoformat(expected)

    def test_extending_twice_from_the_same_page_extends_once(self) -> None:
        link = PrivateLinkFactory.create(expires_at=YESTERDAY)

        first = extend_link(link=link, shown=YESTERDAY)
        second = extend_link(link=link, shown=YESTERDAY)

        assert (first.expires_at, second.expires_at) == (datetime(2026, 8, 27, 22, tzinfo=UTC),) * 2
        assert [kind for kind, _changes in events_of(link)] == ["changed"]

    @pytest.mark.parametrize("shown", [TOMORROW, None])
    def test_link_that_was_ended_meanwhile_is_not_extended(self, shown: datetime | None) -> None:
        link = end_link(link=PrivateLinkFactory.create(expires_at=TOMORROW))

        with pytest.raises(ValidationError) as refusal:
            extend_link(link=link, shown=shown)

        assert refusal.value.messages == CHANGED_MEANWHILE
        assert stored(link).expires_at == NOW

    def test_link_without_an_expiry_date_has_nothing_to_extend(self) -> None:
        link = PrivateLinkFactory.create()

        with pytest.raises(ValidationError) as refusal:
            extend_link(link=link, shown=NOW)

        assert refusal.value.messages == ["The link has no expiry date, so there is nothing to extend."]

    def test_end_of_the_calendar_is_refused_in_words(self) -> None:
        link = PrivateLinkFactory.create(expires_at=LATEST - timedelta(days=2))

        with pytest.raises(ValidationError) as refusal:
            extend_link(link=link, shown=link.expires_at)

        assert refusal.value.message_dict == {"expires_at": ["Choose a date before the year 3000."]}


class TestOneMoreUse:
    def test_used_up_link_can_be_booked_through_once_more(self) -> None:
        link = PrivateLinkFactory.create(max_uses=5, usage_count=5)

        allow_one_more_use(link=link, shown=5)

        assert (stored(link).max_uses, stored(link).uses_left, stored(link).state(NOW)) == (6, 1, LinkState.ACTIVE)
        assert events_of(link) == [("changed", {"max_uses": [5, 6]})]

    def test_allowing_twice_from_the_same_page_allows_once(self) -> None:
        link = PrivateLinkFactory.create(usage_count=1)

        allow_one_more_use(link=link, shown=1)
        allow_one_more_use(link=link, shown=1)

        assert stored(link).max_uses == 2

    def test_allowing_twice_allows_once_also_if_the_use_is_spent_in_between(self) -> None:
        link = PrivateLinkFactory.create(usage_count=1)

        spend_use(allow_one_more_use(link=link, shown=1), NOW)
        allow_one_more_use(link=link, shown=1)

        assert (stored(link).max_uses, stored(link).usage_count) == (2, 2)

    def test_use_that_came_back_meanwhile_is_enough(self) -> None:
        link = PrivateLinkFactory.create(max_uses=3, usage_count=3)
        give_back_use(link.pk)

        allow_one_more_use(link=link, shown=3)

        assert (stored(link).max_uses, stored(link).uses_left) == (3, 1)

    @pytest.mark.parametrize("shown", [4, None])
    def test_limit_that_was_lowered_meanwhile_is_not_raised(self, shown: int | None) -> None:
        link = PrivateLinkFactory.create(max_uses=3, usage_count=3)

        with pytest.raises(ValidationError) as refusal:
            allow_one_more_use(link=link, shown=shown)

        assert refusal.value.messages == CHANGED_MEANWHILE
        assert stored(link).max_uses == 3

    def test_link_without_a_limit_needs_no_more(self) -> None:
        link = PrivateLinkFactory.create(max_uses=None, usage_count=3)

        with pytest.raises(ValidationError) as refusal:
            allow_one_more_use(link=link, shown=3)

        assert refusal.value.messages == ["The link has no limit of uses, so it needs no more."]

    def test_highest_limit_is_refused_in_words(self) -> None:
        link = PrivateLinkFactory.create(max_uses=MAX_USES, usage_count=MAX_USES)

        with pytest.raises(ValidationError) as refusal:
            allow_one_more_use(link=link, shown=MAX_USES)

        assert refusal.value.messages == ["Allow at most a million uses, or leave it blank for no limit."]


def test_limits_can_be_cleared() -> None:
    link = PrivateLinkFactory.create(max_uses=2, usage_count=2, expires_at=YESTERDAY)

    remove_limit_of_uses(link=link)
    remove_expiry(link=link)

    fresh = stored(link)
    assert (fresh.max_uses, fresh.expires_at, fresh.usage_count, fresh.state(NOW)) == (None, None, 2, LinkState.ACTIVE)
    assert events_of(link) == [
        ("changed", {"max_uses": [2, None]}),
        ("changed", {"expires_at": ["2026-08-19T12:00:00+00:00", None]}),
    ]


def test_clearing_twice_is_remembered_once() -> None:
    link = PrivateLinkFactory.create(usage_count=1, expires_at=YESTERDAY)

    for clear in (remove_limit_of_uses, remove_expiry) * 2:
        clear(link=link)

    assert len(events_of(link)) == 2


@pytest.mark.parametrize(
    ("is_raised", "is_moved"),
    list(product([False, True], repeat=2)),
)
def test_link_with_both_limits_reached_works_again_once_both_are_raised(is_raised: bool, is_moved: bool) -> None:
    link = PrivateLinkFactory.create(max_uses=2, usage_count=2, expires_at=YESTERDAY)

    if is_raised:
        allow_one_more_use(link=link, shown=2)
    if is_moved:
        extend_link(link=link, shown=YESTERDAY)

    assert stored(link).is_live(NOW) is (is_raised and is_moved)


@pytest.mark.parametrize(
    ("limits", "raised"),
    [
        ({"max_uses": 2, "usage_count": 2, "expires_at": TOMORROW}, {"max_uses": 3}),
        ({"max_uses": 2, "usage_count": 2}, {"max_uses": None}),
        ({"max_uses": 3, "usage_count": 2, "expires_at": YESTERDAY}, {"expires_at": TOMORROW}),
        ({"max_uses": None, "expires_at": YESTERDAY}, {"expires_at": None}),
    ],
)
def test_link_that_one_limit_has_ended_is_revived_by_raising_it(
    limits: dict[str, object], raised: dict[str, object]
) -> None:
    link = PrivateLinkFactory.create(**limits)
    was_live = link.is_live(NOW)

    change_link(link=link, changes=raised)  # type: ignore[arg-type]

    assert (was_live, stored(link).is_live(NOW)) == (False, True)


def test_limit_that_is_lowered_to_the_uses_spent_uses_the_link_up() -> None:
    link = PrivateLinkFactory.create(max_uses=5, usage_count=2)

    change_link(link=link, changes={"max_uses": 2})

    assert stored(link).state(NOW) == LinkState.USED_UP
    assert events_of(link) == [("changed", {"max_uses": [5, 2]}), ("used_up", {})]


def test_change_of_another_setting_does_not_use_a_link_up_again() -> None:
    link = PrivateLinkFactory.create(usage_count=1)

    pause_link(link=link)
    change_link(link=link, changes={"name": "Renamed"})

    assert [kind for kind, _changes in events_of(link)] == ["paused", "changed"]


@pytest.mark.parametrize(
    "act",
    [
        end_link,
        partial(extend_link, shown=YESTERDAY),
        partial(allow_one_more_use, shown=1),
        remove_expiry,
        remove_limit_of_uses,
    ],
    ids=["end", "extend", "one more use", "remove expiry", "remove limit of uses"],
)
def test_link_that_is_gone_cannot_be_ended_or_revived(act: Callable[..., PrivateLink]) -> None:
    link = PrivateLinkFactory.create(usage_count=1, expires_at=YESTERDAY)
    PrivateLink.objects.filter(pk=link.pk).delete()

    with pytest.raises(PrivateLink.DoesNotExist):
        act(link=link)
