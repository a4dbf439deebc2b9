"""The form that makes several links at once: how many, what they are called, and the settings of one for all."""

from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from eventtypes.forms.fields import SingleLineField, WholeNumberField
from eventtypes.models import EventType, Host
from privatelinks.forms.link import LinkForm
from privatelinks.models import PrivateLink
from privatelinks.models.private_link import MAX_NAME_LENGTH
from privatelinks.services.several_links import MAX_LINKS, numbered_names

START_COUNT = 10
_number_words = gettext_lazy("Create from 1 to 1,000 links at once.")
_key_words = gettext_lazy("Something was missing from the form. Please send it again.")


class SeveralLinksForm(LinkForm):
    """So many links with the settings of one."""

    field_order = ["count", "name"]

    count = WholeNumberField(
        label=gettext_lazy("Number of links"),
        help_text=_number_words,
        min_value=1,
        max_value=MAX_LINKS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], _number_words),
    )
    name = SingleLineField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy(
            "Only you see it. {n} becomes the number: “Beta {n}” makes “Beta 1”, “Beta 2” and so on."
        ),
        max_length=MAX_NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    switches_on = forms.BooleanField(label=gettext_lazy("Switch private links on"), required=False)
    request_key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _key_words, "invalid": _key_words}
    )

    def __init__(self, data: QueryDict | None = None, *, event_type: EventType, now: datetime) -> None:
        super().__init__(data, link=PrivateLink(event_type=event_type), now=now)
        self.initial.update(count=START_COUNT, name=_("Link {n}"), request_key=uuid4())
        if event_type.private_links_enabled:
            del self.fields["switches_on"]
        else:
            self._offer_to_switch_on(event_type.private_links.count())

    def _offer_to_switch_on(self, others: int) -> None:
        """Tick it where no other link comes back with it: whoever makes links wants them to work."""
        self.initial["switches_on"] = not others
        self.fields["switches_on"].help_text = _what_comes_back(others)

    def clean(self) -> None:
        super().clean()
        if "request_key" in self.errors:
            self.renew_key()
        if "count" in self.cleaned_data and "name" in self.cleaned_data:
            try:
                numbered_names(self.cleaned_data["name"], self.count_of_links)
            except ValidationError as error:
                self.refuse(error)

    def renew_key(self) -> None:
        """Let the form, when it is shown again, be another request."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("request_key")] = str(uuid4())
        self.data = data

    @property
    def count_of_links(self) -> int:
        """How many links to make; only of a form whose number is valid."""
        number: int = self.cleaned_data["count"]
        return number

    @property
    def batch(self) -> UUID:
        """What the links of this request have in common; only of a form that is valid."""
        key: UUID = self.cleaned_data["request_key"]
        return key


class EventTypeChoiceForm(forms.Form):
    """Which event type the new links are for."""

    event_type = forms.ModelChoiceField(
        queryset=EventType.objects.none(),
        label=gettext_lazy("Event type"),
        empty_label=gettext_lazy("Choose an event type"),
    )

    def __init__(self, data: QueryDict | None, *, host: Host) -> None:
        super().__init__(data)
        cast("forms.ModelChoiceField[EventType]", self.fields["event_type"]).queryset = EventType.objects.owned_by(host)


def _what_comes_back(others: int) -> str:
    """Return what else happens when private links are switched on."""
    if not others:
        return _("You can switch them off again in the Advanced tab.")
    words = ngettext(
        "One other link of the event type comes back with it.",
        "%(count)d other links of the event type come back with it.",
        others,
    )
    return words % {"count": others}
