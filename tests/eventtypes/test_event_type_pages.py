"""Making an event type, and the tabs that edit it."""

from datetime import date, time

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventtypes.models import DateOverride, EventType, Host, Schedule
from tests.eventtypes.test_event_type_forms import LIMITS, SETUP
from tests.factories import EventTypeFactory, ScheduleFactory

TABS = ["setup", "availability", "limits", "questions"]


def said(client: Client, path: str) -> list[str]:
    """Return the messages above the page."""
    return [str(message) for message in client.get(path).context["messages"]]


class TestAccess:
    @pytest.mark.parametrize("path", ["new/", "1/setup/", "1/availability/", "1/limits/", "1/questions/"])
    def test_event_type_pages_lead_visitors_to_the_log_in(self, client: Client, db: None, path: str) -> None:
        answer = client.get(f"/event-types/{path}")

        assert answer.status_code == 302
        assert answer["Location"] == f"/accounts/login/?next=/event-types/{path}"

    @pytest.mark.parametrize("tab", TABS)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_event_type_tabs_of_another_host_are_not_found(self, host_client: Client, tab: str, method: str) -> None:
        foreign = EventTypeFactory(title="Foreign")

        answer = getattr(host_client, method)(f"/event-types/{foreign.pk}/{tab}/", SETUP | LIMITS)

        assert answer.status_code == 404
        foreign.refresh_from_db()
        assert foreign.title == "Foreign"

    @pytest.mark.parametrize("pk", ["0", str(10**20)])
    def test_event_type_tabs_of_nothing_are_not_found(self, host_client: Client, pk: str) -> None:
        assert host_client.get(f"/event-types/{pk}/setup/").status_code == 404

    @pytest.mark.parametrize("path", ["new/", "1/setup/", "1/availability/", "1/limits/", "1/questions/"])
    def test_event_type_pages_take_no_other_method(self, host_client: Client, path: str) -> None:
        assert host_client.put(f"/event-types/{path}").status_code == 405

    @pytest.mark.parametrize("tab", TABS)
    def test_event_type_tab_needs_so_many_queries(
        self, host_client: Client, host: Host, tab: str, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        event_type = EventTypeFactory(host=host)
        EventTypeFactory.create_batch(3, host=host)

        # Session, user, event type, the schedule's windows and overrides; to choose a schedule also the choices (Django
        # looks twice), and the windows and overrides of the one that is shown; or the questions.
        with django_assert_num_queries({"availability": 9, "questions": 6}.get(tab, 5)):
            host_client.get(f"/event-types/{event_type.pk}/{tab}/")


class TestCreate:
    def test_new_event_type_is_stored_and_opened(self, host_client: Client, host: Host) -> None:
        answer = host_client.post("/event-types/new/", SETUP)

        created = EventType.objects.get()
        assert (created.host, created.slug) == (host, "intro")
        assert answer["Location"] == f"/event-types/{created.pk}/setup/"
        assert said(host_client, answer["Location"]) == ["“Intro” is made."]

    def test_new_event_type_gets_a_schedule_if_the_host_has_none(self, host_client: Client, host: Host) -> None:
        host_client.post("/event-types/new/", SETUP)

        assert EventType.objects.get().schedule == Schedule.objects.get(host=host)

    def test_new_event_type_keeps_what_was_typed_when_refused(self, host_client: Client) -> None:
        answer = host_client.post("/event-types/new/", SETUP | {"duration_minutes": "1e3", "location": "Phone <b>"})

        assert answer.status_code == 422
        assert 'value="1e3"' in answer.text
        assert 'value="Phone &lt;b&gt;"' in answer.text
        assert EventType.objects.count() == 0

    def test_new_event_type_takes_no_host_from_the_form(self, host_client: Client, host: Host) -> None:
        other = EventTypeFactory().host

        host_client.post("/event-types/new/", SETUP | {"host": other.pk, "visibility": "private", "position": "9"})

        created = EventType.objects.get(slug="intro")
        assert (created.host, created.visibility, created.position) == (host, "public", 0)


class TestSetup:
    def test_setup_tab_saves_and_stays(self, host_client: Client, host: Host) -> None:
        event_type = EventTypeFactory(host=host, slug="intro")

        answer = host_client.post(f"/event-types/{event_type.pk}/setup/", SETUP)

        event_type.refresh_from_db()
        assert event_type.title == "Intro"
        assert answer["Location"] == f"/event-types/{event_type.pk}/setup/"
        assert said(host_client, answer["Location"]) == ["Saved."]

    def test_setup_tab_saves_and_clears_reminders(self, host_client: Client, host: Host) -> None:
        event_type = EventTypeFactory(host=host, slug="intro", reminder_minutes=[5])
        address = f"/event-types/{event_type.pk}/setup/"
        typed = {"first_reminder_amount": "1", "first_reminder_unit": "1440"}

        host_client.post(address, SETUP | typed)
        event_type.refresh_from_db()
        saved, page = event_type.reminder_minutes, host_client.get(address).text
        host_client.post(address, SETUP | typed | {"first_reminder_amount": ""})
        event_type.refresh_from_db()

        assert (saved, event_type.reminder_minutes) == ([1440], [])
        assert 'name="first_reminder_amount" value="1"' in page

    def test_setup_tab_says_that_the_former_url_goes_on_working(self, host_client: Client, host: Host) -> None:
        event_type = EventTypeFactory(host=host, slug="old")

        answer = host_client.post(f"/event-types/{event_type.pk}/setup/", SETUP)

        assert said(host_client, answer["Location"]) == ["Saved. The former URL leads to the new one."]

    def test_setup_tab_refuses_a_taken_slug_beside_the_field(self, host_client: Client, host: Host) -> None:
        EventTypeFactory(host=host, slug="intro")
        event_type = EventTypeFactory(host=host, slug="mine", title="Mine")

        answer = host_client.post(f"/event-types/{event_type.pk}/setup/", SETUP)

        assert answer.status_code == 422
        assert answer.context["form"].errors == {"slug": ["Another event type of yours has this URL."]}
        assert "<h1>Mine</h1>" in answer.text
        assert 'value="Intro"' in answer.text

    def test_setup_tab_shows_the_whole_address(self, host_client: Client, host: Host) -> None:
        event_type = EventTypeFactory(host=host, slug="intro")

        page = host_client.get(f"/event-types/{event_type.pk}/setup/").text

        assert "http://127.0.0.1:8000/ada/<strong data-slug>intro</strong>/" in page


class TestAvailability:
    def test_availability_tab_saves_and_stays(self, host_client: Client, host: Host) -> None:
        event_type, schedule = EventTypeFactory(host=host), ScheduleFactory(host=host)

        answer = host_client.post(f"/event-types/{event_type.pk}/availability/", {"schedule": schedule.pk})

        event_type.refresh_from_db()
        assert event_type.schedule == schedule
        assert answer["Location"] == f"/event-types/{event_type.pk}/availability/"

    def test_availability_tab_refuses_another_hosts_schedule(self, host_client: Client, host: Host) -> None:
        event_type, foreign = EventTypeFactory(host=host), ScheduleFactory()

        answer = host_client.post(f"/event-types/{event_type.pk}/availability/", {"schedule": foreign.pk})

        assert answer.status_code == 422
        assert answer.context["form"].errors == {"schedule": ["Choose one of your schedules."]}

    def test_availability_tab_shows_the_week(self, host_client: Client, host: Host) -> None:
        windows = [(0, time(9), time(12)), (0, time(13), time(0))]
        event_type = EventTypeFactory(host=host, schedule=ScheduleFactory(host=host, rules=windows))

        week = host_client.get(f"/event-types/{event_type.pk}/availability/").context["week"]

        assert [day.name for day in week][:2] == ["Monday", "Tuesday"]
        assert [day.windows for day in week] == [["09:00 – 12:00", "13:00 – 24:00"], [], [], [], [], [], []]

    @time_machine.travel("2026-12-10T23:30:00Z", tick=False)
    def test_availability_tab_shows_dates_from_today_in_the_schedules_zone(self, client: Client, host: Host) -> None:
        client.force_login(host)
        event_type = EventTypeFactory(host=host)
        for day, start, end in [(10, None, None), (11, time(10), time(11)), (11, time(12), time(13)), (24, None, None)]:
            schedule = event_type.schedule
            DateOverride.objects.create(schedule=schedule, date=date(2026, 12, day), start_time=start, end_time=end)

        shown = client.get(f"/event-types/{event_type.pk}/availability/").context["overrides"]

        assert [(each.date.day, each.windows) for each in shown] == [
            (11, ["10:00 – 11:00", "12:00 – 13:00"]),
            (24, []),
        ]

    def test_availability_tab_shows_another_schedule_before_it_is_chosen(self, host_client: Client, host: Host) -> None:
        event_type, other = EventTypeFactory(host=host), ScheduleFactory(host=host, name="Other")

        page = host_client.get(f"/event-types/{event_type.pk}/availability/?schedule={other.pk}")

        assert page.context["schedule"] == other
        event_type.refresh_from_db()
        assert event_type.schedule != other

    @pytest.mark.parametrize("nonsense", ["", "x", "%00", "1e3", str(10**20)])
    def test_availability_tab_takes_nonsense_for_nothing(self, host_client: Client, host: Host, nonsense: str) -> None:
        event_type = EventTypeFactory(host=host)

        page = host_client.get(f"/event-types/{event_type.pk}/availability/?schedule={nonsense}")

        assert page.context["schedule"] == event_type.schedule


class TestLimits:
    def test_limits_tab_saves_and_stays(self, host_client: Client, host: Host) -> None:
        event_type = EventTypeFactory(host=host)

        answer = host_client.post(f"/event-types/{event_type.pk}/limits/", LIMITS | {"max_bookings_per_day": "3"})

        event_type.refresh_from_db()
        assert (event_type.minimum_notice_minutes, event_type.max_bookings_per_day) == (120, 3)
        assert answer["Location"] == f"/event-types/{event_type.pk}/limits/"

    def test_limits_tab_keeps_what_was_typed_when_refused(self, host_client: Client, host: Host) -> None:
        event_type = EventTypeFactory(host=host, max_bookings_per_day=2)
        typed = {"max_bookings_per_day": "many", "minimum_notice_minutes_amount": "soon"}

        answer = host_client.post(f"/event-types/{event_type.pk}/limits/", LIMITS | typed)

        assert answer.status_code == 422
        assert 'value="many"' in answer.text
        assert 'value="soon"' in answer.text
        event_type.refresh_from_db()
        assert event_type.max_bookings_per_day == 2
