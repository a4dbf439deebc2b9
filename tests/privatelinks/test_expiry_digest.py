"""Telling hosts which links expire soon: who is told of what, when, and never twice; and what the mail says."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from pytest_django import Settings

from eventtypes.models import Host
from privatelinks.emails import MOST_LISTED, expiry_digest_mail
from privatelinks.models import PrivateLink
from privatelinks.periodic import tell_hosts_of_expiry
from privatelinks.services.expiry_digest import hosts_to_tell, tell_of_expiry
from privatelinks.services.links import change_link, delete_links, pause_link, resume_link
from privatelinks.tasks import send_expiry_digest
from tests.bookings.queued_mails import empty_queue
from tests.clock import DatabaseClock
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory
from tests.privatelinks.expiring_links import DAY, NOW, expiring, queued_digests, tell

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _site(settings: Settings, database_clock: DatabaseClock) -> None:
    settings.SITE_URL = "https://book.example.com"
    settings.DEFAULT_FROM_EMAIL = "Sidedoor <sidedoor@example.com>"
    empty_queue()
    database_clock.set(NOW)


@pytest.fixture
def tell_at(database_clock: DatabaseClock) -> Callable[[datetime], list[list[int]]]:
    """Return what sets the clock and tells whoever is to be told then."""

    def at(now: datetime) -> list[list[int]]:
        database_clock.set(now)
        return tell(now)

    return at


@pytest.fixture
def host(host: Host) -> Host:
    """A host in Berlin, where it is 9 in the morning."""
    host.time_zone = "Europe/Berlin"
    host.save()
    return host


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
        quarters = [NOW + timedelta(minutes=15) * number for number in range(3 * 24 * 4)]

        told = [tell_at(now) for now in quarters]

        assert [len(mails) for mails in told] == [1] + [0] * (len(quarters) - 1)

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


# --- The mail ------------------------------------------------------------------------------------------------------


def send(mailoutbox: list[EmailMessage]) -> list[EmailMultiAlternatives]:
    """Do the jobs that are queued, and return what they have sent."""
    mailoutbox.clear()
    for job in queued_digests():
        send_expiry_digest(**job)
    return [mail for mail in mailoutbox if isinstance(mail, EmailMultiAlternatives)]


def html_of(mail: EmailMultiAlternatives) -> str:
    [html] = [str(content) for content, mimetype in mail.alternatives if mimetype == "text/html"]
    return html


class TestMail:
    def test_mail_lists_the_links_and_what_is_left_of_them(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        later = expiring(host, name="Beta", max_uses=5, usage_count=3, expires_at=datetime(2026, 12, 3, 23, tzinfo=UTC))
        sooner = expiring(host, name="", title="Lunch", expires_at=datetime(2026, 12, 2, 17, 30, tzinfo=UTC))
        scheduled = expiring(host, name="Soon", max_uses=None, opens_at=datetime(2026, 12, 2, 23, tzinfo=UTC))
        PrivateLink.objects.filter(pk=scheduled.pk).update(expires_at=datetime(2026, 12, 4, 8, tzinfo=UTC))
        tell(NOW)

        [mail] = send(mailoutbox)

        assert (mail.to, mail.subject) == (["ada@example.com"], "3 private links expire soon")
        assert mail.body == (
            "These private links expire within three days and are not used up:\n"
            "\n"
            "Private link (Lunch)\n"
            "1 of 1 use left, until 2 Dec 2026, 18:30 (Europe/Berlin)\n"
            f"https://book.example.com/private-links/{sooner.pk}/\n"
            "\n"
            "Beta (Discovery call)\n"
            "2 of 5 uses left, until the end of 3 Dec 2026 (Europe/Berlin)\n"
            f"https://book.example.com/private-links/{later.pk}/\n"
            "\n"
            "Soon (Discovery call)\n"
            "No limit of uses, from 3 Dec 2026 (Europe/Berlin), until 4 Dec 2026, 09:00 (Europe/Berlin)\n"
            f"https://book.example.com/private-links/{scheduled.pk}/\n"
            "\n"
            "To give a link more time, open its page and change the expiry date.\n"
            "\n"
            "See all private links:\n"
            "https://book.example.com/private-links/\n"
            "\n"
            "You get this mail at most once a day, and it tells of each expiry date once. Switch it off:\n"
            "https://book.example.com/settings/notifications/\n"
        )

    def test_html_says_the_same(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        link = expiring(host, name="Beta", max_uses=5, usage_count=3, expires_at=datetime(2026, 12, 3, 23, tzinfo=UTC))
        tell(NOW)

        html = html_of(send(mailoutbox)[0])

        expected = [
            "1 private link expires soon</h1>",
            "This private link expires within three days and is not used up:",
            f'href="https://book.example.com/private-links/{link.pk}/"',
            ">Beta</a>",
            "Discovery call",
            "2 of 5 uses left, until the end of 3 Dec 2026 (Europe/Berlin)",
            'href="https://book.example.com/private-links/"',
            'href="https://book.example.com/settings/notifications/"',
        ]
        assert [words for words in expected if words not in html] == []

    def test_no_mail_holds_a_hash(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        link = expiring(host)
        tell(NOW)

        [mail] = send(mailoutbox)

        assert link.hash not in mail.message().as_string()
        assert [address for address in (str(mail.body), html_of(mail)) if "/d/" in address] == []
        assert link.hash not in str(queued_digests())

    def test_names_are_text(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        expiring(host, name="<script>\r\nBcc: eve@example.com", title="<i>\nCall")
        tell(NOW)

        [mail] = send(mailoutbox)

        assert "<script> Bcc: eve@example.com (<i> Call)\n" in str(mail.body)
        assert "&lt;script&gt; Bcc: eve@example.com</a>" in html_of(mail)
        assert "<script>" not in html_of(mail)

    def test_mail_sent_again_has_the_same_name_and_that_of_another_day_another(self, host: Host) -> None:
        link = PrivateLink.objects.with_event_type().get(pk=expiring(host).pk)
        days = [date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 2)]
        of_other = expiry_digest_mail(HostFactory.create(), [link], days[0], NOW).message()["Message-ID"]

        names = [expiry_digest_mail(host, [link], day, NOW).message()["Message-ID"] for day in days]

        assert names[0] == names[1]
        assert len({*names, of_other}) == 3
        assert names[0].endswith("@example.com>")

    def test_nothing_answers_by_itself(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        expiring(host)
        tell(NOW)

        assert send(mailoutbox)[0].message()["Auto-Submitted"] == "auto-generated"

    def test_long_list_says_how_many_more_there_are(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        first = expiring(host)
        PrivateLinkFactory.create_batch(MOST_LISTED, event_type=first.event_type, expires_at=NOW + 2 * DAY)
        tell(NOW)

        [mail] = send(mailoutbox)

        assert mail.subject == "51 private links expire soon"
        assert str(mail.body).count("/private-links/") == MOST_LISTED + 1
        assert "\nAnd 1 more.\n" in str(mail.body)
        assert "And 1 more.</p>" in html_of(mail)

    @pytest.mark.parametrize("number", [1, 3])
    def test_sending_takes_three_queries(self, host: Host, mailoutbox: list[EmailMessage], number: int) -> None:
        for _number in range(number):
            expiring(host)
        tell(NOW)
        [job] = queued_digests()

        with CaptureQueriesContext(connection) as queries:
            send_expiry_digest(**job)

        # Host, clock, links.
        assert len(queries) == 3


class TestMeanwhile:
    """What changes after the mail was queued: it says what is true when it is sent."""

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda link: pause_link(link=link), id="paused"),
            pytest.param(lambda link: delete_links(links=[link]), id="deleted"),
            pytest.param(
                lambda link: change_link(link=link, changes={"expires_at": NOW + 2 * DAY + SECOND}), id="another date"
            ),
            pytest.param(lambda link: change_link(link=link, changes={"expires_at": None}), id="no date"),
            pytest.param(lambda link: PrivateLink.objects.filter(pk=link.pk).update(usage_count=1), id="used up"),
        ],
    )
    def test_link_that_is_no_news_any_more_is_left_out(
        self, host: Host, mailoutbox: list[EmailMessage], change: Callable[[PrivateLink], object]
    ) -> None:
        changed, other = expiring(host, name="Changed"), expiring(host, name="Other")
        tell(NOW)

        change(changed)

        [mail] = send(mailoutbox)
        assert mail.subject == "1 private link expires soon"
        assert ("Changed" in str(mail.body), other.name in str(mail.body)) == (False, True)

    def test_mail_with_nothing_left_to_tell_is_not_sent(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        link = expiring(host)
        tell(NOW)

        pause_link(link=link)

        assert send(mailoutbox) == []

    @pytest.mark.parametrize("changes", [{"wants_expiry_digest": False}, {"is_active": False}, {"email": ""}])
    def test_host_who_cannot_or_will_not_be_told_any_more_gets_no_mail(
        self, host: Host, mailoutbox: list[EmailMessage], changes: dict[str, Any]
    ) -> None:
        expiring(host)
        tell(NOW)

        Host.objects.update(**changes)

        assert send(mailoutbox) == []

    def test_link_that_has_gone_to_another_host_is_told_to_nobody_here(
        self, host: Host, mailoutbox: list[EmailMessage]
    ) -> None:
        link = expiring(host)
        tell(NOW)
        [job] = queued_digests()

        send_expiry_digest(**job | {"host_id": HostFactory.create().pk, "link_ids": [link.pk]})

        assert mailoutbox == []

    def test_mail_says_what_is_left_when_it_is_sent(self, host: Host, mailoutbox: list[EmailMessage]) -> None:
        link = expiring(host, name="Beta", max_uses=5)
        tell(NOW)

        change_link(link=link, changes={"name": "Gamma", "max_uses": 7})

        assert "Gamma (Discovery call)\n7 of 7 uses left" in str(send(mailoutbox)[0].body)


def test_mail_to_a_host_who_is_deleted_meanwhile_is_not_sent(host: Host, mailoutbox: list[EmailMessage]) -> None:
    link = expiring(host)
    Host.objects.all().delete()

    send_expiry_digest(host_id=host.pk, link_ids=[link.pk], day="2026-12-01")

    assert mailoutbox == []
