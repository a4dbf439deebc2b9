"""Properties of the slot engine, over random schedules, rules, meetings and ranges."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from eventtypes.intervals import Interval
from eventtypes.local_time import span_of_days
from eventtypes.months import Month
from eventtypes.slot_engine import busy_range, find_first_slot, is_offered
from eventtypes.slot_rules import Busy, SlotRules
from tests.eventtypes.slot_strategies import Question, questions, zones
from tests.scale import scaled

MINUTE = timedelta(minutes=1)


def meetings_within(span: Interval, meetings: tuple[Busy, ...]) -> tuple[Busy, ...]:
    """Return the meetings that the database finds for the span: those that overlap it."""
    return tuple(meeting for meeting in meetings if meeting.starts_at < span.end and meeting.ends_at > span.start)


@settings(max_examples=scaled(20_000), deadline=None)
@given(questions())
def test_slots_are_those_of_the_reference(question: Question) -> None:
    assert question.slots() == question.reference()


@settings(max_examples=scaled(4_000), deadline=None)
@given(questions(), zones)
def test_slots_of_a_month_are_the_slots_of_its_days(question: Question, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    month = Month.containing(question.start.date())
    days = [month.first_day + timedelta(days=offset) for offset in range(month.last_day.day)]

    of_month = question.over(span_of_days(month.first_day, month.last_day, zone)).slots()
    of_days = [slot for day in days for slot in question.over(span_of_days(day, day, zone)).slots()]

    assert of_month == of_days


@settings(max_examples=scaled(4_000), deadline=None)
@given(questions(), st.integers(0, 4 * 24 * 60))
def test_slots_do_not_depend_on_where_the_range_is_cut(question: Question, minute: int) -> None:
    cut = min(question.start + timedelta(minutes=minute), question.end)

    parts = [question.over(Interval(question.start, cut)), question.over(Interval(cut, question.end))]

    assert question.slots() == [slot for part in parts for slot in part.slots()]


@settings(max_examples=scaled(4_000), deadline=None)
@given(questions())
def test_meetings_outside_the_busy_range_do_not_matter(question: Question) -> None:
    span = busy_range(question.rules, question.hours.zone, start=question.start, end=question.end)

    near = replace(question, busy=meetings_within(span, question.busy))

    assert near.slots() == question.slots()


@settings(max_examples=scaled(2_000), deadline=None)
@given(questions())
def test_first_slot_is_the_first_of_all(question: Question) -> None:
    found = find_first_slot(question.hours, question.rules, question.busy, now=question.now, start=question.start)

    year = question.over(Interval(question.start, question.start + timedelta(days=366))).slots()
    assert found == (year[0] if year else None)


@settings(max_examples=scaled(4_000), deadline=None)
@given(questions(), st.data())
def test_picker_offers_exactly_what_a_booking_accepts_with_bookings_in_between(
    question: Question, data: st.DataObject
) -> None:
    """Each turn looks at the picker, and tries to book one of its slots, a minute beside one, or any minute at all."""
    minutes = (question.end - question.start) // MINUTE
    for _ in range(4):
        shown = [slot.starts_at for slot in question.slots()]
        any_minute = question.start + data.draw(st.integers(0, minutes - 1)) * MINUTE
        beside = [start - MINUTE for start in shown if start > question.start]
        wanted = data.draw(st.sampled_from([any_minute, *beside, *shown]))

        accepted = accepts(question, wanted)

        assert accepted == (wanted in shown)
        if accepted:
            question = replace(question, busy=(*question.busy, booked(question.rules, wanted)))


def accepts(question: Question, starts_at: datetime) -> bool:
    """Whether a booking accepts the start, with only those meetings loaded that it loads."""
    span = busy_range(question.rules, question.hours.zone, start=starts_at, end=starts_at + datetime.resolution)
    busy = meetings_within(span, question.busy)
    return is_offered(question.hours, question.rules, busy, now=question.now, starts_at=starts_at)


def booked(rules: SlotRules, starts_at: datetime) -> Busy:
    """Return the meeting that a booking of the slot makes."""
    return Busy(starts_at, starts_at + rules.duration, rules.buffer_before, rules.buffer_after, counts=True)
