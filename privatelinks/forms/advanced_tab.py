"""The Advanced tab as one form: who can reach the event type, what happens to bookings, and its private links."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import TOTAL_FORM_COUNT
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from eventtypes.forms.fields import WholeNumberField
from eventtypes.models import EventType, Visibility
from eventtypes.models.event_type import MAX_CHANGE_NOTICE_HOURS
from privatelinks.forms.link import LinkRowForm
from privatelinks.models import PrivateLink
from privatelinks.services.advanced_tab import LinkEdit
from privatelinks.services.limits import LinkChanges

MAX_STORED_ROWS = 50
MAX_NEW_ROWS = 10
MAX_ROWS = MAX_STORED_ROWS + MAX_NEW_ROWS
ROWS = "links"


class VisibilitySelect(forms.RadioSelect):
    """Radio buttons, each with what it means."""

    option_template_name = "privatelinks/widgets/visibility_option.html"

    MEANINGS = {
        Visibility.PUBLIC: _("On your public page, open to everybody."),
        Visibility.UNLISTED: _("Not on your public page, but open to everybody who has its URL."),
        Visibility.PRIVATE: _("Bookable through its private links only. Its own URL leads nowhere."),
    }

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        option["meaning"] = self.MEANINGS[Visibility(option["value"])]
        option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_meaning"
        return option


class LinkFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # generic for mypy only
    """A row for each link: those that the page showed, and new ones."""

    form = LinkRowForm
    renderer = None
    extra = min_num = 0
    max_num = absolute_max = MAX_ROWS
    can_delete = can_delete_extra = validate_max = True
    can_order = validate_min = False

    default_error_messages = {
        "too_many_forms": _("These are too many new links at once. Save some of them first."),
        "missing_management_form": _("Something of the page was lost on the way. Please open it again."),
    }

    def __init__(self, data: QueryDict | None, *, event_type: EventType, now: datetime) -> None:
        self.posted = data
        self.event_type = event_type
        self.now = now
        super().__init__(data, prefix=ROWS)

    @cached_property
    def links(self) -> list[PrivateLink]:
        """The stored links that have a row: of a form that was sent, those it names; else the first to end."""
        links = self.event_type.private_links.soonest_to_end_first(self.now)
        return list(links.filter(pk__in=self._posted_ids()) if self.is_bound else links[:MAX_STORED_ROWS])

    def initial_form_count(self) -> int:
        return super().initial_form_count() if self.is_bound else len(self.links)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give each row its link; a new link, or one that is gone, is one that is not saved."""
        return super().get_form_kwargs(index) | {
            "link": self._link_at(index) or PrivateLink(event_type=self.event_type),
            "now": self.now,
            # An untouched new row is a link, too.
            "empty_permitted": False,
        }

    def _link_at(self, index: int | None) -> PrivateLink | None:
        if index is None:
            return None
        if not self.is_bound:
            return self.links[index]
        return next((link for link in self.links if str(link.pk) == self._posted_id(index)), None)

    def _posted_id(self, index: int) -> str:
        return str(self.data.get(f"{self.add_prefix(index)}-id", "")).strip()

    def _posted_ids(self) -> list[int]:
        return real_ids(self._posted_id(index) for index in range(self.total_form_count()))

    def data_with_another_row(self) -> QueryDict:
        """Return what was sent with one more row, for a new link, as long as there may be one more."""
        data = self.posted.copy() if self.posted else QueryDict(mutable=True)
        total = self.total_form_count()
        if total < MAX_ROWS:
            data[f"{ROWS}-{TOTAL_FORM_COUNT}"] = str(total + 1)
            data[f"{self.add_prefix(total)}-max_uses"] = str(PrivateLink._meta.get_field("max_uses").default)
        return data

    @cached_property
    def request_key(self) -> UUID | None:
        """What names this form wherever it is sent from; none if it was sent without."""
        if not self.is_bound:
            return uuid4()
        try:
            return UUID(str(self.data.get(self.request_key_name, "")))
        except ValueError:
            return None

    @property
    def request_key_name(self) -> str:
        return f"{ROWS}-request_key"

    @property
    def edits(self) -> list[LinkEdit]:
        """What the rows say, one edit for each, once they are valid."""
        return [self._edit(place, form) for place, form in enumerate(self.forms)]

    def _edit(self, place: int, form: LinkRowForm) -> LinkEdit:
        if form.is_deleted or not form.was_sent:
            return LinkEdit(changes={}, link_id=form.link_id, is_deleted=True)
        key = self._key_of(place, form.changes) if form.is_new else None
        return LinkEdit(changes=form.changes, link_id=form.link_id, key=key)

    def _key_of(self, place: int, changes: LinkChanges) -> UUID | None:
        """Name a new link by form, row and contents: who goes back in the browser and types another makes another."""
        if self.request_key is None:
            return None
        return uuid5(self.request_key, json.dumps([place, changes], default=str))

    def refuse(self, errors: Mapping[int, ValidationError]) -> None:
        """Put what the service refused beside the fields of the rows."""
        for place, error in errors.items():
            self.forms[place].refuse(error)


def real_ids(texts: Iterable[str]) -> list[int]:
    """Return those of the texts that could be ids."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < len(str(2**63))]


class AdvancedForm(forms.Form):
    """The whole tab. Like the rows, it stores only what the host has changed since the page was made."""

    visibility = forms.TypedChoiceField(
        label=_("Visibility"),
        choices=Visibility,
        coerce=Visibility,
        show_hidden_initial=True,
        widget=VisibilitySelect,
    )
    requires_confirmation = forms.BooleanField(
        label=_("I confirm each booking myself"),
        required=False,
        show_hidden_initial=True,
        help_text=_(
            "A booking waits for you to accept or decline it, and so does another time that an invitee chooses. "
            "Meanwhile it keeps its time, and the use of its private link."
        ),
    )
    invitees_may_reschedule = forms.BooleanField(
        label=_("Invitees may reschedule"), required=False, show_hidden_initial=True
    )
    invitees_may_cancel = forms.BooleanField(label=_("Invitees may cancel"), required=False, show_hidden_initial=True)
    # Blank is none.
    change_notice_hours = WholeNumberField(
        label=_("Changes until"),
        required=False,
        show_hidden_initial=True,
        min_value=0,
        max_value=MAX_CHANGE_NOTICE_HOURS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-unit": _("hours before the start")}),
        help_text=_("Blank means until the meeting begins. You yourself always can."),
        error_messages={"max_value": _("That must be at most 366 days (8784 hours) before.")},
    )
    private_links_enabled = forms.BooleanField(
        label=_("Private links"),
        required=False,
        show_hidden_initial=True,
        widget=forms.CheckboxInput(attrs={"class": "switch", "role": "switch", "data-private-links-switch": True}),
    )

    def __init__(self, data: QueryDict | None, *, event_type: EventType, now: datetime) -> None:
        super().__init__(data, initial={name: getattr(event_type, name) for name in self.base_fields})
        self.links = LinkFormSet(data, event_type=event_type, now=now)

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.links.is_valid()])

    def clean_change_notice_hours(self) -> int:
        return self.cleaned_data["change_notice_hours"] or 0

    @property
    def changed_settings(self) -> dict[str, Any]:
        """What is not about single links, as far as the host has changed it."""
        return {field: self.cleaned_data[field] for field in self.changed_data}
