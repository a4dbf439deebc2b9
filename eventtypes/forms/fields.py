"""Form fields that take what people type as it is meant: lines of text, whole numbers, lengths of time."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from eventtypes.locations import MAX_PHONE_LENGTH
from eventtypes.models.event_type import MAX_DURATION_MINUTES, MAX_OTHER_DURATIONS, MINUTES_PER_DAY

NO_PHONE_NUMBER = _("Please enter a phone number, such as +44 20 7946 0000.")
MINUTES, HOURS, DAYS = (1, _("minutes")), (60, _("hours")), (MINUTES_PER_DAY, _("days"))


class SingleLineField(forms.CharField):
    """Text without line breaks: it becomes a mail's subject and a calendar line."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(" ".join(str(value or "").split()))


class LinesField(forms.CharField):
    """Text with line breaks that count as one character each, as they do in the browser."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value or "").replace("\r\n", "\n"))


class PhoneField(SingleLineField):
    """A phone number as people write it; it is kept as typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
        super().__init__(max_length=MAX_PHONE_LENGTH, widget=widget, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not is_phone_number(value):
            raise ValidationError(NO_PHONE_NUMBER, code="invalid")


def is_phone_number(text: str) -> bool:
    """Whether the text could be a phone number: 5 to 20 digits, and what people write around them."""
    return bool(re.fullmatch(r"[0-9+() -]*", text)) and 5 <= sum(map(str.isdigit, text)) <= 20


class WholeNumberField(forms.IntegerField):
    """A whole number in plain digits; Python itself would also read "1_000" and "2.0"."""

    def to_python(self, value: Any) -> int | None:
        if value not in self.empty_values and not re.fullmatch(r"\s*-?[0-9]+\s*", str(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class MinutesWidget(forms.MultiWidget):
    """A number and its unit."""

    template_name = "forms/widgets/minutes.html"
    # One label for both, at the number; the unit says what it is itself.
    use_fieldset = False

    def __init__(self, units: list[tuple[int, Any]]) -> None:
        self.units = units
        amount = forms.NumberInput(attrs={"min": 0, "inputmode": "numeric"})
        super().__init__({"amount": amount, "unit": forms.Select(attrs={"aria-label": _("Unit")}, choices=units)})

    def decompress(self, value: int | None) -> list[int | None]:
        """Return the number and the largest unit that divides the minutes."""
        if not value:
            return [value, self.units[0][0]]
        unit = max(size for size, _name in self.units if value % size == 0)
        return [value // unit, unit]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"


class MinutesField(forms.MultiValueField):
    """A length of time, typed as a number and a unit; its value is in minutes."""

    default_error_messages = {"no_unit": _("Choose a unit.")}

    def __init__(self, *, units: list[tuple[int, Any]], **kwargs: Any) -> None:
        parts = (WholeNumberField(min_value=0), forms.TypedChoiceField(choices=units, coerce=int, empty_value=None))
        super().__init__(parts, widget=MinutesWidget(units), **kwargs)

    def to_python(self, value: Any) -> int | None:
        """Read the minutes that a page brings along as what it said (`show_hidden_initial`)."""
        return WholeNumberField().to_python(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare lengths of time: without a number the unit says nothing, and two hours are 120 minutes."""
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True

    def compress(self, data_list: list[int | None]) -> int | None:
        amount, unit = data_list or (None, None)
        if amount is None:
            return None
        if unit is None:
            raise ValidationError(self.error_messages["no_unit"], code="no_unit")
        return amount * unit


class DurationsField(forms.CharField):
    """Several durations in minutes, typed with commas or spaces between them; its value is a list, in order."""

    default_error_messages = {
        "invalid": _("Enter whole minutes from 1 to 1440 with commas between them, such as 15, 60."),
        "repeated": _("Name each duration once."),
        "too_many": _("At most 10 other durations are possible."),
    }

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(minutes) for minutes in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        typed = re.split(r"[\s,;]+", super().to_python(value) or "")
        return sorted(self._minutes(part) for part in typed if part)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(set(value)) < len(value):
            raise ValidationError(self.error_messages["repeated"], code="repeated")
        if len(value) > MAX_OTHER_DURATIONS:
            raise ValidationError(self.error_messages["too_many"], code="too_many")

    def _minutes(self, typed: str) -> int:
        # As many digits as the longest has: Python refuses to read numbers of thousands of them.
        if not re.fullmatch(r"[0-9]{1,4}", typed) or not 1 <= int(typed) <= MAX_DURATION_MINUTES:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(typed)
