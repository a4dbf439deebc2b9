"""What of which model a host's export has, field by field; what it leaves out, and why.

A field that is named on neither side fails a test.
"""

from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db.models import Model

from bookings.models import Booking, BookingEvent, CalendarFeed, MailFailure, Move, Reminder
from eventtypes.models import AvailabilityRule, DateOverride, EventType, Host, Question, Schedule
from privatelinks.models import LinkEvent, PrivateLink

EXPORTED: dict[type[Model], list[str]] = {
    Host: [
        "id",
        "username",
        "name",
        "email",
        "time_zone",
        "welcome",
        "wants_expiry_digest",
        "expiry_digest_sent_on",
        "date_joined",
        "last_login",
        "is_active",
        "is_staff",
        "is_superuser",
    ],
    EmailAddress: ["email", "verified", "primary"],
    Authenticator: ["type", "created_at", "last_used_at"],
    Schedule: ["id", "name", "time_zone", "is_default"],
    AvailabilityRule: ["weekday", "start_time", "end_time"],
    DateOverride: ["date", "start_time", "end_time"],
    EventType: [
        "id",
        "title",
        "slug",
        "former_slugs",
        "description",
        "location_kind",
        "location",
        "location_is_shown_after_booking",
        "duration_minutes",
        "duration_options",
        "reminder_minutes",
        "position",
        "created_at",
        "schedule",
        "minimum_notice_minutes",
        "booking_window_kind",
        "booking_window_days",
        "booking_window_starts_on",
        "booking_window_ends_on",
        "buffer_before_minutes",
        "buffer_after_minutes",
        "slot_interval_minutes",
        "max_bookings_per_day",
        "max_bookings_per_week",
        "max_bookings_per_month",
        "max_minutes_per_day",
        "requires_confirmation",
        "invitees_may_cancel",
        "invitees_may_reschedule",
        "change_notice_hours",
        "allows_guests",
        "visibility",
        "private_links_enabled",
    ],
    Question: ["kind", "label", "help_text", "is_required", "choices"],
    PrivateLink: [
        "id",
        "event_type",
        "hash",
        "name",
        "created_at",
        "max_uses",
        "usage_count",
        "opens_at",
        "expires_at",
        "is_paused",
        "returns_uses",
        "invitee_name",
        "invitee_email",
        "allowed_invitees",
        "offer_starts_on",
        "offer_ends_on",
        "offer_duration_minutes",
        "offer_notice_minutes",
        "batch",
        "told_of_expiry_at",
    ],
    LinkEvent: ["happened_at", "kind", "changes", "recipient"],
    Booking: [
        "id",
        "uid",
        "created_at",
        "status",
        "ics_sequence",
        "confirmed_at",
        "declined_at",
        "declined_by",
        "cancelled_at",
        "cancelled_by",
        "reason",
        "is_no_show",
        "event_type",
        "private_link",
        "private_link_name",
        "holds_use",
        "spent_last_use",
        "title",
        "organizer_email",
        "location_kind",
        "location",
        "location_is_shown_after_booking",
        "buffer_before_minutes",
        "buffer_after_minutes",
        "invitee_name",
        "invitee_email",
        "invitee_phone",
        "invitee_time_zone",
        "notes",
        "guests",
        "answers",
        "starts_at",
        "ends_at",
        "erased_at",
    ],
    BookingEvent: ["happened_at", "kind", "by", "details"],
    Move: ["ics_sequence", "at", "by", "was_confirmed", "former_starts_at", "former_ends_at"],
    Reminder: ["meeting_starts_at", "minutes_before", "queued_at"],
    MailFailure: [
        "kind",
        "recipient",
        "guest_place",
        "ics_sequence",
        "minutes_before",
        "failed_at",
        "reason",
        "sent_again_at",
    ],
    CalendarFeed: ["hash", "created_at"],
    LogEntry: ["action_time", "object_repr", "action_flag", "change_message"],
}

WHERE_IT_STANDS = "It stands below what it belongs to."
ROW_NUMBER = "The number of a row that nothing refers to."
LEFT_OUT: dict[type[Model], dict[str, str]] = {
    Host: {"password": "Its fingerprint helps nobody but who guesses passwords."},
    EmailAddress: {"id": ROW_NUMBER, "user": WHERE_IT_STANDS},
    Authenticator: {
        "id": ROW_NUMBER,
        "user": WHERE_IT_STANDS,
        "data": "Whoever has the secret of the second factor has the factor.",
    },
    Schedule: {"host": WHERE_IT_STANDS},
    AvailabilityRule: {"id": ROW_NUMBER, "schedule": WHERE_IT_STANDS},
    DateOverride: {"id": ROW_NUMBER, "schedule": WHERE_IT_STANDS},
    EventType: {"host": WHERE_IT_STANDS},
    Question: {"id": ROW_NUMBER, "event_type": WHERE_IT_STANDS, "position": "They stand in their order."},
    LinkEvent: {
        "id": ROW_NUMBER,
        "private_link": WHERE_IT_STANDS,
        "request_key": "Made by the form; it tells nothing.",
    },
    Booking: {"host": WHERE_IT_STANDS, "request_key": "Made by the form; it tells nothing."},
    BookingEvent: {"id": ROW_NUMBER, "booking": WHERE_IT_STANDS},
    Move: {"id": ROW_NUMBER, "booking": WHERE_IT_STANDS},
    Reminder: {"id": ROW_NUMBER, "booking": WHERE_IT_STANDS},
    MailFailure: {"id": ROW_NUMBER, "booking": WHERE_IT_STANDS},
    CalendarFeed: {"id": ROW_NUMBER, "host": WHERE_IT_STANDS},
    LogEntry: {
        "id": ROW_NUMBER,
        "user": WHERE_IT_STANDS,
        "content_type": "A number of this database's own.",
        "object_id": "A number of this database's own.",
    },
}


def row(instance: Model) -> dict[str, Any]:
    """Return the exported fields of the instance by name; of what it refers to, the id."""
    return {field.name: field.value_from_object(instance) for field in _fields(instance._meta.model)}


def rows(instances: Any) -> list[dict[str, Any]]:
    """Return the rows of a relation, or of anything else that has instances."""
    return [row(instance) for instance in instances]


@cache
def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name in EXPORTED[model]]
