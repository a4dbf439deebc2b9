"""The settings of one private link, as a host types them: on the link's own page, and in a row of the Advanced tab."""

from collections.abc import Collection
from copy import copy
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eventtypes.forms.fields import SingleLineField, WholeNumberField
from privatelinks.expiry import Expiry
from privatelinks.models import PrivateLink
from privatelinks.opening import Opening
from privatelinks.services.limits import (
    LATEST,
    LinkChanges,
    apply_changes,
    has_passed,
    link_is_gone,
    too_far_away,
    too_long_ago,
)

# Before this, every date has passed, and no instant needs to be worked out to know it.
EARLIEST_YEAR = 2000
# An instant is typed as a date with or without a time: what these mean, and the fields that say them.
INSTANTS: dict[str, tuple[type[Expiry] | type[Opening], str, str]] = {
    "expires_at": (Expiry, "expires_on", "expires_time"),
    "opens_at": (Opening, "opens_on", "opens_time"),
}
FIELD_OF = {instant: day for instant, (_meaning, day, _time) in INSTANTS.items()}


def date_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day of the schedule's calendar."""
    return forms.DateField(
        required=False,
        show_hidden_initial=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        **kwargs,
    )


def time_field(**kwargs: Any) -> forms.TimeField:
    """Return a field for a time of such a day."""
    return forms.TimeField(
        required=False,
        show_hidden_initial=True,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        **kwargs,
    )


class LinkForm(forms.Form):
    """The settings of one link.

    Each field brings along what it said when the page was made. Only what the host has changed since is judged and
    stored, so that a page left open takes nothing back that was stored meanwhile.
    """

    is_all_optional = True
    # What is stored as it is typed; the others are parts of instants.
    plain_settings = ["name", "max_uses", "returns_uses", "is_paused"]

    name = SingleLineField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Only you see it."),
        max_length=100,
        required=False,
        show_hidden_initial=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    max_uses = WholeNumberField(
        label=gettext_lazy("Number of allowed uses"),
        help_text=gettext_lazy("How many bookings it admits. Blank: no limit."),
        min_value=1,
        required=False,
        show_hidden_initial=True,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"min_value": gettext_lazy("Allow at least one use, or leave it blank for no limit.")},
    )
    returns_uses = forms.BooleanField(
        label=gettext_lazy("Give uses back on cancellation"),
        help_text=gettext_lazy("When somebody cancels their booking, the link can be booked through once more."),
        required=False,
        show_hidden_initial=True,
    )
    expires_on = date_field(label=gettext_lazy("Expiry date"))
    expires_time = time_field(label=gettext_lazy("Expiry time"), help_text=gettext_lazy("Blank: the end of that day."))
    opens_on = date_field(label=gettext_lazy("Opens on"))
    opens_time = time_field(label=gettext_lazy("Opening time"), help_text=gettext_lazy("Blank: the start of that day."))
    is_paused = forms.BooleanField(
        label=gettext_lazy("Paused"),
        help_text=gettext_lazy("Nobody can book through the link until you resume it."),
        required=False,
        show_hidden_initial=True,
    )

    def __init__(self, data: QueryDict | None = None, *, link: PrivateLink, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, initial=_initial(link, self.plain_settings), **kwargs)
        self.link = link
        self.now = now
        self.zone: ZoneInfo = link.event_type.schedule.time_zone
        self._proposed = copy(link)
        for day in FIELD_OF.values():
            self.fields[day].help_text = _("In the time zone %(zone)s.") % {"zone": self.zone.key}

    def clean_expires_on(self) -> date | None:
        return possible_day(self.cleaned_data["expires_on"], too_early=has_passed())

    def clean_opens_on(self) -> date | None:
        return possible_day(self.cleaned_data["opens_on"], too_early=too_long_ago())

    def clean(self) -> None:
        super().clean()
        for _meaning, day, time_of_day in INSTANTS.values():
            self._require_day(day, time_of_day)
            if self._is_either_changed(day, time_of_day, self.changed_data):
                self._require_zone_as_shown(day)
        self._judge()

    def _require_day(self, day: str, time_of_day: str) -> None:
        is_timed = self.cleaned_data.get(time_of_day) is not None
        if is_timed and day not in self.errors and self.cleaned_data[day] is None:
            self.add_error(day, _("Choose the date, too."))

    def _require_zone_as_shown(self, day: str) -> None:
        """Refuse a date that was typed for another zone: the schedule's may have changed since the page was made."""
        if self.data.get(self.zone_field, self.zone.key) != self.zone.key:
            message = _("The schedule's time zone is %(zone)s now. Please check the date, and save again.")
            self.add_error(day, message % {"zone": self.zone.key})

    @property
    def zone_field(self) -> str:
        """The name of the hidden control that brings along which zone the page said the dates are in."""
        return self.add_prefix("zone")

    def _judge(self) -> None:
        """Show what the rules refuse already now, beside all other messages; they are asked again under the locks."""
        try:
            apply_changes(self._proposed, self.changes, self.now)
        except ValidationError as error:
            self.refuse(error)

    @property
    def proposed(self) -> PrivateLink:
        """The link as it is to be, if what was typed is valid; else as it is stored. It is not to be saved."""
        return self._proposed if self.is_valid() else self.link

    @property
    def changes(self) -> LinkChanges:
        """What the host has changed since the page was made, all of it if the link is new; but nothing refused."""
        changed = [name for name in (self.fields if self.is_new else self.changed_data) if name not in self.errors]
        values: dict[str, Any] = {field: self.cleaned_data[field] for field in changed if field in self.plain_settings}
        for instant, (meaning, day, time_of_day) in INSTANTS.items():
            if self._is_either_changed(day, time_of_day, changed):
                values[instant] = self._instant(meaning, day, time_of_day)
        return cast(LinkChanges, values)

    def _is_either_changed(self, day: str, time_of_day: str, changed: Collection[str]) -> bool:
        """Whether date or time are among the changed fields; neither says anything without the other."""
        parts = {day, time_of_day}
        return not parts.isdisjoint(changed) and parts.isdisjoint(self.errors)

    def _instant(self, meaning: type[Expiry] | type[Opening], day: str, time_of_day: str) -> datetime | None:
        typed: date | None = self.cleaned_data[day]
        return None if typed is None else meaning(typed, self.cleaned_data[time_of_day]).instant(self.zone)

    @property
    def is_new(self) -> bool:
        """Whether the link is yet to be made."""
        return not self.link.is_saved

    def refuse(self, error: ValidationError) -> None:
        """Put what a service refused beside the fields."""
        for field, errors in error.update_error_dict({}).items():
            self.add_error(FIELD_OF.get(field, field), errors)


