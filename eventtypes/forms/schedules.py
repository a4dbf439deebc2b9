"""The availability editor: a schedule's name and zone, the hours of its week, and dates with hours of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from eventtypes.forms.fields import SingleLineField
from eventtypes.forms.schedule_draft import WEEKDAYS, ScheduleDraft
from eventtypes.forms.time_zones import TimeZoneChoiceField
from eventtypes.models import Schedule, Weekday
from eventtypes.opening_hours import MIDNIGHT, DateHours, OpeningHours, WallWindow, WeeklyWindow

MAX_NAME_LENGTH = Schedule._meta.get_field("name").max_length
# Together they stay below DATA_UPLOAD_MAX_NUMBER_FIELDS.
MAX_WINDOWS_PER_WEEKDAY = 12
MAX_DATES = 120
MAX_WINDOWS_OF_DATES = 200
# How far ahead a date may lie.
HORIZON = relativedelta(years=10)


class ScheduleForm(forms.Form):
    """A schedule's name and time zone."""

    name = SingleLineField(
        label=_("Name"),
        max_length=MAX_NAME_LENGTH,
        help_text=_("Only you see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    time_zone = TimeZoneChoiceField(help_text=_("All hours are on its clocks."))


class WindowForm(forms.Form):
    """Hours from one time to another; a row that stays blank does not count."""

    start = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    end = forms.TimeField(label=_("To"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label
            field.error_messages["invalid"] = _("Give a time such as 09:30.")

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self._check(self.cleaned_data["start"], self.cleaned_data["end"])
        return self.cleaned_data

    def _check(self, start: time | None, end: time | None) -> None:
        if (start is None) != (end is None):
            self.add_error("start" if start is None else "end", _("Give both times, or neither."))
        elif start is not None and end is not None and end != MIDNIGHT and end <= start:
            self.add_error("end", _("The end must be after the start."))

    @property
    def window(self) -> WallWindow | None:
        """The hours, once they are valid; None if the row is blank."""
        start, end = self.cleaned_data["start"], self.cleaned_data["end"]
        return None if start is None or end is None else (start, end)


class OverrideForm(forms.Form):
    """A date with hours of its own, or a day off."""

    date = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "aria-label": _("Date")}),
        error_messages={"invalid": _("Give a date."), "required": _("Give a date, or remove the row.")},
    )
    is_day_off = forms.BooleanField(label=_("Day off"), required=False)


@dataclass(frozen=True, slots=True)
class WeekdayRows:
    """The rows of one weekday; `group` is what their names begin with."""

    group: str
    name: str | Promise
    windows: list[WindowForm]
    others: Sequence[tuple[str, str | Promise]]

    @property
    def add_id(self) -> str:
        return f"add-{self.group}"

    @property
    def copy_id(self) -> str:
        return f"copy-{self.group}"


@dataclass(frozen=True, slots=True)
class DateRows:
    """The rows of one date."""

    group: str
    form: OverrideForm
    windows: list[WindowForm]

    @property
    def add_id(self) -> str:
        return f"add-{self.group}"


class ScheduleEditor:
    """All forms of the page; what they hold is one value, the schedule's hours."""

    def __init__(self, draft: ScheduleDraft, *, is_submitted: bool, today: date) -> None:
        """Take what was typed; only if it is submitted, it is judged."""
        self.draft = draft
        self.is_submitted = is_submitted
        self.today = today
        self.errors: list[str | Promise] = []
        self.form = self._form(ScheduleForm)
        self.weekdays = [self._weekday_rows(number, group) for number, group in enumerate(WEEKDAYS)]
        self.dates = [self._date_rows(group) for group in draft.dates()]

    def is_valid(self) -> bool:
        """Judge every form, so that each mistake stands beside its field."""
        are_valid = [form.is_valid() for form in self._forms()]
        for rows in self.dates:
            if rows.form.is_valid():
                self._check_date(rows)
        self._check_sizes()
        return all(are_valid) and not self.errors and all(rows.form.is_valid() for rows in self.dates)

    @property
    def name(self) -> str:
        """The schedule's name, once all is valid."""
        name: str = self.form.cleaned_data["name"]
        return name

    @property
    def hours(self) -> OpeningHours:
        """The schedule's hours, once all is valid."""
        weekly = tuple(
            WeeklyWindow(weekday, start, end)
            for weekday, rows in enumerate(self.weekdays)
            for start, end in _windows(rows.windows)
        )
        overrides = tuple(DateHours(rows.form.cleaned_data["date"], self._windows_of(rows)) for rows in self.dates)
        return OpeningHours(self.form.cleaned_data["time_zone"], weekly, overrides)

    def _form[F: forms.Form](self, form_class: type[F], prefix: str | None = None, *, is_judged: bool = True) -> F:
        if self.is_submitted and is_judged:
            form = form_class(self.draft.fields, prefix=prefix)
        else:
            form = form_class(prefix=prefix, initial=_typed(self.draft, form_class, prefix))
        for bound_field in form:
            if bound_field.auto_id == self.draft.focus:
                bound_field.field.widget.attrs["autofocus"] = True
        return form

    def _weekday_rows(self, number: int, group: str) -> WeekdayRows:
        windows = [self._form(WindowForm, row) for row in self.draft.windows(group)]
        others = [(other, Weekday(at).label) for at, other in enumerate(WEEKDAYS) if other != group]
        return WeekdayRows(group, Weekday(number).label, windows, others)

    def _date_rows(self, group: str) -> DateRows:
        is_day_off = self.draft.is_day_off(group)
        windows = [self._form(WindowForm, row, is_judged=not is_day_off) for row in self.draft.windows(group)]
        return DateRows(group, self._form(OverrideForm, group), windows)

    def _forms(self) -> Iterator[forms.Form]:
        yield self.form
        for day in self.weekdays:
            yield from day.windows
        for rows in self.dates:
            yield rows.form
            yield from (window for window in rows.windows if window.is_bound)

    def _check_date(self, rows: DateRows) -> None:
        day = rows.form.cleaned_data["date"]
        if day < self.today:
            rows.form.add_error("date", _("This date has passed."))
        elif day > self.today + HORIZON:
            rows.form.add_error("date", _("This date is too far away."))
        elif any(day == other.form.cleaned_data.get("date") for other in self._dates_before(rows)):
            rows.form.add_error("date", _("This date is already above."))
        elif not rows.form.cleaned_data["is_day_off"] and not any(map(_is_filled, rows.windows)):
            rows.form.add_error("date", _("Give the hours of this date, or tick “Day off”."))

    def _dates_before(self, rows: DateRows) -> list[DateRows]:
        return self.dates[: self.dates.index(rows)]

    def _check_sizes(self) -> None:
        if any(len(day.windows) > MAX_WINDOWS_PER_WEEKDAY for day in self.weekdays):
            self.errors.append(_("A weekday can have at most 12 rows of hours."))
        if len(self.dates) > MAX_DATES or sum(len(rows.windows) for rows in self.dates) > MAX_WINDOWS_OF_DATES:
            self.errors.append(_("There are too many dates with hours of their own. Remove some."))

    @staticmethod
    def _windows_of(rows: DateRows) -> tuple[WallWindow, ...]:
        return () if rows.form.cleaned_data["is_day_off"] else _windows(rows.windows)


def _windows(window_forms: list[WindowForm]) -> tuple[WallWindow, ...]:
    """Return the hours of the rows that are not blank, in order, each once."""
    return tuple(sorted({form.window for form in window_forms if form.window is not None}))


def _is_filled(form: WindowForm) -> bool:
    return not form.is_valid() or form.window is not None


def _typed(draft: ScheduleDraft, form_class: type[forms.Form], prefix: str | None) -> dict[str, str]:
    """Return the texts of the form's own fields, as values to start with."""
    names = {name: f"{prefix}-{name}" if prefix else name for name in form_class.base_fields}
    return {name: draft.text(full_name) for name, full_name in names.items()}
