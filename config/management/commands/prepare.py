"""`manage.py prepare`: what comes before the site runs, in one process, as each takes a second to start."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Prepares the data folder for `make run`."""

    help = "Bring the tables and the static files up to date, and fill an empty database with a demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, and say what the demo says."""
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("demo", stdout=self.stdout)
