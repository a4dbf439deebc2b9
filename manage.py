#!/usr/bin/env python
"""Django's command line, with the embedded database for who has not set DATABASE_URL."""

import os
import sys

from config.data_folder import ensure_secret_key
from config.embedded_postgres import ensure_database_url


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not os.environ.get("DATABASE_URL"):
        # Who brings no database of their own lives in the data folder, and so does their secret key.
        ensure_secret_key()
        ensure_database_url()

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
