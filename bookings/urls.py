"""Where meetings are booked, seen, changed, and fetched by calendars.

A host's own pages take the first segment, so they come last.
"""

from django.urls import path, re_path

from bookings.views import feed_settings, privacy
from bookings.views.bookings_csv import bookings_csv
from bookings.views.calendar_feed import calendar_feed
from bookings.views.host_bookings import (
    bookings,
    bookings_start,
    host_booking,
    host_booking_accept,
    host_booking_cancel,
    host_booking_decline,
)
from bookings.views.invitee import booking, booking_cancel, booking_ics
from bookings.views.mail_again import host_booking_dismiss, host_booking_send_again
from bookings.views.no_show import host_booking_no_show, host_booking_no_show_undo
from bookings.views.preview import event_type_preview
from bookings.views.private_link import book_private_link
from bookings.views.public_pages import book_event_type, host_page
from bookings.views.reschedule import booking_reschedule, host_booking_reschedule

urlpatterns = [
    path("d/<str:link_hash>/<str:slug>", book_private_link, name="book_private_link"),
    # Everything else below /d/ is a private link that is not available, whatever it is made of.
    re_path(r"^d(?:/|\Z)", book_private_link, {"link_hash": "", "slug": ""}),
    path("booking/<uuid:uid>/", booking, name="booking"),
    path("booking/<uuid:uid>/reschedule/", booking_reschedule, name="booking_reschedule"),
    path("booking/<uuid:uid>/cancel/", booking_cancel, name="booking_cancel"),
    path("booking/<uuid:uid>/event.ics", booking_ics, name="booking_ics"),
    path("calendar/<str:feed_hash>.ics", calendar_feed, name="calendar_feed"),
    # As below /d/: everything else is a feed that is not there.
    re_path(r"^calendar(?:/|\Z)", calendar_feed, {"feed_hash": ""}),
    path("settings/calendar-feed/", feed_settings.settings_calendar_feed, name="settings_calendar_feed"),
    path("settings/calendar-feed/on/", feed_settings.settings_calendar_feed_on, name="settings_calendar_feed_on"),
    path(
        "settings/calendar-feed/new-url/",
        feed_settings.settings_calendar_feed_replace,
        name="settings_calendar_feed_replace",
    ),
    path("settings/calendar-feed/off/", feed_settings.settings_calendar_feed_off, name="settings_calendar_feed_off"),
    path("settings/privacy/", privacy.settings_privacy, name="settings_privacy"),
    path("settings/privacy/data.json", privacy.settings_privacy_data, name="settings_privacy_data"),
    path("settings/privacy/invitee.json", privacy.settings_privacy_invitee, name="settings_privacy_invitee"),
    path("settings/privacy/erase/", privacy.settings_privacy_erase, name="settings_privacy_erase"),
    path("event-types/<int:pk>/preview/", event_type_preview, name="event_type_preview"),
    path("bookings/", bookings_start, name="bookings_start"),
    path("bookings/<uuid:uid>/", host_booking, name="host_booking"),
    path("bookings/<uuid:uid>/accept/", host_booking_accept, name="host_booking_accept"),
    path("bookings/<uuid:uid>/decline/", host_booking_decline, name="host_booking_decline"),
    path("bookings/<uuid:uid>/reschedule/", host_booking_reschedule, name="host_booking_reschedule"),
    path("bookings/<uuid:uid>/cancel/", host_booking_cancel, name="host_booking_cancel"),
    path("bookings/<uuid:uid>/no-show/", host_booking_no_show, name="host_booking_no_show"),
    path("bookings/<uuid:uid>/no-show/undo/", host_booking_no_show_undo, name="host_booking_no_show_undo"),
    path(
        "bookings/<uuid:uid>/mails/<int:failure_id>/send-again/",
        host_booking_send_again,
        name="host_booking_send_again",
    ),
    path(
        "bookings/<uuid:uid>/mails/<int:failure_id>/dismiss/",
        host_booking_dismiss,
        name="host_booking_dismiss",
    ),
    path("bookings/<str:which>/", bookings, name="bookings"),
    path("bookings/<str:which>/bookings.csv", bookings_csv, name="bookings_csv"),
    path("<slug:username>/", host_page, name="host_page"),
    path("<slug:username>/<slug:slug>/", book_event_type, name="book_event_type"),
]
