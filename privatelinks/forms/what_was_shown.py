"""What a button brings along of the page that it was on, so that the same button pressed twice acts once."""

from datetime import datetime
from uuid import UUID

from django import forms

from eventtypes.forms.fields import WholeNumberField


class ShownExpiryForm(forms.Form):
    """The expiry date that the page showed. Nonsense is none."""

    shown = forms.DateTimeField()

    @property
    def expires_at(self) -> datetime | None:
        self.is_valid()
        return self.cleaned_data.get("shown")


class ShownLimitForm(forms.Form):
    """The number of allowed uses that the page showed. Nonsense is none."""

    shown = WholeNumberField()

    @property
    def max_uses(self) -> int | None:
        self.is_valid()
        return self.cleaned_data.get("shown")


class RequestKeyForm(forms.Form):
    """The key of a request that makes something. Nonsense is none."""

    request_key = forms.UUIDField()

    @property
    def sent_key(self) -> UUID | None:
        self.is_valid()
        return self.cleaned_data.get("request_key")
