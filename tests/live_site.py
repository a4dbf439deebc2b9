"""A real site for tests: granian with several worker processes on loopback, on the test's database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.db import connection

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 30


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def database_url() -> str:
    """Return the URL of the database that the tests of this process use."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def running_site(
    *, entry: str = "config.wsgi:application", workers: int = 2, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Serve the site and yield its origin, such as "http://127.0.0.1:41234".

    The test must commit what the site is to see (`django_db(transaction=True)`).
    """
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "8", "--no-access-log", "--log-level", "error", entry]
    variables = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.site_settings"}
    variables |= {"DATABASE_URL": database_url(), "SITE_URL": origin} | dict(environment or {})
    # It inherits standard error: what goes wrong in the site is shown with the test that fails.
    with subprocess.Popen(command, cwd=PROJECT, env=variables) as server:
        try:
            _wait_until_it_answers(origin, server)
            yield origin
        finally:
            server.send_signal(signal.SIGINT)


def _wait_until_it_answers(origin: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(origin):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The site did not start.")
        time.sleep(0.1)


def _answers(origin: str) -> bool:
    try:
        urlopen(f"{origin}/d/-/-", timeout=5).close()  # noqa: S310 - it is ours
    except HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
    return True
