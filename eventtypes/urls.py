"""Addresses of the start page, and of a host's event types, schedules and settings."""

from django.urls import path

from eventtypes.views import event_type_actions, event_types, schedules
from eventtypes.views.home import home
from eventtypes.views.settings import settings_notifications, settings_profile

urlpatterns = [
    path("", home, name="home"),
    path("event-types/new/", event_types.event_type_create, name="event_type_create"),
    path("event-types/<int:pk>/setup/", event_types.event_type_setup, name="event_type_setup"),
    path("event-types/<int:pk>/availability/", event_types.event_type_availability, name="event_type_availability"),
    path("event-types/<int:pk>/limits/", event_types.event_type_limits, name="event_type_limits"),
    path("event-types/<int:pk>/duplicate/", event_type_actions.event_type_duplicate, name="event_type_duplicate"),
    path("event-types/<int:pk>/move/", event_type_actions.event_type_move, name="event_type_move"),
    path(
        "event-types/<int:pk>/visibility/",
        event_type_actions.event_type_set_visibility,
        name="event_type_set_visibility",
    ),
    path("availability/", schedules.schedules, name="schedules"),
    path("availability/new/", schedules.schedule_create, name="schedule_create"),
    path("availability/<int:pk>/", schedules.schedule, name="schedule"),
    path("availability/<int:pk>/delete/", schedules.schedule_delete, name="schedule_delete"),
    path("availability/<int:pk>/default/", schedules.schedule_make_default, name="schedule_make_default"),
    path("availability/<int:pk>/duplicate/", schedules.schedule_duplicate, name="schedule_duplicate"),
    path("settings/profile/", settings_profile, name="settings_profile"),
    path("settings/notifications/", settings_notifications, name="settings_notifications"),
]
