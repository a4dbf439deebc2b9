"""Emptying the database after a test that commits.

Django truncates all tables and makes the permissions of all models anew, which takes longer than most tests. Nearly all
tables are empty, or have a few rows, which are quick to delete; and the permissions may stay.
"""

from typing import Any

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

# What migrations have made.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_database(_test: Any = None) -> None:
    """Delete all rows, once those who write at this moment have ended."""
    tables = [Identifier(name) for name in connection.introspection.table_names() if name not in KEPT]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(SQL(", ").join(tables)))
        cursor.execute(SQL("; ").join(SQL("DELETE FROM {}").format(table) for table in tables))
    # Inside Playwright's event loop it is a connection of its own, which nobody else would close.
    connection.close()
