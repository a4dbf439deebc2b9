"""The forms of an event type's tabs: what they take, and what they say beside which field."""

from datetime import date
from typing import Any

import pytest

from eventtypes.forms.event_types import LimitsForm, ScheduleChoiceForm, SetupForm
from eventtypes.models import BookingWindowKind, EventType, Host
from tests.factories import EventTypeFactory, ScheduleFactory

SETUP = {
    "title": "Intro",
    "slug": "intro",
    "description": "",
    "duration_minutes": "30",
    "location_kind": "text",
    "location": "",
}
LIMITS = {
    "minimum_notice_minutes_amount": "2",
    "minimum_notice_minutes_unit": "60",
    "booking_window_kind": "days",
    "booking_window_days": "60",
    "booking_window_starts_on": "",
    "booking_window_ends_on": "",
    "buffer_before_minutes_amount": "0",
    "buffer_before_minutes_unit": "1",
    "buffer_after_minutes_amount": "0",
    "buffer_after_minutes_unit": "1",
    "slot_interval_minutes": "",
    "max_bookings_per_day": "",
    "max_bookings_per_week": "",
    "max_bookings_per_month": "",
    "max_minutes_per_day_amount": "",
    "max_minutes_per_day_unit": "60",
}
HUGE = str(10**20)


def new_setup(host: Host, **typed: str) -> SetupForm:
    return SetupForm(SETUP | typed, instance=EventType(host=host))


def limits(event_type: EventType, **typed: str) -> LimitsForm:
    return LimitsForm(LIMITS | typed, instance=event_type)


def messages(form: Any) -> dict[str, list[str]]:
    """Return the messages beside each field."""
    return {field: [str(message) for message in found] for field, found in form.errors.items()}


