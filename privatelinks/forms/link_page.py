"""The settings of one private link on its own page: those of every link, for whom it is, and what it offers."""

from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eventtypes.durations import duration_in_words, durations_in_words
from eventtypes.forms.fields import DAYS, HOURS, MINUTES, MinutesField, SingleLineField
from eventtypes.models import EventType
from privatelinks.forms.invitees import InviteesField
from privatelinks.forms.link import LinkForm, date_field, possible_day
from privatelinks.models import PrivateLink
from privatelinks.models.private_link import MAX_NAME_LENGTH
from privatelinks.presentation import notice_words
from privatelinks.services.limits import too_long_ago

FOR_SOMEBODY = ["invitee_name", "invitee_email", "allowed_invitees"]
OWN_OFFER = ["offer_starts_on", "offer_ends_on", "offer_duration_minutes", "offer_notice_minutes"]
ONLY_FOR_HELP = gettext_lazy(
    "E-mail addresses and domains, such as iris@example.com, @example.org. Others get a message, and no use is spent. "
    "Blank: everybody who has the URL."
)


class LinkPageForm(LinkForm):
    """All settings of one link."""

    plain_settings = [*LinkForm.plain_settings, *FOR_SOMEBODY, *OWN_OFFER]

    invitee_name = SingleLineField(
        label=gettext_lazy("Invitee’s name"),
        max_length=MAX_NAME_LENGTH,
        required=False,
        show_hidden_initial=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    invitee_email = forms.EmailField(
        label=gettext_lazy("Invitee’s e-mail address"),
        max_length=254,
        required=False,
        show_hidden_initial=True,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    allowed_invitees = InviteesField(
        label=gettext_lazy("Only for"), help_text=ONLY_FOR_HELP, required=False, show_hidden_initial=True
    )
    offer_starts_on = date_field(label=gettext_lazy("First date"))
    offer_ends_on = date_field(label=gettext_lazy("Last date"))
    offer_duration_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Duration"), coerce=int, empty_value=None, required=False, show_hidden_initial=True
    )
    offer_notice_minutes = MinutesField(
        units=[MINUTES, HOURS, DAYS],
        label=gettext_lazy("Own minimum notice"),
        required=False,
        show_hidden_initial=True,
    )

    def __init__(self, data: QueryDict | None = None, *, link: PrivateLink, now: datetime, **kwargs: Any) -> None:
        super().__init__(data, link=link, now=now, **kwargs)
        self.fields["offer_starts_on"].help_text = _("Blank: as soon as the event type can be booked.")
        self.fields["offer_ends_on"].help_text = _("Blank: as far ahead as the event type can be booked.")
        notice = {"notice": notice_words(link.event_type.minimum_notice_minutes)}
        self.fields["offer_notice_minutes"].help_text = _("Blank: as the event type, %(notice)s.") % notice
        duration = cast(forms.TypedChoiceField, self.fields["offer_duration_minutes"])
        duration.choices = duration_choices(link.event_type, link.offer_duration_minutes)

    def clean_offer_starts_on(self) -> date | None:
        return possible_day(self.cleaned_data["offer_starts_on"], too_early=too_long_ago())

    def clean_offer_ends_on(self) -> date | None:
        return possible_day(self.cleaned_data["offer_ends_on"], too_early=too_long_ago())


def duration_choices(event_type: EventType, stored: int | None) -> list[tuple[int | str, str]]:
    """Return the durations that a link may leave of the event type's, and the one it has, offered or not."""
    durations = sorted({*event_type.durations, *filter(None, [stored])})
    all_of_them = _("As the event type: %(durations)s") % {"durations": durations_in_words(event_type.durations)}
    return [("", all_of_them), *((minutes, _only(minutes, event_type)) for minutes in durations)]


def _only(minutes: int, event_type: EventType) -> str:
    words = {"duration": duration_in_words(minutes)}
    if minutes in event_type.durations:
        return _("Only %(duration)s") % words
    return _("Only %(duration)s (not offered any more)") % words
