"""What has been typed into the availability editor: rows can be added, removed and copied before anything is stored.

A row of hours is named after what it belongs to, `weekday-0-2` or `date-5-0`, and so are its fields. Numbers of rows
may have gaps; their order is the order on the page.
"""

import re
from collections.abc import Iterable
from datetime import date, time

from django.http import QueryDict

from eventtypes.opening_hours import OpeningHours

WEEKDAYS = [f"weekday-{number}" for number in range(7)]
WINDOW = re.compile(r"(weekday-[0-6]|date-[0-9]{1,4})-([0-9]{1,4})-start")
DATE = re.compile(r"date-([0-9]{1,4})-date")


class ScheduleDraft:
    """The fields of the editor, as they were typed or as they are stored."""

    def __init__(self, fields: QueryDict) -> None:
        self.fields = fields.copy()
        # The id of the control that gets the focus after a change.
        self.focus = ""

    @classmethod
    def of(cls, *, name: str, hours: OpeningHours, first: date) -> "ScheduleDraft":
        """Return what the editor shows of a stored schedule; overrides of dates before the first are left out."""
        draft = cls(QueryDict(mutable=True))
        draft.fields["name"], draft.fields["time_zone"] = name, str(hours.zone)
        for window in hours.weekly:
            draft._add_window(WEEKDAYS[window.weekday], window.start, window.end)
        for override in sorted(hours.overrides, key=lambda override: override.day):
            if override.day >= first:
                draft._add_stored_date(override.day, override.windows)
        return draft

    def windows(self, group: str) -> list[str]:
        """Return the names of the rows of hours of a weekday or a date."""
        numbers = [int(match[2]) for match in map(WINDOW.fullmatch, self.fields) if match and match[1] == group]
        return [f"{group}-{number}" for number in sorted(numbers)]

    def dates(self) -> list[str]:
        """Return the names of the dates."""
        numbers = [int(match[1]) for match in map(DATE.fullmatch, self.fields) if match]
        return [f"date-{number}" for number in sorted(numbers)]

    def text(self, name: str) -> str:
        """Return what was typed into a field."""
        return str(self.fields.get(name, ""))

    def is_day_off(self, group: str) -> bool:
        return f"{group}-is_day_off" in self.fields

    def change(self, action: str) -> None:
        """Do what a button of the editor says, such as "add-hours weekday-0"; nonsense changes nothing."""
        verb, _, target = action.partition(" ")
        if verb == "add-date":
            self._add_date()
        elif verb == "add-hours" and target in [*WEEKDAYS, *self.dates()]:
            self.focus = f"id_{self._add_window(target)}-start"
        elif verb == "copy-hours" and target in WEEKDAYS:
            self._copy(target, self.fields.getlist(f"{target}-copy_to"))
        elif verb == "remove" and target:
            self._remove(target)

    def _add_window(self, group: str, start: time | None = None, end: time | None = None) -> str:
        row = f"{group}-{_next_number(self.windows(group))}"
        self.fields[f"{row}-start"], self.fields[f"{row}-end"] = _typed(start), _typed(end)
        return row

    def _add_date(self) -> str:
        group = f"date-{_next_number(self.dates())}"
        self.fields[f"{group}-date"] = ""
        self._add_window(group)
        self.focus = f"id_{group}-date"
        return group

    def _add_stored_date(self, day: date, windows: Iterable[tuple[time, time]]) -> None:
        group = f"date-{_next_number(self.dates())}"
        self.fields[f"{group}-date"] = day.isoformat()
        for start, end in windows:
            self._add_window(group, start, end)
        if not windows:
            self.fields[f"{group}-is_day_off"] = "on"

    def _copy(self, source: str, targets: list[str]) -> None:
        """Give other weekdays the hours of this one, in the place of theirs."""
        for target in set(targets).intersection(WEEKDAYS) - {source}:
            for row in self.windows(target):
                self._remove(row)
            for row in self.windows(source):
                copy = target + row.removeprefix(source)
                self.fields[f"{copy}-start"] = self.text(f"{row}-start")
                self.fields[f"{copy}-end"] = self.text(f"{row}-end")
        self.focus = f"copy-{source}"

    def _remove(self, row: str) -> None:
        """Remove a row of hours, or a date with its rows."""
        for name in [name for name in self.fields if name.startswith(f"{row}-")]:
            del self.fields[name]
        group = row.rpartition("-")[0]
        self.focus = f"add-{group}" if group in [*WEEKDAYS, *self.dates()] else "add-date"


def _next_number(names: list[str]) -> int:
    return max((int(name.rpartition("-")[2]) for name in names), default=-1) + 1


def _typed(value: time | None) -> str:
    return "" if value is None else f"{value:%H:%M}"
