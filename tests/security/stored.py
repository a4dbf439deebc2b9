"""All that the database holds: as a digest, to see that nothing has changed, and row by row, to see what has."""

import json
from typing import Any

from django.db import connection
from psycopg.sql import SQL, Composed, Identifier

# What says that something was asked for: tries are counted, sessions begin, the admin keeps its log.
BOOK_KEEPING = ("auth_", "django_", "shared_cache", "eventtypes_requestcount")

type Rows = dict[str, list[dict[str, Any]]]


def digest_of_all(*, leaving_out: tuple[str, ...] = BOOK_KEEPING) -> str:
    """Return a digest of all tables but those whose names begin so."""
    digest = "(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t)"
    columns = [SQL(digest).format(Identifier(name)) for name in _tables(leaving_out)]
    return str(_ask(SQL("SELECT ROW({})::text").format(SQL(", ").join(columns))))


def all_rows() -> Rows:
    """Return the rows of all tables but the book-keeping, in the order of their first columns: their numbers."""
    table = "{}, (SELECT coalesce(json_agg(t ORDER BY t), '[]') FROM {} t)"
    tables = [SQL(table).format(name, Identifier(name)) for name in _tables(BOOK_KEEPING)]
    # A function takes a hundred arguments, so half as many tables.
    halves = [tables[::2], tables[1::2]]
    found: Rows = {}
    for half in halves:
        found |= json.loads(_ask(SQL("SELECT json_build_object({})::text").format(SQL(", ").join(half))))
    return found


def sequences() -> Composed:
    """Return what sets all sequences back to where they are now: a rollback does not, and rows would be numbered on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences")
        resets = [SQL("setval({}, {}, {})").format(f'"{name}"', value, called) for name, value, called in cursor]
    return SQL("SELECT {}").format(SQL(", ").join(resets))


def _tables(leaving_out: tuple[str, ...]) -> list[str]:
    return [name for name in connection.introspection.table_names() if not name.startswith(leaving_out)]


def _ask(query: Composed) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
