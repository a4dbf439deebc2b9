"""The forms of event types and private links in the admin: the same rules as everywhere, in words."""

from copy import copy
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eventtypes.clock import database_now
from eventtypes.forms.event_types import SLUG_TAKEN
from eventtypes.models import EventType, Schedule
from privatelinks.expiry import Expiry
from privatelinks.forms.link import FIELD_OF, INSTANTS, date_field, possible_day, time_field, to_the_minute
from privatelinks.models import PrivateLink
from privatelinks.opening import Opening
from privatelinks.services.limits import Changed, check_limits, has_passed, too_long_ago

IN_THE_ZONE = gettext_lazy("In the time zone of the event type's schedule.")
# By the names of the fields that say them: which instants they are parts of.
INSTANT_OF = {part: instant for instant, (_meaning, *parts) in INSTANTS.items() for part in parts}


def remember_what_was_shown(form: forms.BaseForm) -> None:
    """Let each field bring along what the page said, so that a page left open takes nothing back.

    Only what differs from that is a change.
    """
    for field in form.fields.values():
        field.show_hidden_initial = True


class PrivateLinkAdminForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """A link whose limits are typed and judged as on the host's pages; the counter and the hash are out of reach."""

    expires_on = date_field(label=gettext_lazy("Expiry date"), help_text=IN_THE_ZONE)
    expires_time = time_field(label=gettext_lazy("Expiry time"), help_text=gettext_lazy("Blank: the end of that day."))
    opens_on = date_field(label=gettext_lazy("Opens on"), help_text=IN_THE_ZONE)
    opens_time = time_field(label=gettext_lazy("Opening time"), help_text=gettext_lazy("Blank: the start of that day."))

    class Meta:
        model = PrivateLink
        fields = ["event_type", "name", "max_uses", "is_paused", "returns_uses"]
        help_texts = {"max_uses": gettext_lazy("Blank: no limit.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = copy(self.instance)
        if self.instance.is_saved:
            remember_what_was_shown(self)
            self._show_instants(self.instance.event_type.schedule.time_zone)

    def _show_instants(self, zone: ZoneInfo) -> None:
        for instant, (meaning, day, time_of_day) in INSTANTS.items():
            # Staff who may only look have no fields.
            if day in self.fields:
                self.fields[day].help_text = _("In the time zone %(zone)s.") % {"zone": zone.key}
            stored = getattr(self.instance, instant)
            if stored is not None:
                said = meaning.of(stored, zone)
                self.initial.update({day: said.day, time_of_day: to_the_minute(said.wall_time)})

    def clean_expires_on(self) -> date | None:
        return possible_day(self.cleaned_data["expires_on"], too_early=has_passed())

    def clean_opens_on(self) -> date | None:
        return possible_day(self.cleaned_data["opens_on"], too_early=too_long_ago())

    def clean(self) -> dict[str, Any]:
        """Judge what has changed against the link as it is stored; with the admin's locks, that is as it is now."""
        cleaned = super().clean() or self.cleaned_data
        try:
            self._judge({field: cleaned[field] for field in self.changed_data if field in cleaned})
        except ValidationError as error:
            for field, errors in error.update_error_dict({}).items():
                self.add_error(FIELD_OF.get(field, field), errors)
        return cleaned

    @property
    def changed(self) -> Changed:
        """The settings that the changed fields stand for, with what they were and are; of a stored link, once valid."""
        if not self._stored.is_saved:
            return {}
        names = sorted({INSTANT_OF.get(field, field) for field in self.changed_data})
        values = {name: (getattr(self._stored, name), getattr(self.instance, name)) for name in names}
        # A page that was open elsewhere may have stored the same already.
        return {name: (before, after) for name, (before, after) in values.items() if before != after}

    def _judge(self, changed: dict[str, Any]) -> None:
        proposed = copy(self.instance)
        for instant, (meaning, *parts) in INSTANTS.items():
            if not changed.keys().isdisjoint(parts) and self.errors.keys().isdisjoint(parts):
                # No field of the form is the link's own, so Django does not set it.
                changed[instant] = self._instant(meaning, *parts)
                setattr(self.instance, instant, changed[instant])
        settings = {field: value for field, value in changed.items() if field not in INSTANT_OF}
        for field, value in settings.items():
            setattr(proposed, field, value)
        check_limits(proposed, settings, database_now())

    def _instant(self, meaning: type[Expiry] | type[Opening], day: str, time_of_day: str) -> datetime | None:
        typed, wall_time = self.cleaned_data[day], self.cleaned_data[time_of_day]
        zone = self._zone()
        if zone is None or (typed is None and wall_time is None):
            return None
        if typed is None:
            raise ValidationError({day: _("Choose the date, too.")})
        return meaning(typed, wall_time).instant(zone)

    def _zone(self) -> ZoneInfo | None:
        """Return the zone of the event type's schedule, or None if either is still missing."""
        event_type = self.cleaned_data.get("event_type") or getattr(self.instance, "event_type", None)
        if event_type is None or event_type.schedule_id is None:
            return None
        return event_type.schedule.time_zone  # type: ignore[no-any-return]


class EventTypeAdminForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """An event type; its host is chosen when it is made, and stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        remember_what_was_shown(self)
        schedule = self.fields.get("schedule")
        if isinstance(schedule, forms.ModelChoiceField):
            schedule.queryset = Schedule.objects.owned_by(self.instance.host)

    def clean_slug(self) -> str:
        """Refuse another event type's slug: the host of an existing one is no field, so its constraint is skipped."""
        slug: str = self.cleaned_data["slug"]
        same = EventType.objects.filter(host=self.instance.host_id, slug=slug)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(SLUG_TAKEN, code="unique")
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        host, schedule = cleaned.get("host"), cleaned.get("schedule")
        if host is not None and schedule is not None and schedule.host_id != host.pk:
            self.add_error("schedule", _("Choose a schedule of the host."))
        return cleaned