class LinkRowForm(LinkForm):
    """The settings of one link among others. A row without an id is a new link."""

    id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["id"] = self.link.pk

    @property
    def was_sent(self) -> bool:
        """Whether the page had the row at all: a browser that restores a reloaded page may count too many rows."""
        return any(self.add_prefix(field) in self.data for field in self.fields)

    @property
    def is_deleted(self) -> bool:
        """Whether the row is marked to be deleted on save."""
        return bool(self.cleaned_data.get(DELETION_FIELD_NAME))

    @property
    def link_id(self) -> int | None:
        """The id that the row came with, also if there is no such link any more."""
        return self.cleaned_data.get("id")

    @property
    def is_new(self) -> bool:
        return super().is_new and not (self.is_bound and self["id"].data)

    @property
    def is_gone(self) -> bool:
        """Whether the link has been deleted since the page was made, or never was one of the event type."""
        return not self.link.is_saved and not self.is_new

    @property
    def proposed(self) -> PrivateLink:
        """As of any link; one that is gone bears the name it had on the page, so that the host knows which it was."""
        proposed = super().proposed
        if self.is_gone:
            proposed.name = self["name"].value() or self.data.get(self.add_initial_prefix("name"), "")
        return proposed

    def _judge(self) -> None:
        if not self.is_gone:
            super()._judge()
        elif self.changes:
            self.add_error(None, link_is_gone())


def _initial(link: PrivateLink, plain_settings: Collection[str]) -> dict[str, Any]:
    zone = link.event_type.schedule.time_zone
    initial = {field: getattr(link, field) for field in plain_settings}
    for instant, (meaning, day, time_of_day) in INSTANTS.items():
        stored = getattr(link, instant)
        said = None if stored is None else meaning.of(stored, zone)
        initial |= {
            day: said and said.day,
            time_of_day: said and to_the_minute(said.wall_time),
        }
    return initial


def to_the_minute(moment: time | None) -> time | None:
    """Return what a time field can show, so that what it shows is not taken for a change."""
    return None if moment is None else moment.replace(second=0, microsecond=0)


def possible_day(day: date | None, *, too_early: str) -> date | None:
    """Refuse a day so far away that no instant can be worked out from it."""
    if day is not None and day.year >= LATEST.year:
        raise ValidationError(too_far_away())
    if day is not None and day.year < EARLIEST_YEAR:
        raise ValidationError(too_early)
    return day
