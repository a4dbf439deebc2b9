"""The worker, as a process of its own that does what is due and ends."""

import os
import subprocess
import sys

from django.db import connection

from eventtypes.tasks import MailRetry
from tests.live_site import PROJECT, database_url


def work(email_url: str) -> None:
    """Let the worker do what is due, as `make run` starts it, and end."""
    subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": database_url(), "EMAIL_URL": email_url, "LOG_LEVEL": "CRITICAL"},
        check=True,
        timeout=60,
    )


def let_all_tries_but_one_pass() -> None:
    """Make the mails that wait due for the last time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now(), attempts = %s WHERE status = 'todo'",
            [MailRetry.max_attempts],
        )


def let_the_wait_pass() -> None:
    """Make the jobs that wait for their next try due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
