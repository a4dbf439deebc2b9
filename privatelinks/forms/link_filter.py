"""What the list of private links can be searched, filtered and sorted by."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from eventtypes.models import EventType, Host
from privatelinks.models import LinkOrder, LinkState, PrivateLink
from privatelinks.models.private_link import PrivateLinkQuerySet


class LinkFilterForm(forms.Form):
    """A question to the list. Nonsense counts as not asked."""

    q = forms.CharField(required=False, label=_("Search"))
    state = forms.ChoiceField(choices=[("", _("Any state")), *LinkState.choices], required=False, label=_("State"))
    event_type = forms.ModelChoiceField(
        queryset=EventType.objects.none(), required=False, label=_("Event type"), empty_label=_("All event types")
    )
    sort = forms.ChoiceField(choices=LinkOrder, required=False, label=_("Sort by"))

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event_types.queryset = EventType.objects.owned_by(host)

    @property
    def event_types(self) -> "forms.ModelChoiceField[EventType]":
        """The field of the event type."""
        return cast("forms.ModelChoiceField[EventType]", self.fields["event_type"])

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for and makes sense."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


def is_narrowed(asked: dict[str, Any]) -> bool:
    """Whether less than all links were asked for; in another order, they are all there."""
    return not asked.keys() <= {"sort"}


def links_asked_for(asked: dict[str, Any], host: Host, now: datetime) -> PrivateLinkQuerySet:
    """Return those of the host's links that were asked for, as sorted; else the soonest to end first (two queries).

    That the event types are named one by one lets the database take their links from its index, however many links
    other hosts have.
    """
    event_types = EventType.objects.owned_by(host).values_list("pk", flat=True)
    links = PrivateLink.objects.owned_by(host).filter(event_type__in=list(event_types))
    if text := asked.get("q"):
        links = links.matching(text)
    if state := asked.get("state"):
        links = links.in_state(LinkState(state), now)
    if event_type := asked.get("event_type"):
        links = links.filter(event_type=event_type)
    return links.sorted_by(_order(asked), now).with_event_type()


def page_of(links: Any, asked: dict[str, Any], now: datetime) -> PrivateLinkQuerySet:
    """Return the links of one slice, a queryset, in their order, with their event types.

    Sorting all of them needs none of these.
    """
    return PrivateLink.objects.filter(pk__in=links.values("pk")).sorted_by(_order(asked), now).with_event_type()


def _order(asked: dict[str, Any]) -> LinkOrder:
    return LinkOrder(asked.get("sort", LinkOrder.SOONEST_TO_END))
