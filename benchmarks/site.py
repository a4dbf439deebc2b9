"""A site to measure: its own database and static files in a temporary folder, served as `make run` serves."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import psutil
from django.db import connections

from config.embedded_postgres import join, leave
from config.run import START_SECONDS, Part, answers, manage, web_server
from tests.live_site import free_port

ENVIRONMENT = {
    "DEBUG": "",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "only-for-benchmarks",
    "SITE_URL": "http://127.0.0.1",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A web server on loopback."""

    port: int
    part: Part

    def processor_seconds(self) -> float:
        """Return how long its processes have been at work on a processor."""
        assert self.part.process is not None
        leader = psutil.Process(self.part.process.pid)
        times = [process.cpu_times() for process in (leader, *leader.children(recursive=True))]
        return sum(time.user + time.system for time in times)


@contextmanager
def own_site() -> Iterator[None]:
    """Set Django up with an empty database and collected static files, all gone afterwards."""
    with TemporaryDirectory(prefix="sidedoor-benchmark-") as folder:
        database = Path(folder) / "postgres"
        os.environ.update(ENVIRONMENT, SIDEDOOR_DATA=folder, DATABASE_URL=join(database, durable=False))
        try:
            manage("migrate", "--verbosity=0")
            manage("collectstatic", "--no-input", "--verbosity=0")
            django.setup()
            yield
        finally:
            connections.close_all()
            leave(database)


@contextmanager
def serving(entry: str = "config.wsgi:application") -> Iterator[Server]:
    """Run the web server of `make run`, with as many processes, on a port that is free."""
    server = Server(port := free_port(), part := web_server(port))
    part.command[-1] = entry
    part.start()
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if part.has_ended() or time.monotonic() > deadline:
                raise RuntimeError("The site did not start.")
            time.sleep(0.1)
        part.is_up = True
        yield server
    finally:
        part.ask_to_end()
        part.end()
