"""Telling hosts which links expire soon: who is told of what, when, and never twice."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app

from eventtypes.models import Host
from privatelinks.models import PrivateLink
from privatelinks.periodic import tell_hosts_of_expiry
from privatelinks.services.expiry_digest import hosts_to_tell, tell_of_expiry
from privatelinks.services.links import change_link, resume_link
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, HostFactory
from tests.mailing_site import _site
from tests.privatelinks.digest_scene import SECOND, _morning, host
from tests.privatelinks.expiring_links import DAY, NOW, expiring, queued_digests, tell

__all__ = ["_morning", "_site", "host"]


@pytest.fixture
def tell_at(database_clock: DatabaseClock) -> Callable[[datetime], list[list[int]]]:
    """Return what sets the clock and tells whoever is to be told then."""

    def at(now: datetime) -> list[list[int]]:
        database_clock.set(now)
        return tell(now)

    return at


class TestWhoIsTold:
    @pytest.mark.parametrize(
        ("link", "is_told"),
        [
            pytest.param({"expires_at": NOW + 3 * DAY}, True, id="exactly three days"),
            pytest.param({"expires_at": NOW + 3 * DAY + SECOND}, False, id="more than three days"),
            pytest.param({"expires_at": NOW + SECOND}, True, id="in a second"),
            pytest.param({"expires_at": NOW}, False, id="now"),
            pytest.param({"expires_at": NOW - SECOND}, False, id="over"),
            pytest.param({"expires_at": None}, False, id="no expiry date"),
            pytest.param({"max_uses": 5, "usage_count": 4}, True, id="one use left"),
            pytest.param({"max_uses": 5, "usage_count": 5}, False, id="used up"),
            pytest.param({"max_uses": None, "usage_count": 7}, True, id="no limit of uses"),
            pytest.param({"is_paused": True}, False, id="paused"),
            pytest.param({"opens_at": NOW + DAY}, True, id="opens before it expires"),
            pytest.param({"private_links_enabled": False}, False, id="private links switched off"),
            pytest.param({"told_of_expiry_at": NOW + 2 * DAY}, False, id="told of this date"),
            pytest.param({"told_of_expiry_at": NOW + DAY}, True, id="told of another date"),
        ],
    )
    def test_host_is_told_of_links_that_expire_soon_and_can_be_booked(
        self, host: Host, link: dict[str, Any], is_told: bool
    ) -> None:
        expiring(host, **link)

        assert len(tell(NOW)) == is_told

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"is_active": False}, id="inactive"),
            pytest.param({"wants_expiry_digest": False}, id="switched off"),
            pytest.param({"email": ""}, id="no e-mail address"),
            pytest.param({"expiry_digest_sent_on": date(2026, 12, 1)}, id="told today"),
            pytest.param({"time_zone": "Asia/Tokyo"}, id="no morning"),
        ],
    )
    def test_host_who_is_not_told_is_not_marked(self, host: Host, changes: dict[str, Any]) -> None:
        link = expiring(host)
        Host.objects.filter(pk=host.pk).update(**changes)
        before = Host.objects.values().get()

        assert tell(NOW) == []
        assert tell_of_expiry(host=host) == 0
        assert Host.objects.values().get() == before
        assert PrivateLink.objects.get(pk=link.pk).told_of_expiry_at is None

    def test_host_who_wants_it_again_is_told(self, host: Host) -> None:
        link = expiring(host)
        Host.objects.update(wants_expiry_digest=False)
        tell(NOW)
        Host.objects.update(wants_expiry_digest=True)

        assert tell(NOW) == [[link.pk]]

    def test_host_without_anything_due_is_not_marked(self, host: Host) -> None:
        expiring(host, expires_at=NOW + 9 * DAY)

        assert (tell(NOW), tell_of_expiry(host=host)) == ([], 0)
        assert Host.objects.get().expiry_digest_sent_on is None

    def test_each_host_is_told_of_their_own_links_in_one_mail(self, host: Host) -> None:
        other = HostFactory.create()
        of_host = [expiring(host).pk, expiring(host).pk]
        of_other = [expiring(other).pk]

        told = tell(NOW)

        assert sorted(told) == sorted([of_host, of_other])
        assert {job["host_id"] for job in queued_digests()} == {host.pk, other.pk}


class TestOnce:
    def test_link_is_told_once_however_often_the_job_runs(
        self, host: Host, tell_at: Callable[[datetime], list[list[int]]]
    ) -> None:
        expiring(host, expires_at=NOW + 3 * DAY)
        hours = [NOW + timedelta(hours=1) * number for number in range(3 * 24)]

        told = [tell_at(now) for now in hours]

        assert [len(mails) for mails in told] == [1] + [0] * (len(hours) - 1)

    def test_telling_is_remembered_with_the_mail(self, host: Host) -> None:
        link = expiring(host)

        tell(NOW)

        link.refresh_from_db()
        host.refresh_from_db()
        assert (link.told_of_expiry_at, host.expiry_digest_sent_on) == (link.expires_at, date(2026, 12, 1))
        assert queued_digests() == [{"host_id": host.pk, "link_ids": [link.pk], "day": "2026-12-01"}]

    def test_telling_writes_nothing_else(self, host: Host) -> None:
        link = expiring(host, max_uses=5, usage_count=2)
        link_before, host_before = PrivateLink.objects.values().get(), Host.objects.values().get()

        tell(NOW)

        assert PrivateLink.objects.values().get() == link_before | {"told_of_expiry_at": link.expires_at}
        assert Host.objects.values().get() == host_before | {"expiry_digest_sent_on": date(2026, 12, 1)}
        assert not link.events.exists()

    def test_second_run_of_the_same_hosts_finds_nothing_to_do(self, host: Host) -> None:
        expiring(host)
        found = [hosts_to_tell(NOW), hosts_to_tell(NOW)]

        told = [tell_of_expiry(host=each) for hosts in found for each in hosts]

        assert told == [1, 0]

    @pytest.mark.parametrize(
        ("expires_after", "told"),
        [
            pytest.param(timedelta(hours=19), [1], id="at the next morning's first moment"),
            pytest.param(timedelta(hours=19, seconds=1), [], id="in the next morning"),
        ],
    )
    def test_link_that_would_be_over_in_the_morning_is_told_at_once(
        self, host: Host, tell_at: Callable[[datetime], list[list[int]]], expires_after: timedelta, told: list[int]
    ) -> None:
        # 13:00 in Berlin.
        afternoon = NOW + timedelta(hours=4)
        expiring(host, expires_at=afternoon + expires_after)

        assert [len(links) for links in tell_at(afternoon)] == told

    def test_link_made_later_in_the_day_is_told_the_next_morning(
        self, host: Host, tell_at: Callable[[datetime], list[list[int]]]
    ) -> None:
        expiring(host)
        tell_at(NOW)
        later = expiring(host)

        told = [tell_at(NOW + timedelta(hours=1)), tell_at(NOW + DAY)]

        assert told == [[], [[later.pk]]]

    def test_extended_link_is_told_again_for_its_new_date(
        self, host: Host, tell_at: Callable[[datetime], list[list[int]]]
    ) -> None:
        link = expiring(host)
        tell_at(NOW)
        change_link(link=link, changes={"expires_at": NOW + 6 * DAY})

        told = [tell_at(NOW + number * DAY) for number in range(1, 7)]

        assert told == [[], [], [[link.pk]], [], [], []]

    def test_paused_link_is_told_the_morning_after_it_is_resumed(
        self, host: Host, tell_at: Callable[[datetime], list[list[int]]]
    ) -> None:
        link = expiring(host, is_paused=True)
        told_while_paused = tell_at(NOW)

        resume_link(link=link)

        assert (told_while_paused, tell_at(NOW + DAY)) == ([], [[link.pk]])


class TestMorning:
    @pytest.mark.parametrize(
        ("zone", "first", "last"),
        [
            ("Europe/Berlin", "2026-12-01T07:00Z", "2026-12-01T11:00Z"),
            ("America/Los_Angeles", "2026-12-01T16:00Z", "2026-12-01T20:00Z"),
            ("Pacific/Auckland", "2026-11-30T19:00Z", "2026-11-30T23:00Z"),
            ("Asia/Kathmandu", "2026-12-01T02:15Z", "2026-12-01T06:15Z"),
            ("Pacific/Kiritimati", "2026-11-30T18:00Z", "2026-11-30T22:00Z"),
        ],
    )
    def test_mail_is_queued_from_eight_to_twelve_where_the_host_is(
        self, host: Host, tell_at: Callable[[datetime], list[list[int]]], zone: str, first: str, last: str
    ) -> None:
        start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
        Host.objects.update(time_zone=zone)
        expiring(host)

        told = [tell_at(now) for now in (start - SECOND, end, start)]

        assert [len(mails) for mails in told] == [0, 0, 1]
        assert Host.objects.get().expiry_digest_sent_on == date(2026, 12, 1)

    def test_last_moment_of_the_morning_is_in_time(
        self, host: Host, tell_at: Callable[[datetime], list[list[int]]]
    ) -> None:
        expiring(host)

        assert len(tell_at(datetime(2026, 12, 1, 10, 59, 59, tzinfo=UTC))) == 1

    def test_day_is_the_hosts_own(self, tell_at: Callable[[datetime], list[list[int]]]) -> None:
        hosts = {zone: HostFactory.create(time_zone=zone) for zone in ("Pacific/Auckland", "America/Los_Angeles")}
        links = {zone: expiring(host, expires_at=NOW + 2 * DAY).pk for zone, host in hosts.items()}

        in_auckland = tell_at(datetime(2026, 11, 30, 20, tzinfo=UTC))
        in_los_angeles = tell_at(datetime(2026, 11, 30, 17, tzinfo=UTC))

        assert in_auckland == [[links["Pacific/Auckland"]]]
        assert in_los_angeles == [[links["America/Los_Angeles"]]]
        assert {host.username: host.expiry_digest_sent_on for host in Host.objects.all()} == {
            hosts["Pacific/Auckland"].username: date(2026, 12, 1),
            hosts["America/Los_Angeles"].username: date(2026, 11, 30),
        }

    def test_host_who_moves_west_gets_no_second_mail_for_the_same_date(
        self, tell_at: Callable[[datetime], list[list[int]]]
    ) -> None:
        host = HostFactory.create(time_zone="Pacific/Auckland")
        expiring(host)
        tell_at(datetime(2026, 11, 30, 20, tzinfo=UTC))
        Host.objects.update(time_zone="America/Los_Angeles")
        link = expiring(host)

        told = [tell_at(datetime(2026, month, day, 17, tzinfo=UTC)) for month, day in ((11, 30), (12, 1), (12, 2))]

        assert told == [[], [], [[link.pk]]]

    @pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
    def test_day_on_which_the_clock_changes_has_one_mail(
        self, host: Host, tell_at: Callable[[datetime], list[list[int]]], day: date
    ) -> None:
        midnight = datetime.combine(day, datetime.min.time(), UTC)
        expiring(host, expires_at=midnight + 2 * DAY)

        told = [tell_at(midnight + timedelta(minutes=15) * number) for number in range(24 * 4)]

        assert sum(len(mails) for mails in told) == 1


class TestJob:
    def test_job_tells_every_host_and_a_run_after_it_nobody(self, host: Host) -> None:
        expiring(host)
        expiring(HostFactory.create())

        tell_hosts_of_expiry(timestamp=0)
        tell_hosts_of_expiry(timestamp=900)

        assert len(queued_digests()) == 2

    def test_job_runs_every_quarter_of_an_hour(self) -> None:
        [periodic] = [
            each for each in app.periodic_registry.periodic_tasks.values() if each.task is tell_hosts_of_expiry
        ]

        assert periodic.cron == "*/15 * * * *"
        assert periodic.task.queueing_lock == "privatelinks.tell_hosts_of_expiry"

    def test_hosts_are_found_by_one_query_however_many_links_there_are(self, host: Host) -> None:
        for _number in range(5):
            expiring(host)
            expiring(HostFactory.create())

        with CaptureQueriesContext(connection) as queries:
            assert len(hosts_to_tell(NOW)) == 6

        assert len(queries) == 1

    def test_hosts_are_found_through_the_index_of_expiry_dates(self, host: Host) -> None:
        event_type = EventTypeFactory.create(host=host)
        PrivateLink.objects.bulk_create(PrivateLink(event_type=event_type) for _ in range(2_000))
        expiring(host)
        with CaptureQueriesContext(connection) as queries:
            hosts_to_tell(NOW)
        [query] = queries

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE privatelinks_privatelink")
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())

        assert "private_link_by_expiry" in plan

    @pytest.mark.parametrize("number", [1, 3])
    def test_telling_takes_the_same_queries_for_any_number_of_links(self, host: Host, number: int) -> None:
        for _number in range(number):
            expiring(host)

        with CaptureQueriesContext(connection) as queries:
            tell_of_expiry(host=host)

        # Savepoint, limit of the wait, lock, clock, host, links, their locks, links told, host told, job, release.
        locks = [query["sql"].split('"')[1] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
        assert len(queries) == 11
        assert locks == ["eventtypes_host", "privatelinks_privatelink"]
