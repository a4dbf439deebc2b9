"""The forms on a host's pages of bookings: which ones to show, and what cancelling does to the private link."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.forms.reason import ReasonForm
from bookings.models import Booking, BookingQuerySet
from eventtypes.local_time import end_of_day, start_of_day
from eventtypes.models import EventType, Host
from eventtypes.months import EARLIEST_MONTH, LATEST_MONTH
from privatelinks.models import PrivateLink


class PrivateLinkChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy only
    """Offers links by name, with the event type beside it: names repeat."""

    def label_from_instance(self, obj: PrivateLink) -> str:
        """Return "Spring campaign · Discovery call"."""
        return f"{obj} · {obj.event_type}"


class DayField(forms.DateField):
    """A date of the calendars that we have, or none."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ["%Y-%m-%d"]
    default_validators = [
        MinValueValidator(EARLIEST_MONTH.first_day, _("Enter a valid date.")),
        MaxValueValidator(LATEST_MONTH.last_day, _("Enter a valid date.")),
    ]


class BookingFilterForm(forms.Form):
    """Which of the host's bookings to show; what makes no sense is left out."""

    q = forms.CharField(max_length=200, required=False)
    event_type = forms.ModelChoiceField(
        EventType.objects.none(), label=_("Event type"), required=False, empty_label=_("All types")
    )
    private_link = PrivateLinkChoiceField(
        PrivateLink.objects.none(), label=_("Private link"), required=False, empty_label=_("All links")
    )
    # The days that meetings begin on, on the host's clocks, both included.
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, data: QueryDict, *, host: Host) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.zone = host.time_zone
        self._offer("event_type", EventType.objects.owned_by(host))
        self._offer("private_link", _links(host, asked=data.get("private_link", "")))
        self.is_valid()

    def _offer(self, name: str, choices: QuerySet[Any]) -> None:
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = choices

    @property
    def is_filtering(self) -> bool:
        """Whether something is asked for."""
        return any(self.cleaned_data.values())

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, as a query."""
        return {name: self.data[name] for name, value in self.cleaned_data.items() if value}

    def narrow(self, bookings: BookingQuerySet) -> BookingQuerySet:
        """Return those of the bookings that are asked for."""
        bookings = bookings.search(self.cleaned_data.get("q", ""))
        chosen = {name: self.cleaned_data.get(name) for name in ("event_type", "private_link")}
        chosen |= self._time_span()
        return bookings.filter(**{name: choice for name, choice in chosen.items() if choice is not None})

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order; of two such, the first counts."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last date may not be before the first."))
        return cleaned

    def _time_span(self) -> dict[str, datetime | None]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return {
            "starts_at__gte": start_of_day(since, self.zone) if since else None,
            "starts_at__lt": end_of_day(until, self.zone) if until else None,
        }


def _links(host: Host, *, asked: str) -> QuerySet[PrivateLink]:
    """Return the links that somebody has booked through, and the one that is asked for: hosts may have very many."""
    has_bookings = Exists(Booking.objects.filter(private_link=OuterRef("pk")))
    is_asked = Q(pk=int(asked)) if asked.isdecimal() and len(asked) < 19 else Q()
    return (
        PrivateLink.objects.owned_by(host)
        .filter(has_bookings | is_asked)
        .select_related("event_type")
        .order_by("name", "pk")
    )


class CancelForm(ReasonForm):
    """Why, and whether the invitee may book again; asked only if the booking holds a use of its private link."""

    gives_use_back = forms.BooleanField(label=_("Let them book again with this link"), required=False, initial=True)

    def __init__(self, data: QueryDict | None, *, booking: Booking) -> None:
        super().__init__(data)
        if booking.holds_use:
            name = booking.private_link_name
            self.fields["gives_use_back"].help_text = _("“%(name)s” gets its use back.") % {"name": name}
        else:
            del self.fields["gives_use_back"]
