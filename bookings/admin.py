"""Bookings in the Django admin, to look at and to cancel by the same service as everyone; and hosts' calendar feeds."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.agenda import reader_for
from bookings.models import Booking, BookingEvent, BookingQuerySet, CalendarFeed, MailFailure, has_undelivered_mail
from bookings.reading_time import full_date, zone_name
from bookings.services.cancelling import cancel_by_host
from bookings.services.refusals import NotCancellableError
from eventtypes.admin import NothingByHand


class BookingEventInline(NothingByHand, admin.TabularInline):  # type: ignore[type-arg]  # generic for mypy only
    """What has happened to a booking: nobody writes it by hand."""

    model = BookingEvent
    fields = ["when", "kind", "by", "details"]
    readonly_fields = ["when"]
    ordering = ["happened_at", "pk"]
    extra = 0
    can_delete = False

    @admin.display(description=_("when"))
    def when(self, event: BookingEvent) -> str:
        return _instant(event.booking, event.happened_at)


class MailFailureInline(NothingByHand, admin.TabularInline):  # type: ignore[type-arg]
    """The mails that could not be delivered: their hosts send them again."""

    model = MailFailure
    fields = ["failed", "kind", "recipient", "minutes_before", "reason", "sent_again"]
    readonly_fields = ["failed", "sent_again"]
    ordering = ["failed_at", "pk"]
    extra = 0
    can_delete = False

    @admin.display(description=_("when"))
    def failed(self, failure: MailFailure) -> str:
        return _instant(failure.booking, failure.failed_at)

    @admin.display(description=_("sent again"))
    def sent_again(self, failure: MailFailure) -> str:
        return _instant(failure.booking, failure.sent_again_at) if failure.sent_again_at else ""


class UndeliveredMailFilter(admin.SimpleListFilter):
    """Bookings with a mail that could not be delivered."""

    title = _("mail not delivered")
    parameter_name = "undelivered"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        return queryset.filter(has_undelivered_mail()) if self.value() == "yes" else queryset


@admin.register(Booking)
class BookingAdmin(NothingByHand, admin.ModelAdmin):  # type: ignore[type-arg]
    """Nothing is added, changed or deleted here: bookings are made and cancelled under locks, and never deleted."""

    actions = ["cancel"]
    inlines = [MailFailureInline, BookingEventInline]
    date_hierarchy = "starts_at"
    exclude = [
        "uid",
        "request_key",
        "starts_at",
        "ends_at",
        "created_at",
        "confirmed_at",
        "declined_at",
        "cancelled_at",
        "answers",
    ]
    readonly_fields = ["when", "erased", "booked", "confirmed", "declined", "cancelled", "moved", "answers_in_words"]
    list_display = ["when", "title", "host", "invitee_label", "status", "is_delivered", "private_link_name"]
    list_filter = [
        "status",
        "is_no_show",
        UndeliveredMailFilter,
        ("host", admin.RelatedOnlyFieldListFilter),
        ("event_type", admin.RelatedOnlyFieldListFilter),
        ("private_link", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["host"]
    ordering = ["-starts_at", "-pk"]
    search_fields = ["title", "invitee_name", "invitee_email", "private_link_name", "host__username", "host__name"]
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        bookings: QuerySet[Booking] = super().get_queryset(request)
        return bookings.annotate(has_undelivered_mail=has_undelivered_mail())

    @admin.display(description=_("mails delivered"), boolean=True)
    def is_delivered(self, booking: Booking) -> bool:
        """Whether no mail about it, as it is now, has failed."""
        return not booking.__dict__["has_undelivered_mail"]

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, booking: Booking) -> str:
        """Return the time on the host's clocks: "Thursday 3 December 2026, 10:00 – 10:30 (Europe/Berlin)"."""
        return _in_zone_of_host(booking, reader_for(booking.host).span(booking.starts_at, booking.ends_at))

    @admin.display(description=_("invitee"), ordering="invitee_name")
    def invitee_label(self, booking: Booking) -> str:
        return booking.invitee_label

    @admin.display(description=_("erased"), ordering="erased_at")
    def erased(self, booking: Booking) -> str:
        return _instant(booking, booking.erased_at) if booking.erased_at else ""

    @admin.display(description=_("booked"), ordering="created_at")
    def booked(self, booking: Booking) -> str:
        return _instant(booking, booking.created_at)

    @admin.display(description=_("confirmed"), ordering="confirmed_at")
    def confirmed(self, booking: Booking) -> str:
        return _instant(booking, booking.confirmed_at) if booking.confirmed_at else ""

    @admin.display(description=_("declined"), ordering="declined_at")
    def declined(self, booking: Booking) -> str:
        return _instant(booking, booking.declined_at) if booking.declined_at else ""

    @admin.display(description=_("former times"))
    def moved(self, booking: Booking) -> str:
        """Return the times that the booking had before it was rescheduled, in order."""
        reader = reader_for(booking.host)
        spans = [reader.span(move.former_starts_at, move.former_ends_at) for move in booking.moves.all()]
        return _in_zone_of_host(booking, "; ".join(spans)) if spans else ""

    @admin.display(description=_("cancelled"), ordering="cancelled_at")
    def cancelled(self, booking: Booking) -> str:
        return _instant(booking, booking.cancelled_at) if booking.cancelled_at else ""

    @admin.display(description=_("answers"))
    def answers_in_words(self, booking: Booking) -> str:
        return "\n".join(f"{each.question} {each.words}" for each in booking.answers_given)

    def has_delete_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        return False

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whether the user may cancel bookings: who may change them."""
        return request.user.has_perm("bookings.change_booking")

    @admin.action(description=_("Cancel the selected bookings and give their uses back"), permissions=["cancel"])
    def cancel(self, request: HttpRequest, queryset: BookingQuerySet) -> None:
        """Cancel the bookings as their hosts would; each is a transaction of its own."""
        cancelled = [booking for booking in queryset.holding_time() if _cancel(booking)]
        text = ngettext("%(count)d booking is cancelled.", "%(count)d bookings are cancelled.", len(cancelled))
        self.message_user(request, text % {"count": len(cancelled)}, messages.SUCCESS)


@admin.register(CalendarFeed)
class CalendarFeedAdmin(NothingByHand, admin.ModelAdmin):  # type: ignore[type-arg]
    """Which hosts have a feed. Its URL is theirs alone: it is not shown here, but the feed can be deleted."""

    fields = ["host", "created_at"]
    list_display = ["host", "created_at"]
    list_select_related = ["host"]
    ordering = ["-created_at"]
    search_fields = ["host__username", "host__name", "host__email"]
    view_on_site = False


def _instant(booking: Booking, instant: datetime) -> str:
    reader = reader_for(booking.host)
    return _in_zone_of_host(booking, f"{full_date(reader.date(instant))}, {reader.time(instant)}")


def _in_zone_of_host(booking: Booking, words: str) -> str:
    return f"{words} ({zone_name(booking.host.time_zone)})"


def _cancel(booking: Booking) -> bool:
    try:
        cancel_by_host(booking=booking, gives_use_back=True)
    except NotCancellableError:
        return False
    return True
