"""The Django application configuration of eventtypes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventTypesConfig(AppConfig):
    """The app's name, in code and for people."""

    name = "eventtypes"
    verbose_name = _("Event types")
