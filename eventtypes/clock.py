"""The database's clock: the one that decides whether a private link is over.

`clock_timestamp()` is the instant at which PostgreSQL reads it. `now()`, and Django's `Now()`, are the start of the
transaction, which may lie before a wait for a lock.
"""

from datetime import datetime
from typing import cast

from django.db import connection
from django.db.models import DateTimeField, Func, Model


class ClockTimestamp(Func):
    """The instant at which the database evaluates the expression."""

    function = "clock_timestamp"
    arity = 0
    output_field = DateTimeField()


def database_now() -> datetime:
    """Return the database's present instant, in UTC (one query)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cast(datetime, cursor.fetchone()[0])


def read_at(row: Model) -> datetime:
    """Return the instant at which the row was read, by a query that annotates `now=ClockTimestamp()`."""
    instant: datetime = row.__dict__["now"]
    return instant
