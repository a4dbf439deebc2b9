"""How the pool of connections behaves when the database is away and comes back."""

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


def try_again(pool: ConnectionPool) -> None:
    """Let the pool try once more if somebody waits, when it has given up: it would wait for the next one to ask."""
    if pool.get_stats()["requests_waiting"]:
        # It grows an empty pool, besides.
        pool.check()
