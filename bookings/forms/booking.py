"""The form with which an invitee books a slot."""

import re
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.answers import Answer
from bookings.asking import Asked, Details
from bookings.forms.answers import answer_field, answer_to, field_name, phone_field
from bookings.forms.guests import MAX_EMAIL_LENGTH, GuestsField, guests_field
from bookings.forms.text import validate_address, validate_lines, validate_one_line, validate_visible
from bookings.page_query import parse_instant
from bookings.services.booking import Invitee
from eventtypes.forms.fields import LinesField, WholeNumberField
from eventtypes.mailboxes import mailboxes_of
from eventtypes.models.event_type import MAX_DURATION_MINUTES
from eventtypes.time_zones import real_zone
from privatelinks.only_for import is_same

MAX_NAME_LENGTH = 100
MAX_NOTES_LENGTH = 2000
ANSWER = re.compile(r"question-[0-9]{1,19}")
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


class BookingForm(forms.Form):
    """Which slot, and for whom; with a field for each question that is asked."""

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
    # What was asked when the form was shown; a form without it claims nothing.
    asked_token = forms.Field(required=False, widget=forms.HiddenInput)
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

    def __init__(self, *args: Any, asked: Asked | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked or Asked()
        notes = self.fields.pop("notes")
        if self.asked.asks_phone:
            self.fields["phone"] = phone_field()
        if self.asked.allows_guests:
            self.fields["guests"] = guests_field()
        self.fields |= {field_name(question): answer_field(question) for question in self.asked.questions}
        self.fields["notes"] = notes

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        validate_address(email)
        return email

    def clean_guests(self) -> list[str]:
        """Leave out the invitee's own address, which stands before the guests' in the form."""
        own = self.cleaned_data.get("email", "")
        guests = [guest for guest in self.cleaned_data["guests"] if not is_same(guest, own)]
        cast("GuestsField", self.fields["guests"]).check_number(guests)
        return guests

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        """The fields of the questions, in the host's order."""
        return [self[field_name(question)] for question in self.asked.questions]

    @property
    def is_wrong_in_answers_only(self) -> bool:
        """Whether it would be in order, were other questions asked."""
        return all(ANSWER.fullmatch(name) or name == "phone" for name in self.errors)

    @property
    def answers_without_place(self) -> list[str]:
        """What was typed in answer to what is no longer asked, or is asked in another way."""
        data = cast("QueryDict", self.data)
        names = [name for name in data if ANSWER.fullmatch(name) or name in ("guests", "phone")]
        lost = [name for name in names if name not in self.fields or self.has_error(name, "invalid_choice")]
        return [text for name in lost if (text := ", ".join(data.getlist(name)).strip())]

    @property
    def details(self) -> Details:
        """What was answered; only of a form that is valid."""
        answers = [
            Answer(question.label, question.kind, answer)
            for question in self.asked.questions
            if (answer := answer_to(question, self.cleaned_data[field_name(question)])) is not None
        ]
        is_as_shown = self.cleaned_data["asked_token"] in (None, "", self.asked.token)
        return Details(
            asked=self.asked if is_as_shown else None,
            answers=tuple(answers),
            guests=tuple(self.cleaned_data.get("guests", [])),
            phone=self.cleaned_data.get("phone", ""),
        )

    @property
    def mailboxes(self) -> list[str]:
        """The mailboxes that the mails about the booking reach, each once; only of a form that is valid."""
        return mailboxes_of([self.cleaned_data["email"], *self.cleaned_data.get("guests", [])])

    @property
    def invitee(self) -> Invitee:
        """The person who books; only of a form that is valid."""
        of_form = self.cleaned_data
        return Invitee(of_form["name"], of_form["email"], of_form["tz"], of_form["notes"])
