"""A whole site to be killed in parts: its own durable database, web server and worker, watched over as `make run` does.

The test itself works with the site's database through Django's models, from another connection.
"""

import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import environ
import psutil
import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from config import postgres_keeper
from config.embedded_postgres import join, leave, url
from eventtypes.models import Host
from tests.live_site import free_port
from tests.whole_site import Site

SECONDS = 90
STOP_SECONDS = 30
UNLIMITED = {"BOOKINGS_PER_ADDRESS": "", "BOOKINGS_PER_EMAIL": ""}


@dataclass(frozen=True, slots=True)
class KilledSite:
    """A running site, and how to find each of its parts."""

    site: Site
    supervisor: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.site.port}"

    @property
    def postgres(self) -> Path:
        return self.site.data / "postgres"

    @property
    def database_url(self) -> str:
        return url(self.postgres)

    def web_servers(self) -> list[psutil.Process]:
        """Return the first process of the web server, if it is there."""
        return [part for part in self._parts() if "granian" in " ".join(part.cmdline())]

    def web_processes(self) -> list[psutil.Process]:
        """Return the processes that answer; the others that the web server has started are its own bookkeeping."""
        children = [child for server in self.web_servers() for child in server.children()]
        return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]

    def workers(self) -> list[psutil.Process]:
        return [part for part in self._parts() if "procrastinate" in part.cmdline()]

    def postmasters(self) -> list[psutil.Process]:
        """Return the first process of PostgreSQL, if it is there."""
        with suppress(OSError, IndexError, psutil.NoSuchProcess):
            return [psutil.Process(int((self.postgres / "cluster/postmaster.pid").read_text().split()[0]))]
        return []

    def backends(self) -> list[psutil.Process]:
        """Return the processes of PostgreSQL that serve a connection."""
        children = [child for postmaster in self.postmasters() for child in postmaster.children()]
        return [child for child in children if "[local]" in " ".join(child.cmdline())]

    def keeper(self) -> psutil.Process:
        """Return the process that starts PostgreSQL again."""
        [keeper] = [found for found in self.site.processes() if postgres_keeper.__file__ in found.cmdline()]
        return keeper

    def is_ready(self) -> bool:
        """Whether the site says that bookings can be taken."""
        with closing(HTTPConnection("127.0.0.1", self.site.port, timeout=SECONDS)) as http:
            try:
                http.request("GET", "/readyz")
                return http.getresponse().status == 200
            except (OSError, HTTPException):
                return False

    def _parts(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.supervisor.pid).children()
        return []


def kill(process: psutil.Process) -> None:
    """End the process as nothing can be ended more suddenly."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)


def wait_until(condition: Callable[[], bool]) -> float:
    """Return how many seconds it took until the condition held; fail if it does not in time."""
    started_at = time.monotonic()
    while not condition():
        assert time.monotonic() < started_at + SECONDS, "It did not happen in time."
        time.sleep(0.02)
    return time.monotonic() - started_at


def found_some(search: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
    """Return what the search finds, as soon as it finds something; what goes meanwhile is not there."""
    found: list[psutil.Process] = []

    def look() -> bool:
        with suppress(psutil.Error):
            found[:] = search()
        return found != []

    wait_until(look)
    return found


@contextmanager
def whole_site(folder: Path) -> Iterator[KilledSite]:
    """Run the site with its data in the folder; afterwards, nothing of it may be left."""
    variables = UNLIMITED | {"SECRET_KEY": secrets.token_urlsafe(50)}
    site = Site(folder / "data", free_port(), folder / "output", "tests.faults.unprepared_run", variables)
    (site.data / "static").mkdir(parents=True)
    database = site.data / "postgres"
    try:
        with working_with(join(database, durable=True)):
            call_command("migrate", verbosity=0)
            supervisor = site.start_and_wait()
            try:
                yield KilledSite(site, supervisor)
            finally:
                supervisor.send_signal(signal.SIGINT)
                supervisor.wait(STOP_SECONDS)
    finally:
        leave(database)
        leftovers = site.processes()
        for process in leftovers:
            kill(process)
    assert leftovers == []


@contextmanager
def working_with(database_url: str) -> Iterator[None]:
    """Let Django's models work, in this thread, with the database of that URL instead of the tests'."""
    tests_own = connections["default"]
    database = environ.Env.db_url_config(database_url)
    connections["default"] = DatabaseWrapper(tests_own.settings_dict | database, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = tests_own
        # They have numbers of their own in each database.
        ContentType.objects.clear_cache()


@contextmanager
def holding(site: KilledSite, statement: str) -> Iterator[int]:
    """Hold a lock from outside, and yield the number of the process of PostgreSQL that does."""
    holder = psycopg.connect(site.database_url)
    try:
        holder.execute(statement.encode())
        yield holder.info.backend_pid
    finally:
        # The end of the database frees it as well.
        holder.close()


# Whoever books has locked a host, or waits to; the worker, which may wait for the same holder, has not.
WAITING = """
    SELECT pid FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid)) AND pid IN (
        SELECT pid FROM pg_locks WHERE relation = %s::regclass AND mode = 'RowShareLock'
    )
"""


def booking_behind(site: KilledSite, holder: int) -> int:
    """Return the process of PostgreSQL that books, as soon as it waits for the lock of the holder."""
    found: list[int] = []

    def look() -> bool:
        with psycopg.connect(site.database_url) as observer:
            found[:] = [pid for (pid,) in observer.execute(WAITING, [holder, Host._meta.db_table])]
        return found != []

    wait_until(look)
    return found[0]


def is_busy(process: psutil.Process, port: int) -> bool:
    """Whether somebody waits for the process to answer: it has a connection open at the site's port."""
    return any(
        connection.status == psutil.CONN_ESTABLISHED and connection.laddr.port == port
        for connection in process.net_connections("tcp")
    )
