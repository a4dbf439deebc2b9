"""Moves the database's clock within a test's transaction: `clock_timestamp()` of a schema that is looked in first."""

from datetime import datetime

from django.db import connection


def stop_database_clock(now: datetime) -> None:
    """Let the database's clock say `now` until the transaction of the test is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS stopped_clock")
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION stopped_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql"
            f" AS $$ SELECT timestamptz '{now.isoformat()}' $$"
        )
        cursor.execute("SET LOCAL search_path TO stopped_clock, pg_catalog, public")
