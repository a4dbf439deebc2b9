"""The questions of an event type as fields of the booking form, and what is typed into them as answers."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.answers import Value
from bookings.asking import AskedQuestion
from bookings.forms.text import validate_lines, validate_one_line
from eventtypes.forms.fields import LinesField, PhoneField, SingleLineField
from eventtypes.models import QuestionKind

MAX_ANSWER_LENGTH = 2000
# More choices than these are a list to unfold.
MAX_RADIO_BUTTONS = 7
NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:[.,][0-9]{1,20})?")
YES_AND_NO = [("yes", _("Yes")), ("no", _("No"))]
PLEASE_ANSWER = _("Please answer this.")
PLEASE_CHOOSE = _("Please choose one of these.")


class NumberField(SingleLineField):
    """A number in plain digits, kept as it was typed."""

    widget = forms.TextInput

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not NUMBER.fullmatch(value):
            raise ValidationError(_("Please enter a number, such as 12 or 1.5."), code="invalid")


def phone_field() -> PhoneField:
    """Return the field for the number that the host is to call."""
    return PhoneField(
        label=_("Your phone number"),
        help_text=_("You are called there."),
        error_messages={"required": _("Please enter your phone number.")},
    )


def field_name(question: AskedQuestion) -> str:
    """Return the name of the question's field, which stays the same whatever becomes of its wording."""
    return f"question-{question.id}"


def answer_field(question: AskedQuestion) -> forms.Field:
    """Return the field that asks the question."""
    field = FIELDS[QuestionKind(question.kind)](question)
    field.label, field.help_text, field.required = question.label, question.help_text, question.is_required
    field.widget.is_required = question.is_required
    field.error_messages["required"] = PLEASE_ANSWER
    return field


def answer_to(question: AskedQuestion, cleaned: Any) -> Value | None:
    """Return what a valid field says; None if the question was left open."""
    if question.kind == QuestionKind.YES_NO and cleaned:
        return bool(cleaned == "yes")
    answer: Value | None = cleaned or None
    return answer


def _line(_question: AskedQuestion) -> forms.Field:
    return forms.CharField(max_length=MAX_ANSWER_LENGTH, validators=[validate_one_line])


def _lines(_question: AskedQuestion) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 4})
    return LinesField(max_length=MAX_ANSWER_LENGTH, validators=[validate_lines], widget=widget)


def _number(_question: AskedQuestion) -> forms.Field:
    return NumberField(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))


def _phone(_question: AskedQuestion) -> forms.Field:
    return PhoneField()


def _choice(question: AskedQuestion) -> forms.Field:
    return _one_of(question, [(choice, choice) for choice in question.choices])


def _yes_or_no(question: AskedQuestion) -> forms.Field:
    return _one_of(question, YES_AND_NO)


def _choices(question: AskedQuestion) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[(choice, choice) for choice in question.choices],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": PLEASE_CHOOSE},
    )


def _one_of(question: AskedQuestion, choices: Sequence[tuple[str, str | Promise]]) -> forms.Field:
    """Return radio buttons, or a list of many choices; whoever need not answer can take the answer back."""
    is_long = len(choices) > MAX_RADIO_BUTTONS
    blank = [("", _("Please choose") if question.is_required else _("No answer"))]
    return forms.ChoiceField(
        choices=[*(blank if is_long or not question.is_required else []), *choices],
        widget=forms.Select if is_long else forms.RadioSelect,
        initial="",
        error_messages={"invalid_choice": PLEASE_CHOOSE},
    )


FIELDS = {
    QuestionKind.LINE: _line,
    QuestionKind.TEXT: _lines,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.YES_NO: _yes_or_no,
    QuestionKind.PHONE: _phone,
    QuestionKind.NUMBER: _number,
}
