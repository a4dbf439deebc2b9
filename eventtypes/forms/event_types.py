"""The forms of an event type's tabs: setup, availability, limits."""

from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from eventtypes.forms.fields import (
    DAYS,
    HOURS,
    MINUTES,
    DurationsField,
    LinesField,
    MinutesField,
    SingleLineField,
    WholeNumberField,
)
from eventtypes.forms.locations import clean_location
from eventtypes.models import BookingWindowKind, EventType, Host, Schedule
from eventtypes.models.event_type import MAX_REMINDER_MINUTES
from eventtypes.services.event_types import Limits, Setup

SLUG_TAKEN = _("Another event type of yours has this URL.")
NO_SUCH_SCHEDULE = _("Choose one of your schedules.")
LIMIT_MESSAGES = {
    "min_value": _("A limit must be at least 1."),
    "max_value": _("That is too many. Leave it blank for no limit."),
}


def _number_input(unit: Any) -> forms.NumberInput:
    return forms.NumberInput(attrs={"min": 1, "inputmode": "numeric", "data-unit": unit})


def _date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ReminderField(MinutesField):
    """How long before the start a reminder is mailed; blank is none."""

    def __init__(self, **kwargs: Any) -> None:
        limits = [
            MinValueValidator(1, _("A reminder must be at least 1 minute before.")),
            MaxValueValidator(MAX_REMINDER_MINUTES, _("A reminder must be at most 28 days before.")),
        ]
        super().__init__(units=[HOURS, DAYS, MINUTES], required=False, validators=limits, **kwargs)


class SetupForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """What an event type is. While it is new, its slug may stay blank."""

    duration_options = DurationsField(
        required=False,
        label=_("Other durations"),
        help_text=_("What invitees may choose instead, such as 15, 60."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-unit": _("minutes")}),
    )

    first_reminder = ReminderField(label=_("First reminder"))
    second_reminder = ReminderField(label=_("Second reminder"))
    third_reminder = ReminderField(label=_("Third reminder"))
    REMINDERS = ["first_reminder", "second_reminder", "third_reminder"]

    class Meta:
        model = EventType
        fields = [
            "title",
            "slug",
            "description",
            "duration_minutes",
            "duration_options",
            "location_kind",
            "location",
            "location_is_shown_after_booking",
        ]
        field_classes = {
            "title": SingleLineField,
            "description": LinesField,
            "duration_minutes": WholeNumberField,
            "location": SingleLineField,
        }
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off"}),
            "slug": forms.TextInput(
                attrs={
                    "autocapitalize": "none",
                    "autocomplete": "off",
                    "spellcheck": "false",
                    "data-slug-preview": "#slug-preview",
                }
            ),
            "description": forms.Textarea(attrs={"rows": 5}),
            "duration_minutes": _number_input(_("minutes")),
            "location_kind": forms.RadioSelect,
            "location": forms.TextInput(attrs={"data-needed-at-times": True}),
        }
        help_texts = {
            "title": _("What invitees see, such as “Discovery call”."),
            "slug": _("The last part of the address: small letters, digits and hyphens."),
            "description": _("What the meeting is about, and what to have ready."),
        }
        error_messages = {
            "duration_minutes": {
                "min_value": _("The duration must be at least 1 minute."),
                "max_value": _("The duration must be at most 24 hours (1440 minutes)."),
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reminders = sorted(self.instance.reminder_minutes, reverse=True)
        self.initial.update(zip(self.REMINDERS, reminders, strict=False))
        if self.instance.pk is None:
            self.fields["slug"].required = False
            self.fields["slug"].widget.attrs["data-slug-from"] = "#id_title"

    def clean_slug(self) -> str:
        """Refuse another event type's slug: without the host among the fields, its constraint is not checked."""
        slug: str = self.cleaned_data["slug"]
        same = EventType.objects.filter(host=self.instance.host_id, slug=slug)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(SLUG_TAKEN, code="unique")
        return slug

    def clean_duration_options(self) -> list[int]:
        """Refuse the duration itself, which stands before the other ones in the form."""
        others: list[int] = self.cleaned_data["duration_options"]
        duration = self.cleaned_data.get("duration_minutes")
        if duration in others:
            message = _("%(number)s minutes is the duration already. Leave it out here.")
            raise forms.ValidationError(message, code="repeated", params={"number": duration})
        return others

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_location(cleaned)
        cleaned["reminder_minutes"] = self._reminders(cleaned)
        return cleaned

    def _clean_location(self, cleaned: dict[str, Any]) -> None:
        """Put the location into the form that its kind asks for."""
        kind = cleaned.get("location_kind")
        if kind and "location" in cleaned:
            try:
                cleaned["location"] = clean_location(kind, cleaned["location"])
            except forms.ValidationError as error:
                self.add_error("location", error)

    def _reminders(self, cleaned: dict[str, Any]) -> list[int]:
        """Return one list of the reminders, the earliest first, and refuse one that is there twice."""
        reminders: list[int] = []
        for name in self.REMINDERS:
            minutes = cleaned.get(name)
            if minutes in reminders:
                self.add_error(name, forms.ValidationError(_("This reminder is there already."), code="repeated"))
            elif minutes is not None:
                reminders.append(minutes)
        return sorted(reminders, reverse=True)

    @property
    def setup(self) -> Setup:
        """What was typed, once it is valid."""
        return Setup(**{field.name: self.cleaned_data[field.name] for field in fields(Setup)})


class ScheduleChoiceForm(forms.Form):
    """Which schedule of the host an event type has."""

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["schedule"] = forms.ModelChoiceField(
            queryset=Schedule.objects.owned_by(host),
            empty_label=None,
            label=_("Schedule"),
            error_messages={"invalid_choice": NO_SUCH_SCHEDULE},
            # Shows the week of the chosen one at once.
            widget=forms.Select(
                attrs={
                    "hx-get": "",
                    "hx-target": "#schedule-week",
                    "hx-select": "#schedule-week > *",
                    "hx-swap": "innerHTML",
                }
            ),
        )


class LimitsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """When and how often an event type can be booked.

    Of the booking window's days and dates only those count that belong to the chosen kind; the others keep what is
    stored, whatever was typed.
    """

    minimum_notice_minutes = MinutesField(
        units=[MINUTES, HOURS, DAYS],
        label=_("Minimum notice"),
        help_text=_("How long before its start a meeting can still be booked."),
        error_messages={"max_value": _("The minimum notice must be at most 366 days.")},
    )
    buffer_before_minutes = MinutesField(
        units=[MINUTES, HOURS],
        label=_("Buffer before"),
        error_messages={"max_value": _("A buffer must be at most 24 hours.")},
    )
    buffer_after_minutes = MinutesField(
        units=[MINUTES, HOURS],
        label=_("Buffer after"),
        error_messages={"max_value": _("A buffer must be at most 24 hours.")},
    )
    max_minutes_per_day = MinutesField(
        units=[MINUTES, HOURS],
        required=False,
        label=_("Total time per day"),
        error_messages={
            "min_value": _("The total time per day must be at least 1 minute."),
            "max_value": _("The total time per day must be at most 24 hours."),
        },
    )

    class Meta:
        model = EventType
        fields = [
            "minimum_notice_minutes",
            "booking_window_kind",
            "booking_window_days",
            "booking_window_starts_on",
            "booking_window_ends_on",
            "buffer_before_minutes",
            "buffer_after_minutes",
            "slot_interval_minutes",
            "max_bookings_per_day",
            "max_bookings_per_week",
            "max_bookings_per_month",
            "max_minutes_per_day",
        ]
        field_classes = {
            "booking_window_days": WholeNumberField,
            "slot_interval_minutes": WholeNumberField,
            "max_bookings_per_day": WholeNumberField,
            "max_bookings_per_week": WholeNumberField,
            "max_bookings_per_month": WholeNumberField,
        }
        widgets = {
            "booking_window_kind": forms.RadioSelect,
            "booking_window_days": _number_input(_("days")),
            "booking_window_starts_on": _date_input(),
            "booking_window_ends_on": _date_input(),
            "slot_interval_minutes": _number_input(_("minutes")),
            "max_bookings_per_day": _number_input(_("bookings")),
            "max_bookings_per_week": _number_input(_("bookings")),
            "max_bookings_per_month": _number_input(_("bookings")),
        }
        labels = {
            "max_bookings_per_day": _("Limit per day"),
            "max_bookings_per_week": _("Limit per week"),
            "max_bookings_per_month": _("Limit per month"),
        }
        help_texts = {
            "booking_window_days": _("Through the end of the last of them. Business days are Monday to Friday."),
            "slot_interval_minutes": _("How far apart start times are. Blank: as far as the meeting is long."),
        }
        error_messages = {
            "booking_window_days": {
                "min_value": _("The booking window must be at least 1 day."),
                "max_value": _("The booking window must be at most 731 days."),
            },
            "slot_interval_minutes": {
                "min_value": _("The slot interval must be at least 1 minute."),
                "max_value": _("The slot interval must be at most 24 hours (1440 minutes)."),
            },
            "max_bookings_per_day": LIMIT_MESSAGES,
            "max_bookings_per_week": LIMIT_MESSAGES,
            "max_bookings_per_month": LIMIT_MESSAGES,
        }

    # What each kind of booking window needs.
    NEEDED: dict[str, list[str]] = {
        BookingWindowKind.DAYS: ["booking_window_days"],
        BookingWindowKind.BUSINESS_DAYS: ["booking_window_days"],
        BookingWindowKind.DATES: ["booking_window_starts_on", "booking_window_ends_on"],
    }
    OF_WINDOW = ["booking_window_days", "booking_window_starts_on", "booking_window_ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.OF_WINDOW:
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        needed = self.NEEDED.get(cleaned.get("booking_window_kind", ""), [])
        for name in self.OF_WINDOW:
            if name not in needed:
                self._keep_stored(name)
        if "booking_window_ends_on" in needed:
            self._check_order(cleaned.get("booking_window_starts_on"), cleaned.get("booking_window_ends_on"))
        return cleaned

    def _keep_stored(self, name: str) -> None:
        """Forget what was typed into the field, and what was wrong with it."""
        self.errors.pop(name, None)
        self.cleaned_data[name] = getattr(self.instance, name)

    def _check_order(self, first: date | None, last: date | None) -> None:
        if first is not None and last is not None and last < first:
            self.add_error("booking_window_ends_on", _("The last date may not be before the first."))

    @property
    def limits(self) -> Limits:
        """What was typed, once it is valid."""
        return Limits(**{field.name: self.cleaned_data[field.name] for field in fields(Limits)})
