"""`manage.py restore FILE`: brings the database back from what `backup` has written."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.models import Booking
from config.backups import BackupError, restore
from eventtypes.models import Host
from privatelinks.models import PrivateLink


class Command(BaseCommand):
    """Brings the site back, and proves that its links count right."""

    help = "Bring the database back from a backup, all of it or nothing. Stop the site first."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` has written")
        parser.add_argument("--replace", action="store_true", help="replace what the database has")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and report what is there now."""
        try:
            restore(options["file"], replacing=options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        counts = [
            f"{model._meta.verbose_name_plural}: {model.objects.count()}" for model in (Host, PrivateLink, Booking)
        ]
        self.stdout.write(f"Restored. {', '.join(counts).capitalize()}.")
        call_command("check_links", stdout=self.stdout, stderr=self.stderr)
