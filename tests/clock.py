"""The database's clock, in the tests' hands.

In a test database `clock_timestamp()` is found in a schema of the tests' own, in front of PostgreSQL's. It answers
with the instant that a test has set, or else with the real one. The instant is a row: it goes with the transaction of a
test, and once committed it is seen by every connection and process, by those of a running site too.
"""

from datetime import datetime

from django.db import connection

CLOCK = """
    CREATE SCHEMA IF NOT EXISTS test_clock;
    CREATE TABLE IF NOT EXISTS test_clock.stopped_at (instant timestamptz NOT NULL);
    DELETE FROM test_clock.stopped_at;
    CREATE OR REPLACE FUNCTION test_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
        $$ SELECT coalesce((SELECT instant FROM test_clock.stopped_at), pg_catalog.clock_timestamp()) $$;
"""


class DatabaseClock:
    """The clock that decides what is over. It stands still at the instant that was set."""

    def set(self, instant: datetime) -> None:
        """Stop the clock at the instant."""
        self.run_again()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO test_clock.stopped_at VALUES (%s)", [instant])

    def run_again(self) -> None:
        """Let the clock show the real time."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM test_clock.stopped_at")


def install_clock() -> None:
    """Put the tests' clock in front of PostgreSQL's, for every connection that is made from now on."""
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(CLOCK)
        # Unless it is named, pg_catalog is looked through before all others.
        cursor.execute(f"ALTER DATABASE {database} SET search_path = test_clock, pg_catalog, public")
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's connections
