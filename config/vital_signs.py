"""How the site is: its database, its clocks, its worker and its mail, each asked for by one query or none."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateWorker

from eventtypes.clock import database_now
from eventtypes.tasks import MAIL_QUEUE


def database_version() -> int | None:
    """Return the major version of PostgreSQL, or None for another database."""
    if connection.vendor != "postgresql":
        return None
    connection.ensure_connection()
    return int(connection.connection.info.server_version) // 10_000


def clock_difference() -> timedelta:
    """Return how far this machine's clock and the database's are apart, never negative (one query)."""
    return abs(database_now() - datetime.now(UTC))


def unapplied_migrations() -> int:
    """Return how many migrations the database has not had yet."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def worker_silence() -> timedelta | None:
    """Return how long ago the last worker gave a sign of life, or None if there is no worker (two queries)."""
    last: datetime | None = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"]
    return None if last is None else database_now() - last


def longest_waiting_mail() -> timedelta:
    """Return for how long the oldest mail that is not sent yet has been waiting (two queries)."""
    waiting = ProcrastinateEvent.objects.filter(
        type="deferred", job__queue_name=MAIL_QUEUE, job__status__in=["todo", "doing"]
    )
    oldest: datetime | None = waiting.aggregate(oldest=Min("at"))["oldest"]
    return timedelta(0) if oldest is None else database_now() - oldest
