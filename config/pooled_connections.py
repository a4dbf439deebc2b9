"""The check of a pooled connection before a request gets it."""

import psycopg
from django.db import connection as database
from psycopg_pool import ConnectionPool


def check_connection(connection: psycopg.Connection) -> None:
    """Return quietly if the connection works; empty the pool if it does not.

    What has broken one has mostly broken all: a restart of the database, say. The pool would try one after the other,
    with a pause that doubles, and with three of them a request would wait in vain for a database that is back.

    Raises:
        psycopg.Error: The connection is broken. The pool tries again with a new one.
    """
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        # It is a pool, or nobody would have asked.
        database.pool.drain()  # type: ignore[attr-defined]  # of PostgreSQL's connections
        raise