class TestSetup:
    def test_setup_form_gives_what_was_typed(self, host: Host) -> None:
        form = new_setup(host, title="  Intro \n call ", description="One\r\nTwo", location="Phone")

        assert form.is_valid()
        assert (form.setup.title, form.setup.slug, form.setup.duration_minutes) == ("Intro call", "intro", 30)
        assert (form.setup.description, form.setup.location) == ("One\nTwo", "Phone")

    def test_setup_form_counts_a_line_break_as_one_character(self, host: Host) -> None:
        assert new_setup(host, description="x\r\n" * 1000).is_valid()
        assert not new_setup(host, description="x\r\n" * 1000 + "more").is_valid()

    def test_setup_form_lets_a_new_slug_be_blank(self, host: Host) -> None:
        form = new_setup(host, slug="")

        assert form.is_valid()
        assert form.setup.slug == ""

    def test_setup_form_wants_the_slug_of_an_event_type_that_exists(self, host: Host) -> None:
        form = SetupForm(SETUP | {"slug": ""}, instance=EventTypeFactory(host=host))

        assert messages(form) == {"slug": ["This field is required."]}

    def test_setup_form_refuses_another_event_types_slug(self, host: Host) -> None:
        EventTypeFactory(host=host, slug="intro")

        assert messages(new_setup(host)) == {"slug": ["Another event type of yours has this URL."]}

    def test_setup_form_takes_the_slug_of_another_host(self, host: Host) -> None:
        EventTypeFactory(slug="intro")

        assert new_setup(host).is_valid()

    def test_setup_form_takes_its_own_slug(self, host: Host) -> None:
        assert SetupForm(SETUP, instance=EventTypeFactory(host=host, slug="intro")).is_valid()

    @pytest.mark.parametrize(
        "slug", ["Intro", "in tro", "in/tro", "-intro", "intro-", "ïntro", "in_tro", ".", "in.tro"]
    )
    def test_setup_form_refuses_a_malformed_slug(self, host: Host, slug: str) -> None:
        assert messages(new_setup(host, slug=slug)) == {"slug": ["Use small letters, digits and hyphens."]}

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("", "This field is required."),
            ("1e3", "Enter a whole number."),
            ("٣", "Enter a whole number."),
            ("1_000", "Enter a whole number."),
            ("30.0", "Enter a whole number."),
            ("9" * 5000, "Enter a whole number."),
            ("3\x000", "Enter a whole number."),
            ("0", "The duration must be at least 1 minute."),
            ("-5", "The duration must be at least 1 minute."),
            ("1441", "The duration must be at most 24 hours (1440 minutes)."),
            (HUGE, "The duration must be at most 24 hours (1440 minutes)."),
        ],
    )
    def test_setup_form_refuses_an_impossible_duration(self, host: Host, typed: str, message: str) -> None:
        assert messages(new_setup(host, duration_minutes=typed)) == {"duration_minutes": [message]}

    @pytest.mark.parametrize(
        ("typed", "durations"),
        [
            ("", []),
            ("15", [15]),
            ("60, 15", [15, 60]),
            (" 15 60;90,", [15, 60, 90]),
            ("1, 1440", [1, 1440]),
            ("1 2 3 4 5 6 7 8 9 10", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ],
    )
    def test_setup_form_reads_other_durations(self, host: Host, typed: str, durations: list[int]) -> None:
        form = new_setup(host, duration_options=typed)

        assert form.is_valid()
        assert form.setup.duration_options == durations

    @pytest.mark.parametrize("typed", ["0", "-15", "1441", "1.5", "1_0", "٣", "15 min", "15\x00", "<b>", "9" * 5000])
    def test_setup_form_refuses_impossible_other_durations(self, host: Host, typed: str) -> None:
        assert messages(new_setup(host, duration_options=typed)) == {
            "duration_options": ["Enter whole minutes from 1 to 1440 with commas between them, such as 15, 60."]
        }

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("15, 015", "Name each duration once."),
            ("15, 30", "30 minutes is the duration already. Leave it out here."),
            ("1 2 3 4 5 6 7 8 9 10 11", "At most 10 other durations are possible."),
        ],
    )
    def test_setup_form_refuses_needless_other_durations(self, host: Host, typed: str, message: str) -> None:
        assert messages(new_setup(host, duration_options=typed)) == {"duration_options": [message]}

    def test_setup_form_reads_reminders(self, host: Host) -> None:
        typed = {"first_reminder_amount": "1", "first_reminder_unit": "60"}
        typed |= {"second_reminder_amount": "", "second_reminder_unit": "60"}
        typed |= {"third_reminder_amount": "1", "third_reminder_unit": "1440"}
        form = new_setup(host, **typed)

        assert form.is_valid()
        assert form.setup.reminder_minutes == [1440, 60]

    def test_setup_form_without_reminders_has_none(self, host: Host) -> None:
        form = new_setup(host)

        assert form.is_valid()
        assert form.setup.reminder_minutes == []

    @pytest.mark.parametrize(
        ("amount", "unit", "message"),
        [
            ("0", "60", "A reminder must be at least 1 minute before."),
            ("-1", "60", "Enter 0 or more."),
            ("29", "1440", "A reminder must be at most 28 days before."),
            (HUGE, "1440", "A reminder must be at most 28 days before."),
            ("1.5", "60", "Enter a whole number."),
            ("1", "7", "Choose one of the options."),
            ("1", "", "Choose a unit."),
            (HUGE, "", "Choose a unit."),
        ],
    )
    def test_setup_form_refuses_impossible_reminders(self, host: Host, amount: str, unit: str, message: str) -> None:
        form = new_setup(host, second_reminder_amount=amount, second_reminder_unit=unit)

        assert messages(form) == {"second_reminder": [message]}

    def test_setup_form_refuses_a_reminder_that_is_there_already(self, host: Host) -> None:
        typed = {"first_reminder_amount": "24", "first_reminder_unit": "60"}
        form = new_setup(host, **typed, third_reminder_amount="1", third_reminder_unit="1440")

        assert messages(form) == {"third_reminder": ["This reminder is there already."]}

    def test_setup_form_shows_reminders_in_large_units(self, host: Host) -> None:
        form = SetupForm(instance=EventTypeFactory(host=host, reminder_minutes=[90, 2880]))

        assert [form[name].value() for name in SetupForm.REMINDERS] == [2880, 90, None]
        assert '<input type="number" name="first_reminder_amount" value="2"' in str(form["first_reminder"])
        assert '<option value="1440" selected>days</option>' in str(form["first_reminder"])
        assert '<option value="60" selected>hours</option>' in str(form["third_reminder"])

    def test_setup_form_shows_other_durations_as_they_are_typed(self, host: Host) -> None:
        stored = SetupForm(instance=EventTypeFactory(host=host, duration_options=[15, 60]))
        refused = new_setup(host, duration_options="15;x")

        assert stored["duration_options"].value() == "15, 60"
        assert refused["duration_options"].value() == "15;x"

    @pytest.mark.parametrize("field", ["title", "slug", "description", "location"])
    def test_setup_form_refuses_a_null_character(self, host: Host, field: str) -> None:
        form = new_setup(host, **{field: "a\x00b"})

        assert messages(form) == {field: ["Null characters are not allowed."]}

    @pytest.mark.parametrize(
        ("field", "most"), [("title", 100), ("slug", 60), ("description", 2000), ("location", 500)]
    )
    def test_setup_form_limits_the_length(self, host: Host, field: str, most: int) -> None:
        assert new_setup(host, **{field: "x" * most}).is_valid()
        assert list(new_setup(host, **{field: "x" * (most + 1)}).errors) == [field]


