"""The worker, in this process, where it does what is due, or as a process of its own until it is stopped or killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import override_settings
from environ import Env
from procrastinate.contrib.django import app

from config.settings import mailer
from eventtypes.tasks import MailRetry
from tests.due_jobs import do_due_jobs
from tests.live_site import PROJECT, database_url

WORKER = [sys.executable, "manage.py", "procrastinate", "worker"]
SECONDS = 60


def work(email_url: str, **options: Any) -> None:
    """Let a worker of this process do what is due; the options are the mailer's, such as its `timeout` in seconds."""
    server = mailer(Env.email_url_config(email_url))
    with override_settings(MAILERS={"default": server | {"OPTIONS": server["OPTIONS"] | options}}):
        do_due_jobs()


@contextmanager
def running_worker(email_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Let the worker go on as `make run` starts it, and yield its process; in the end it is killed, if it runs."""
    with subprocess.Popen(WORKER, cwd=PROJECT, env=_environment(email_url)) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what a worker does."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("The worker did not do it.")
        time.sleep(0.02)


def let_the_wait_pass() -> None:
    """Make the jobs that wait for their next try due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def let_all_tries_but_one_pass() -> None:
    """Make the jobs that wait due for the last time."""
    let_the_wait_pass()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s WHERE status = 'todo'", [MailRetry.max_attempts])


def let_the_dead_be_missed() -> None:
    """Let it be long ago that the workers gave a sign of life, and the job that looks for such workers be due."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'eventtypes.retry_stalled_jobs'")
    app.configure_task("eventtypes.retry_stalled_jobs").defer(timestamp=0)


def _environment(email_url: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": database_url(), "EMAIL_URL": email_url, "LOG_LEVEL": "CRITICAL"}
