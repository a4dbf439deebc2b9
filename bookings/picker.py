"""The picker: a month, the times of one of its days, and the time chosen, as values that templates only lay out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.month_offer import MonthOffer
from bookings.page_query import PageQuery, format_instant
from bookings.reading_time import Clock, Reader, day_of_month, full_date, month_name
from eventtypes.durations import duration_in_short
from eventtypes.months import CalendarDay, Month, calendar_weeks
from eventtypes.slot_rules import Slot

# In the place of a time that is gone, so many are offered beside the form; the picker has them all.
MAX_OTHER_TIMES = 12


@dataclass(frozen=True, slots=True)
class Link:
    """An address relative to the page, and the words for it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Choice(Link):
    """One of a few links, of which one is what the page shows already."""

    is_current: bool


@dataclass(frozen=True, slots=True)
class Weekday:
    """The head of a column."""

    short_name: str
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """A cell of the month; without an address there is nothing to choose."""

    date: date
    in_month: bool
    is_today: bool
    is_chosen: bool
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Time:
    """A slot on offer, told apart by its start in UTC."""

    label: str
    start: str
    address: str


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """The slot that is about to be booked, and the address at which another one is chosen."""

    start: str
    day: str
    hours: str
    back: str


@dataclass(frozen=True, slots=True)
class OtherTimes:
    """Some times of one day, in the place of one that is gone or was never named, and the address of all of them."""

    is_gone: bool
    day: str
    times: list[Time]
    all_times: str


@dataclass(frozen=True, slots=True)
class Picker:
    """A month, and the times of the day that is chosen in it."""

    month: str
    earlier: Link | None
    later: Link | None
    weekdays: list[Weekday]
    weeks: list[list[Day]]
    day: str
    times: list[Time]
    times_in_words: str
    clocks: list[Choice]
    durations: list[Choice]
    # What the form that changes the time zone keeps.
    fields: dict[str, str]


def build_picker(month: MonthOffer, query: PageQuery, reader: Reader, today: date, durations: Sequence[int]) -> Picker:
    """Lay out the month, with the day that was asked for chosen, or else the first that has slots.

    The durations are those to choose from, in minutes, the default first.
    """
    day = _chosen_day(month, query.day)
    shown = replace(query, month=month.month, day=day, zone=reader.zone, start=None)
    slots = month.slots.get(day, []) if day else []
    weeks = calendar_weeks(month.month)
    return Picker(
        month=month_name(month.month),
        earlier=_month_link(month.earlier, shown),
        later=_month_link(month.later, shown),
        weekdays=[Weekday(date_format(cell.date, "D"), date_format(cell.date, "l")) for cell in weeks[0]],
        weeks=[[_day(cell, month, shown, today) for cell in week] for week in weeks],
        day=day_of_month(day) if day else "",
        times=_times(slots, shown, reader),
        times_in_words=_in_words(month, day, slots),
        clocks=_clocks(shown, reader),
        durations=duration_choices(durations, shown),
        fields={name: value for name, value in shown.fields().items() if name != "tz"},
    )


def duration_choices(durations: Sequence[int], query: PageQuery) -> list[Choice]:
    """Return links to the durations from the shortest on, or none if there is only one."""
    default = durations[0]
    return [
        Choice(
            duration_in_short(minutes),
            replace(query, duration=None if minutes == default else minutes).address,
            is_current=minutes == (query.duration or default),
        )
        for minutes in sorted(durations)
        if len(durations) > 1
    ]


def chosen_time(slot: Slot, query: PageQuery, reader: Reader) -> ChosenTime:
    """Return the slot in the words of its reader."""
    day = reader.date(slot.starts_at)
    back = replace(query, month=None, day=day, zone=reader.zone, start=None)
    hours = reader.hours(slot.starts_at, slot.ends_at)
    return ChosenTime(format_instant(slot.starts_at), full_date(day), hours, back.address)


def other_times(month: MonthOffer, query: PageQuery, reader: Reader, now: datetime) -> OtherTimes:
    """Return the times next to the one that was asked for, of its day or of the nearest that has any."""
    day = month.nearest_date(reader.date(query.start or now))
    shown = replace(query, month=month.month, day=day, zone=reader.zone, start=None)
    slots = _nearest(month.slots[day], query.start or now) if day else []
    return OtherTimes(
        is_gone=query.start is not None,
        day=day_of_month(day) if day else "",
        times=_times(slots, shown, reader),
        all_times=shown.address,
    )


def _nearest(slots: list[Slot], instant: datetime) -> list[Slot]:
    """Return a handful of the slots, those nearest to the instant, in order."""
    return sorted(sorted(slots, key=lambda slot: abs(slot.starts_at - instant))[:MAX_OTHER_TIMES])


def _times(slots: list[Slot], query: PageQuery, reader: Reader) -> list[Time]:
    """Return the slots as the reader's clock shows them."""
    # The start comes last in an address: the rest of it is made once for all of them.
    address = query.address
    starts = [(slot.starts_at, format_instant(slot.starts_at)) for slot in slots]
    return [Time(reader.time(instant), start, f"{address}&start={start}") for instant, start in starts]


def _chosen_day(month: MonthOffer, asked: date | None) -> date | None:
    """Return the day whose times are shown: a day of this month that was asked for, even if it has none."""
    if asked is not None and Month.containing(asked) == month.month:
        return asked
    return min(month.slots, default=None)


def _month_link(month: Month | None, query: PageQuery) -> Link | None:
    return Link(month_name(month), replace(query, month=month, day=None).address) if month else None


def _day(cell: CalendarDay, month: MonthOffer, query: PageQuery, today: date) -> Day:
    slots = month.slots.get(cell.date, []) if cell.in_month else []
    is_chosen = cell.date == query.day
    return Day(
        date=cell.date,
        in_month=cell.in_month,
        is_today=cell.date == today,
        is_chosen=is_chosen,
        address=replace(query, day=cell.date).address if slots else "",
        label=_day_label(cell.date, len(slots), is_chosen=is_chosen) if slots else "",
    )


def _day_label(day: date, number: int, *, is_chosen: bool) -> str:
    label = f"{day_of_month(day)}, {_number_of_times(number)}"
    return _("%(day)s, chosen") % {"day": label} if is_chosen else label


def _number_of_times(number: int) -> str:
    return ngettext("%(number)d time", "%(number)d times", number) % {"number": number}


def _in_words(month: MonthOffer, day: date | None, slots: list[Slot]) -> str:
    """Say how many times there are, and why if there are none."""
    if slots:
        return _number_of_times(len(slots))
    if month.slots and day:
        return _("No times on this day. Please choose another one.")
    if month.earlier:
        return _("No times in %(month)s or later.") % {"month": month_name(month.month)}
    if month.last_day:
        return _("No times from now until %(day)s. Please look again later.") % {"day": full_date(month.last_day)}
    return _("No times can be booked at present.")


def _clocks(query: PageQuery, reader: Reader) -> list[Choice]:
    labels = {Clock.TWELVE: _("12 h"), Clock.TWENTY_FOUR: _("24 h")}
    return [
        Choice(label, replace(query, clock=clock).address, is_current=clock == reader.clock)
        for clock, label in labels.items()
    ]
