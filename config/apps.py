"""Lets Django find the site's own checks. It has no models: what the site is about is in the other applications."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site itself."""

    name = "config"

    def ready(self) -> None:
        from config.checks import register_checks  # noqa: PLC0415  (it needs the models)

        register_checks()
