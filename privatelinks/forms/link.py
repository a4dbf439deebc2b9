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
from privatelinks.services.limits import LATEST, LinkChanges, apply_changes, has_passed, link_is_gone, too_far_away

MAX_USES = 1_000_000
# Before this, every date has passed, and no instant needs to be worked out to know it.
EARLIEST_YEAR = 2000
FIELD_OF = {"expires_at": "expires_on"}


class LinkForm(forms.Form):
    """The settings of one link.

    Each field brings along what it said when the page was made. Only what the host has changed since is judged and
    stored, so that a page left open takes nothing back that was stored meanwhile.
    """

    is_all_optional = True

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
        max_value=MAX_USES,
        required=False,
        show_hidden_initial=True,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "min_value": gettext_lazy("Allow at least one use, or leave it blank for no limit."),
            "max_value": gettext_lazy("Allow at most a million uses, or leave it blank for no limit."),
        },
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Expiry date"),
        required=False,
        show_hidden_initial=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    expires_time = forms.TimeField(
        label=gettext_lazy("Expiry time"),
        help_text=gettext_lazy("Blank: the end of that day."),
        required=False,
        show_hidden_initial=True,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    is_paused = forms.BooleanField(
        label=gettext_lazy("Paused"),
        help_text=gettext_lazy("Nobody can book through the link until you resume it."),
        required=False,
        show_hidden_initial=True,
    )

    def __init__(self, data: QueryDict | None = None, *, link: PrivateLink, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, initial=_initial(link), **kwargs)
        self.fields["expires_on"].help_text = _("In the time zone %(zone)s.") % {
            "zone": link.event_type.schedule.time_zone.key
        }
        self.link = link
        self.now = now
        self.zone: ZoneInfo = link.event_type.schedule.time_zone
        self._proposed = copy(link)

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day.year >= LATEST.year:
            raise ValidationError(too_far_away())
        if day is not None and day.year < EARLIEST_YEAR:
            raise ValidationError(has_passed())
        return day

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("expires_time") is not None and "expires_on" not in self.errors:
            self._require_day(self.cleaned_data["expires_on"])
        if self._is_expiry_changed(self.changed_data):
            self._require_zone_as_shown()
        self._judge()

    def _require_day(self, day: date | None) -> None:
        if day is None:
            self.add_error("expires_on", _("Choose the date, too."))

    def _require_zone_as_shown(self) -> None:
        """Refuse a date that was typed for another zone: the schedule's may have changed since the page was made."""
        if self.data.get(self.zone_field, self.zone.key) != self.zone.key:
            message = _("The schedule's time zone is %(zone)s now. Please check the date, and save again.")
            self.add_error("expires_on", message % {"zone": self.zone.key})

    @property
    def zone_field(self) -> str:
        """The name of the hidden control that brings along which zone the page said the date is in."""
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
        values: dict[str, Any] = {
            field: self.cleaned_data[field] for field in ("name", "max_uses", "is_paused") if field in changed
        }
        if self._is_expiry_changed(changed):
            values["expires_at"] = self._expires_at()
        return cast(LinkChanges, values)

    def _is_expiry_changed(self, changed: Collection[str]) -> bool:
        """Whether date or time are among the changed fields; neither says anything without the other."""
        parts = {"expires_on", "expires_time"}
        return not parts.isdisjoint(changed) and parts.isdisjoint(self.errors)

    def _expires_at(self) -> datetime | None:
        day: date | None = self.cleaned_data["expires_on"]
        return None if day is None else Expiry(day, self.cleaned_data["expires_time"]).instant(self.zone)

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


def _initial(link: PrivateLink) -> dict[str, Any]:
    expiry = None if link.expires_at is None else Expiry.of(link.expires_at, link.event_type.schedule.time_zone)
    return {
        "name": link.name,
        "max_uses": link.max_uses,
        "expires_on": expiry and expiry.day,
        "expires_time": _to_the_minute(expiry.wall_time) if expiry and expiry.wall_time else None,
        "is_paused": link.is_paused,
    }


def _to_the_minute(moment: time) -> time:
    """Return what a time field can show, so that what it shows is not taken for a change."""
    return moment.replace(second=0, microsecond=0)
