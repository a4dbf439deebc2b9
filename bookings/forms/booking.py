"""The form with which an invitee books a slot."""

import unicodedata
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.page_query import parse_instant
from bookings.services.booking import Invitee
from eventtypes.forms.fields import LinesField, WholeNumberField
from eventtypes.models.event_type import MAX_DURATION_MINUTES
from eventtypes.time_zones import real_zone

# Characters that turn the direction of what follows them: a name with one could rewrite the line that it stands in.
DIRECTION_CHARACTERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
CONTROL_CATEGORIES = frozenset({"Cc", "Zl", "Zp"})
MAX_NAME_LENGTH = 100
MAX_EMAIL_LENGTH = 254
MAX_NOTES_LENGTH = 2000
NO_SUCH_DURATION = _("Please choose one of the durations.")


class InstantField(forms.Field):
    """An instant in UTC, as the addresses of the picker have it."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> datetime | None:
        return parse_instant(str(value or ""))


class ZoneField(forms.Field):
    """The name of a real time zone."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> ZoneInfo | None:
        return real_zone(str(value or ""))


def validate_one_line(text: str) -> None:
    """Refuse line breaks and other control characters."""
    if any(_is_control(character) or character in DIRECTION_CHARACTERS for character in text):
        raise ValidationError(_("Please leave out line breaks and other control characters."), code="control")


def validate_visible(text: str) -> None:
    """Refuse a text that nobody can see: of spaces that have no width, say."""
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise ValidationError(_("Please enter your name."), code="required")


def validate_lines(text: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if any(_is_control(character) for character in text if character not in "\n\t"):
        raise ValidationError(_("Please leave out control characters."), code="control")


def _is_control(character: str) -> bool:
    # Of the NUL, the field itself says so.
    return character != "\0" and unicodedata.category(character) in CONTROL_CATEGORIES


class BookingForm(forms.Form):
    """Which slot, and for whom."""

    # Blank is the event type's default.
    duration = WholeNumberField(
        required=False,
        min_value=1,
        max_value=MAX_DURATION_MINUTES,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], NO_SUCH_DURATION),
    )
    start = InstantField(error_messages={"required": _("Please choose a time.")})
    tz = ZoneField(error_messages={"required": _("Please choose a time zone.")})
    request_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Something was missing from the form. Please send it again."),
            "invalid": _("Something was wrong with the form. Please send it again."),
        },
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=MAX_NAME_LENGTH,
        validators=[validate_one_line, validate_visible],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please enter your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=MAX_EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The confirmation goes there."),
        error_messages={
            "required": _("Please enter your e-mail address."),
            "invalid": _("Please enter a valid e-mail address, such as name@example.com."),
        },
    )
    notes = LinesField(
        label=_("Notes"),
        required=False,
        max_length=MAX_NOTES_LENGTH,
        validators=[validate_lines],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Anything that helps to prepare the meeting."),
    )

    @property
    def invitee(self) -> Invitee:
        """The person who books; only of a form that is valid."""
        of_form = self.cleaned_data
        return Invitee(of_form["name"], of_form["email"], of_form["tz"], of_form["notes"])
