"""The guests whom an invitee adds: several e-mail addresses in one field."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from bookings.forms.text import validate_address
from bookings.models.booking import MAX_GUESTS
from eventtypes.plain_text import one_line
from privatelinks.only_for import unique

MAX_EMAIL_LENGTH = 254
# An address that is wrong is named, but no page is filled with it.
MAX_NAMED = 60


class GuestsField(forms.CharField):
    """E-mail addresses with commas, spaces or line breaks between them; its value is a list, each once, in order."""

    default_error_messages = {
        "invalid": _("“%(address)s” is not a valid e-mail address."),
        "too_many": _("At most 10 guests are possible."),
    }

    def to_python(self, value: Any) -> Any:
        typed = re.split(r"[\s,;]+", super().to_python(value) or "")
        return unique(filter(None, typed))

    def validate(self, value: Any) -> None:
        super().validate(value)
        # One of them may be the invitee's own, which does not count.
        self.check_number(value, MAX_GUESTS + 1)
        for address in value:
            self._check(address)

    def run_validators(self, value: Any) -> None:
        """Leave out those for text: every address has been judged."""

    def check_number(self, guests: list[str], limit: int = MAX_GUESTS) -> None:
        """Refuse more guests than a booking can have."""
        if len(guests) > limit:
            raise ValidationError(self.error_messages["too_many"], code="too_many")

    def _check(self, address: str) -> None:
        try:
            validate_email(address)
            validate_address(address)
        except ValidationError as error:
            raise self._refusal(address) from error
        if len(address) > MAX_EMAIL_LENGTH:
            raise self._refusal(address)

    def _refusal(self, address: str) -> ValidationError:
        named = {"address": one_line(address)[:MAX_NAMED]}
        return ValidationError(self.error_messages["invalid"], code="invalid", params=named)


def guests_field() -> GuestsField:
    """Return the field that asks for guests."""
    attrs = {"rows": 2, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    return GuestsField(
        label=_("Guests"),
        required=False,
        help_text=_("E-mail addresses of others who come along, at most 10. Each gets the invitation."),
        widget=forms.Textarea(attrs=attrs),
    )
