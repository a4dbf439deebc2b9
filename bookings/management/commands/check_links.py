"""`manage.py check_links`: proves that the uses of every private link are the bookings that hold one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.services.link_counts import find_miscounts
from privatelinks.models import PrivateLink


class Command(BaseCommand):
    """Reports each link that miscounts; without one, the exit code is 0."""

    help = "Check that every private link has as many uses as bookings that hold one."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at every link, and report."""
        miscounts = find_miscounts()
        for miscount in miscounts:
            self.stderr.write(
                f"Private link {miscount.link_id} ({miscount.name}): "
                f"{miscount.usage_count} uses counted, but {miscount.bookings} bookings hold one."
            )
        if miscounts:
            raise CommandError(f"Private links that miscount: {len(miscounts)}.", returncode=1)
        self.stdout.write(f"Private links that were checked: {PrivateLink.objects.count()}. All of them count right.")
