"""`manage.py backup FILE`: writes the whole database into one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups import BackupError, back_up


class Command(BaseCommand):
    """Backs the site up while it runs."""

    help = "Write the whole database into one file, as it is at one instant. The site may be running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write it; it must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up, and say what else belongs to a backup."""
        path: Path = options["file"]
        try:
            back_up(path)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{path}: {path.stat().st_size:,} bytes. Keep SECRET_KEY (the data folder's secret_key), too."
        )
