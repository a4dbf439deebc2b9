"""Several e-mail addresses and domains in one field, typed in whatever way people type them."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from privatelinks.models.private_link import MAX_ALLOWED_INVITEE_LENGTH, MAX_ALLOWED_INVITEES
from privatelinks.only_for import unique, written
from privatelinks.services.for_somebody import too_many_invitees

# No list that a link can hold is longer, with whatever stands between its entries.
MAX_TYPED_LENGTH = 2 * MAX_ALLOWED_INVITEES * MAX_ALLOWED_INVITEE_LENGTH


class InviteesField(forms.CharField):
    """Addresses and domains with commas, spaces or line breaks between them; its value is a list, each of them once.

    Whether they are any is for the rules of the link to say.
    """

    widget = forms.Textarea(attrs={"rows": 2, "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value) or ""
        if len(typed) > MAX_TYPED_LENGTH:
            raise ValidationError(too_many_invitees(), code="too_many")
        return unique(written(entry) for entry in re.split(r"[\s,;]+", typed) if entry)
