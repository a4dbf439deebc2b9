"""The settings of a host: the profile, and which mails to send."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from eventtypes.forms.fields import LinesField, SingleLineField
from eventtypes.forms.time_zones import TimeZoneChoiceField
from eventtypes.models import Host
from eventtypes.services.profiles import Profile


class SmallLettersField(forms.CharField):
    """Text in small letters, however it was typed."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value or "").lower())


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy only
    """Name, username, time zone and welcome text."""

    time_zone = TimeZoneChoiceField(
        help_text=_("For the times in your dashboard and your mails. Each schedule has a time zone of its own.")
    )

    class Meta:
        model = Host
        fields = [field.name for field in fields(Profile)]
        field_classes = {"name": SingleLineField, "username": SmallLettersField, "welcome": LinesField}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "username": forms.TextInput(
                attrs={"autocapitalize": "none", "autocomplete": "username", "spellcheck": "false"}
            ),
            "welcome": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "username": _(
                "It is part of your public addresses. If you change it, addresses that you have given out stop "
                "working; private links go on working."
            ),
        }

    @property
    def profile(self) -> Profile:
        """What was typed, once it is valid."""
        return Profile(**{field.name: self.cleaned_data[field.name] for field in fields(Profile)})


class NotificationsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which mails the host wants beside those about bookings."""

    class Meta:
        model = Host
        fields = ["wants_expiry_digest"]
        labels = {"wants_expiry_digest": _("Tell me about private links that expire soon")}
        help_texts = {
            "wants_expiry_digest": _(
                "In the morning, in one mail a day at most: the links that expire within three days and are not used "
                "up. Each of them once."
            ),
        }
