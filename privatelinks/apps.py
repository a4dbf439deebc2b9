"""The Django application configuration of privatelinks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivateLinksConfig(AppConfig):
    """The app's name, in code and for people."""

    name = "privatelinks"
    verbose_name = _("Private links")
