"""The Django application configuration of eventtypes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventTypesConfig(AppConfig):
    name = "eventtypes"
    verbose_name = _("Event types")
