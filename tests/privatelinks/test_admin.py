"""The admin of private links: the same rules as everywhere, in words, never the counter or the hash."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import EventType, Visibility
from privatelinks.models import LinkEvent, LinkEventKind, LinkState, PrivateLink
from privatelinks.services.history import remember
from privatelinks.services.uses import spend_use
from tests.factories import EventTypeFactory, HostFactory, PrivateLinkFactory, ScheduleFactory
from tests.privatelinks.admin_pages import EVENT_TYPES, LINKS, NOW, YESTERDAY, change, errors_of, fields_of, stored

pytestmark = pytest.mark.django_db


def test_every_page_opens(staff_client: Client) -> None:
    link = PrivateLinkFactory.create(expires_at=NOW)
    pages = [LINKS, f"{LINKS}add/", f"{LINKS}{link.pk}/change/", f"{LINKS}{link.pk}/delete/", f"{LINKS}?q=Beta"]
    pages += [EVENT_TYPES, f"{EVENT_TYPES}add/", f"{EVENT_TYPES}{link.event_type.pk}/change/"]
    pages += [f"{EVENT_TYPES}{link.event_type.pk}/delete/", f"{EVENT_TYPES}?q=call"]

    assert {path: staff_client.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)


def test_pages_open_for_staff_who_may_only_look(client: Client) -> None:
    link = PrivateLinkFactory.create(expires_at=datetime(2999, 8, 31, 22, tzinfo=UTC))
    staff = HostFactory.create(is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(staff)

    pages = [
        client.get(path).text for path in (f"{LINKS}{link.pk}/change/", f"{EVENT_TYPES}{link.event_type.pk}/change/")
    ]

    assert ["until the end of 31 Aug 2999 (Europe/Berlin)" in page for page in pages] == [True, True]


class TestPrivateLinks:
    def test_list_tells_state_uses_and_expiry(self, staff_client: Client) -> None:
        end = datetime(2999, 8, 31, 22, tzinfo=UTC)
        PrivateLinkFactory.create(name="Beta", max_uses=5, usage_count=3, expires_at=end)

        page = staff_client.get(LINKS).text

        assert "2 of 5 uses left" in page
        assert "until the end of 31 Aug 2999 (Europe/Berlin)" in page
        assert '<td class="field-state">Active</td>' in page

    @pytest.mark.parametrize("number", [1, 3])
    def test_list_needs_the_same_queries_for_any_number_of_links(
        self, staff_client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        host = HostFactory.create()
        event_type = EventTypeFactory.create(host=host)
        PrivateLinkFactory.create_batch(number, event_type=event_type)

        # Session, user, how many in all and found, the filters' event types and hosts, and the links.
        with django_assert_num_queries(7):
            staff_client.get(LINKS)

    @pytest.mark.parametrize("state", LinkState)
    def test_filter_by_state_asks_the_rule(self, staff_client: Client, state: LinkState) -> None:
        PrivateLinkFactory.create(name="active")
        PrivateLinkFactory.create(name="scheduled", opens_at=NOW + timedelta(days=1))
        PrivateLinkFactory.create(name="paused", is_paused=True)
        PrivateLinkFactory.create(name="used_up", usage_count=1)
        PrivateLinkFactory.create(name="expired", expires_at=YESTERDAY)

        response = staff_client.get(f"{LINKS}?state={state}")

        assert [link.name for link in response.context["cl"].result_list] == [state.value]

    def test_search_finds_name_hash_and_url(self, staff_client: Client) -> None:
        wanted = PrivateLinkFactory.create(name="Beta")
        PrivateLinkFactory.create(name="Other")

        searches = ["beta", wanted.hash, f"https://example.org/d/{wanted.hash}/call"]
        found = [list(staff_client.get(LINKS, {"q": text}).context["cl"].result_list) for text in searches]

        assert found == [[wanted]] * 3

    def test_search_by_nonsense_is_no_error(self, staff_client: Client) -> None:
        assert staff_client.get(f"{LINKS}?q=%00&state=x").status_code in {200, 302}

    def test_link_is_added_with_a_hash_of_its_own(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create()
        fields = {"event_type": event_type.pk, "name": "Beta", "max_uses": "3", "hash": "2" * 22, "usage_count": "3"}

        staff_client.post(f"{LINKS}add/", fields)

        link = PrivateLink.objects.get()
        assert (link.event_type, link.name, link.max_uses, link.usage_count) == (event_type, "Beta", 3, 0)
        assert link.hash != "2" * 22

    def test_changing_writes_only_what_was_changed(self, staff_client: Client) -> None:
        link = PrivateLinkFactory.create(name="Beta", max_uses=5, expires_at=YESTERDAY)
        path = f"{LINKS}{link.pk}/change/"
        fields = fields_of(staff_client.get(path))
        spend_use(link, timezone.now())

        staff_client.post(path, fields | {"name": "Renamed", "usage_count": "0", "hash": "2" * 22})

        fresh = stored(link)
        assert (fresh.name, fresh.usage_count, fresh.hash) == ("Renamed", 1, link.hash)
        assert fresh.expires_at == YESTERDAY

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"max_uses": "2"}, "The link has been used 3 times already. Allow at least as many."),
            ({"max_uses": "0"}, "Allow at least one use, or leave it blank for no limit."),
            ({"max_uses": "99999999999"}, "Allow at most a million uses, or leave it blank for no limit."),
            (
                {"expires_on": "2020-01-01"},
                "This has passed already. Choose a later date, or leave it blank for no limit.",
            ),
            (
                {"expires_on": "9999-12-31"},
                "Choose a date before the year 3000.",
            ),
            (
                {
                    "opens_on": "2999-01-02",
                    "expires_on": "2999-01-01",
                },
                "The link must open before it expires.",
            ),
            (
                {"expires_on": "0001-01-01"},
                "This has passed already. Choose a later date, or leave it blank for no limit.",
            ),
            ({"expires_time": "14:00"}, "Choose the date, too."),
            ({"opens_time": "14:00"}, "Choose the date, too."),
            ({"opens_on": "0001-01-01"}, "Choose a date from the year 2000 on."),
            ({"opens_on": "9999-12-31"}, "Choose a date before the year 3000."),
            ({"expires_on": "2999-01-01", "expires_time": "noon"}, "Enter a valid time."),
            ({"name": "x" * 101}, "Use at most 100 characters; this has 101."),
        ],
    )
    def test_refusal_is_in_words_and_stores_nothing(
        self, staff_client: Client, typed: dict[str, str], message: str
    ) -> None:
        link = PrivateLinkFactory.create(name="Old", max_uses=5, usage_count=3)
        before = list(PrivateLink.objects.values())

        response = change(staff_client, f"{LINKS}{link.pk}/change/", **({"name": "New"} | typed))

        assert errors_of(response) == [message]
        assert list(PrivateLink.objects.values()) == before

    @pytest.mark.parametrize(
        ("day", "time", "instant"),
        [
            ("2999-08-31", "", datetime(2999, 8, 31, 22, tzinfo=UTC)),
            ("2999-08-31", "14:00", datetime(2999, 8, 31, 12, tzinfo=UTC)),
            ("", "", None),
        ],
    )
    def test_expiry_is_typed_as_on_the_hosts_own_pages(
        self, staff_client: Client, day: str, time: str, instant: datetime | None
    ) -> None:
        link = PrivateLinkFactory.create(expires_at=NOW)
        path = f"{LINKS}{link.pk}/change/"

        page = staff_client.get(path).text
        change(staff_client, path, expires_on=day, expires_time=time)

        assert "In the time zone Europe/Berlin." in page
        assert stored(link).expires_at == instant

    def test_opening_date_is_typed_as_on_the_hosts_own_pages(self, staff_client: Client) -> None:
        link = PrivateLinkFactory.create(opens_at=datetime(2998, 8, 31, 22, tzinfo=UTC))
        path = f"{LINKS}{link.pk}/change/"

        shown = fields_of(staff_client.get(path))
        change(staff_client, path, opens_on="2999-08-31")
        by_day = stored(link).opens_at
        change(staff_client, path, opens_time="14:00")

        assert (shown["opens_on"], shown["opens_time"]) == ("2998-09-01", "")
        assert by_day == datetime(2999, 8, 30, 22, tzinfo=UTC)
        assert stored(link).opens_at == datetime(2999, 8, 31, 12, tzinfo=UTC)

    def test_no_date_is_said_to_be_in_another_zone_than_it_is(self, staff_client: Client) -> None:
        link = PrivateLinkFactory.create()

        page = staff_client.get(f"{LINKS}{link.pk}/change/").text

        assert page.count("In the time zone Europe/Berlin.") == 2
        # The admin's own script writes below these that they are in UTC.
        assert ["vDateField" in page, "vTimeField" in page, "In UTC" in page] == [False, False, False]

    def test_link_is_added_with_an_expiry_in_the_zone_of_its_event_type(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create(schedule=ScheduleFactory.create(time_zone="Asia/Tokyo"))
        path = f"{LINKS}add/"

        staff_client.post(
            path, fields_of(staff_client.get(path)) | {"event_type": event_type.pk, "expires_on": "2999-08-31"}
        )
        staff_client.post(path, fields_of(staff_client.get(path)) | {"expires_on": "2999-08-31"})

        assert PrivateLink.objects.get().expires_at == datetime(2999, 8, 31, 15, tzinfo=UTC)

    def test_link_keeps_its_event_type(self, staff_client: Client) -> None:
        link, other = PrivateLinkFactory.create(), EventTypeFactory.create()

        change(staff_client, f"{LINKS}{link.pk}/change/", event_type=other.pk)

        assert stored(link).event_type == link.event_type

    def test_changes_are_remembered_in_the_links_history(self, staff_client: Client) -> None:
        link = PrivateLinkFactory.create(name="Old", max_uses=5)

        change(staff_client, f"{LINKS}{link.pk}/change/", name="New", max_uses="", is_paused="on")

        events = LinkEvent.objects.filter(private_link=link).order_by("pk").values_list("kind", "changes")
        assert list(events) == [("paused", {}), ("changed", {"max_uses": [5, None], "name": ["Old", "New"]})]

    def test_untouched_form_is_not_remembered(self, staff_client: Client) -> None:
        link = PrivateLinkFactory.create(expires_at=YESTERDAY, opens_at=YESTERDAY - timedelta(days=1), usage_count=1)

        change(staff_client, f"{LINKS}{link.pk}/change/")

        assert LinkEvent.objects.count() == 0

    def test_page_tells_what_happened_to_the_link_to_be_looked_at_only(self, staff_client: Client) -> None:
        link = PrivateLinkFactory.create(max_uses=5)
        change(staff_client, f"{LINKS}{link.pk}/change/", name="<b>New</b>", max_uses="")

        page = staff_client.get(f"{LINKS}{link.pk}/change/").text

        assert "(Europe/Berlin)<br>Settings changed; Name: from" in page
        assert "to “&lt;b&gt;New&lt;/b&gt;”; Number of allowed uses: from 5 to no limit</li>" in page
        assert page.count("(Europe/Berlin)<br>") == 2
        assert "Created</li>" in page

    def test_page_tells_the_newest_fifty_things(self, staff_client: Client) -> None:
        link = PrivateLinkFactory.create()
        for place in range(60):
            remember(link, LinkEventKind.SENT, NOW + timedelta(minutes=place), recipient=f"{place}@example.com")

        page = staff_client.get(f"{LINKS}{link.pk}/change/").text

        assert ["Sent to 59@example.com" in page, "Sent to 10@example.com" in page] == [True, True]
        assert ["Sent to 9@example.com" in page, "Created</li>" in page] == [False, False]

    @pytest.mark.parametrize("number", [1, 3])
    def test_page_needs_the_same_queries_for_any_number_of_events(
        self, staff_client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        link = PrivateLinkFactory.create()
        for _ in range(number):
            remember(link, LinkEventKind.PAUSED, NOW)
        # Afterwards, Django knows the types of content.
        staff_client.get(f"{LINKS}{link.pk}/change/")

        # The session, the user, the link, what happened to it, and both ends of the transaction.
        with django_assert_num_queries(6):
            staff_client.get(f"{LINKS}{link.pk}/change/")


@pytest.mark.parametrize("page", ["link", "event type"])
def test_page_left_open_takes_nothing_back(staff_client: Client, page: str) -> None:
    link = PrivateLinkFactory.create()
    path = f"{LINKS}{link.pk}/change/" if page == "link" else f"{EVENT_TYPES}{link.event_type_id}/change/"
    as_shown = fields_of(staff_client.get(path))
    PrivateLink.objects.update(is_paused=True, max_uses=7)
    EventType.objects.update(visibility=Visibility.PRIVATE)

    response = staff_client.post(path, as_shown | ({"name": "Renamed"} if page == "link" else {"title": "Renamed"}))

    link = PrivateLink.objects.select_related("event_type").get()
    assert response.status_code == 302
    assert "Renamed" in (link.name, link.event_type.title)
    assert (link.is_paused, link.max_uses, link.event_type.visibility) == (True, 7, Visibility.PRIVATE)


@pytest.mark.parametrize("kind", ["link", "event type"])
def test_history_that_is_sent_a_form_is_shown_all_the_same(staff_client: Client, kind: str) -> None:
    link = PrivateLinkFactory.create()
    path = f"{LINKS}{link.pk}/history/" if kind == "link" else f"{EVENT_TYPES}{link.event_type_id}/history/"

    response = staff_client.post(path)

    assert response.status_code == 200


@pytest.mark.parametrize("end", [NOW - timedelta(hours=1), NOW + timedelta(days=9, seconds=7, microseconds=5)])
def test_instant_with_seconds_is_no_change(staff_client: Client, end: datetime) -> None:
    link = PrivateLinkFactory.create(name="Old", expires_at=end)

    response = change(staff_client, f"{LINKS}{link.pk}/change/", name="Another name")

    link.refresh_from_db()
    assert (response.status_code, link.name, link.expires_at) == (302, "Another name", end)
    assert [event.changes for event in link.events.all()] == [{"name": ["Old", "Another name"]}]


def test_same_change_from_two_pages_is_remembered_once(staff_client: Client) -> None:
    link = PrivateLinkFactory.create(max_uses=5)
    path = f"{LINKS}{link.pk}/change/"
    fields = fields_of(staff_client.get(path)) | {"max_uses": "2"}

    for _ in range(2):
        staff_client.post(path, fields)

    assert [event.changes for event in link.events.all()] == [{"max_uses": [5, 2]}]


def test_staff_see_for_whom_a_link_is_and_what_it_offers(staff_client: Client) -> None:
    link = PrivateLinkFactory.create(
        name="x" * 90, allowed_invitees=["@only.example"], offer_duration_minutes=1234, invitee_email="iris@example.com"
    )

    page, listed = staff_client.get(f"{LINKS}{link.pk}/change/").text, staff_client.get(LINKS).text

    assert [words in page for words in ("@only.example", "1234", "iris@example.com")] == [True] * 3
    assert f">{'x' * 39}…</a>" in listed
