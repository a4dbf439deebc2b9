"""The forms of event types and private links in the admin: the same rules as everywhere, in words."""

from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from eventtypes.clock import database_now
from eventtypes.forms.event_types import SLUG_TAKEN
from eventtypes.models import EventType, Schedule
from privatelinks.models import PrivateLink
from privatelinks.services.limits import check_limits

IN_UTC = _("In UTC.")


class PrivateLinkAdminForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """A link whose limits are judged as on the host's own pages; the counter and the hash are out of reach."""

    class Meta:
        model = PrivateLink
        fields = ["event_type", "name", "max_uses", "opens_at", "expires_at", "is_paused", "returns_uses"]
        help_texts = {"opens_at": IN_UTC, "expires_at": IN_UTC, "max_uses": _("Blank: no limit.")}

    def clean(self) -> dict[str, Any]:
        """Judge what has changed against the link as it is stored; with the admin's locks, that is as it is now."""
        cleaned = super().clean() or self.cleaned_data
        proposed = copy(self.instance)
        changed = [field for field in self.changed_data if field in cleaned]
        for field in changed:
            setattr(proposed, field, cleaned[field])
        try:
            check_limits(proposed, changed, database_now())
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned


class EventTypeAdminForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """An event type; its host is chosen when it is made, and stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schedule = self.fields.get("schedule")
        if self.instance.pk is not None and isinstance(schedule, forms.ModelChoiceField):
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