class TestScheduleChoice:
    def test_schedule_choice_offers_the_hosts_own(self, host: Host) -> None:
        own, foreign = ScheduleFactory(host=host), ScheduleFactory()

        assert ScheduleChoiceForm({"schedule": own.pk}, host=host).is_valid()
        assert messages(ScheduleChoiceForm({"schedule": foreign.pk}, host=host)) == {
            "schedule": ["Choose one of your schedules."]
        }

    @pytest.mark.parametrize("typed", ["nonsense", "1e3", "-1", HUGE])
    def test_schedule_choice_refuses_nonsense(self, host: Host, typed: str) -> None:
        form = ScheduleChoiceForm({"schedule": typed}, host=host)

        assert messages(form) == {"schedule": ["Choose one of your schedules."]}


class TestLimits:
    @pytest.mark.parametrize(("unit", "minutes"), [("1", 3), ("60", 180), ("1440", 4320)])
    def test_limits_form_reads_units(self, host: Host, unit: str, minutes: int) -> None:
        typed = {"minimum_notice_minutes_amount": "3", "minimum_notice_minutes_unit": unit}
        form = limits(EventTypeFactory(host=host), **typed)

        assert form.is_valid()
        assert form.limits.minimum_notice_minutes == minutes

    @pytest.mark.parametrize(("minutes", "shown"), [(0, [0, 1]), (90, [90, 1]), (120, [2, 60]), (2880, [2, 1440])])
    def test_limits_form_shows_the_largest_unit(self, host: Host, minutes: int, shown: list[int]) -> None:
        form = LimitsForm(instance=EventTypeFactory(host=host, minimum_notice_minutes=minutes))

        widget = form.fields["minimum_notice_minutes"].widget
        assert widget.decompress(form["minimum_notice_minutes"].value()) == shown

    def test_limits_form_takes_blank_for_no_limit(self, host: Host) -> None:
        form = limits(EventTypeFactory(host=host, max_bookings_per_day=3, slot_interval_minutes=5))

        assert form.is_valid()
        assert (form.limits.max_bookings_per_day, form.limits.max_minutes_per_day) == (None, None)
        assert form.limits.slot_interval_minutes is None

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("minimum_notice_minutes", "367", "The minimum notice must be at most 366 days."),
            ("minimum_notice_minutes", HUGE, "The minimum notice must be at most 366 days."),
            ("minimum_notice_minutes", "-1", "Enter 0 or more."),
            ("minimum_notice_minutes", "1e3", "Enter a whole number."),
            ("minimum_notice_minutes", "٣", "Enter a whole number."),
            ("minimum_notice_minutes", "\x00", "Enter a whole number."),
            ("minimum_notice_minutes", "", "This field is required."),
            ("buffer_before_minutes", "1441", "A buffer must be at most 24 hours."),
            ("buffer_after_minutes", "1441", "A buffer must be at most 24 hours."),
            ("max_minutes_per_day", "25", "The total time per day must be at most 24 hours."),
            ("max_minutes_per_day", "0", "The total time per day must be at least 1 minute."),
        ],
    )
    def test_limits_form_refuses_an_impossible_time(self, host: Host, field: str, typed: str, message: str) -> None:
        unit = {"minimum_notice_minutes": "1440"} | dict.fromkeys(["max_minutes_per_day"], "60")
        typed_parts = {f"{field}_amount": typed, f"{field}_unit": unit.get(field, "1")}

        assert messages(limits(EventTypeFactory(host=host), **typed_parts)) == {field: [message]}

    def test_limits_form_refuses_an_unknown_unit(self, host: Host) -> None:
        form = limits(EventTypeFactory(host=host), minimum_notice_minutes_unit="7")

        assert list(form.errors) == ["minimum_notice_minutes"]

    @pytest.mark.parametrize(
        ("field", "typed", "message"),
        [
            ("slot_interval_minutes", "0", "The slot interval must be at least 1 minute."),
            ("slot_interval_minutes", "1441", "The slot interval must be at most 24 hours (1440 minutes)."),
            ("max_bookings_per_day", "0", "A limit must be at least 1."),
            ("max_bookings_per_week", "-1", "A limit must be at least 1."),
            ("max_bookings_per_month", HUGE, "That is too many. Leave it blank for no limit."),
            ("booking_window_days", "", "This field is required."),
            ("booking_window_days", "0", "The booking window must be at least 1 day."),
            ("booking_window_days", "732", "The booking window must be at most 731 days."),
            ("booking_window_days", HUGE, "The booking window must be at most 731 days."),
            ("booking_window_kind", "weeks", "Choose one of the options."),
        ],
    )
    def test_limits_form_refuses_an_impossible_number(self, host: Host, field: str, typed: str, message: str) -> None:
        assert messages(limits(EventTypeFactory(host=host), **{field: typed})) == {field: [message]}

    def test_limits_form_takes_dates(self, host: Host) -> None:
        dates = {"booking_window_starts_on": "2026-12-01", "booking_window_ends_on": "2026-12-24"}
        form = limits(EventTypeFactory(host=host), booking_window_kind="dates", **dates)

        assert form.is_valid()
        assert form.limits.booking_window_starts_on == date(2026, 12, 1)
        assert form.limits.booking_window_ends_on == date(2026, 12, 24)

    @pytest.mark.parametrize(
        ("first", "last", "wanted"),
        [
            ("", "2026-12-24", {"booking_window_starts_on": ["This field is required."]}),
            ("2026-12-24", "", {"booking_window_ends_on": ["This field is required."]}),
            (
                "2026-12-24",
                "2026-12-01",
                {"booking_window_ends_on": ["The last date may not be before the first."]},
            ),
            ("2026-02-30", "2026-12-01", {"booking_window_starts_on": ["Enter a valid date."]}),
        ],
    )
    def test_limits_form_wants_both_dates_in_order(
        self, host: Host, first: str, last: str, wanted: dict[str, list[str]]
    ) -> None:
        dates = {"booking_window_starts_on": first, "booking_window_ends_on": last}
        form = limits(EventTypeFactory(host=host), booking_window_kind="dates", **dates)

        assert messages(form) == wanted

    def test_limits_form_keeps_what_the_kind_of_window_does_not_need(self, host: Host) -> None:
        stored = {"booking_window_starts_on": date(2026, 1, 1), "booking_window_ends_on": date(2026, 1, 31)}
        event_type = EventTypeFactory(host=host, booking_window_days=14, **stored)
        typed = {"booking_window_days": "nonsense", "booking_window_starts_on": "nonsense"}

        form = limits(event_type, booking_window_kind="unlimited", **typed)

        assert form.is_valid()
        assert form.limits.booking_window_kind == BookingWindowKind.UNLIMITED
        assert form.limits.booking_window_days == 14
        assert form.limits.booking_window_starts_on == date(2026, 1, 1)
        assert form.limits.booking_window_ends_on == date(2026, 1, 31)
