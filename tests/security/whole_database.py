"""Everything that the database holds, row by row, as text; what is sealed, packed or signed in it is opened first."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection

from eventtypes.sealing import unseal

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
COLUMNS = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'"


def tables() -> list[str]:
    return sorted(name for (name,) in _query(TABLES))


def number_of_columns() -> int:
    return int(_query(COLUMNS)[0][0])


def all_rows() -> dict[str, list[str]]:
    """Return the rows of each table, in small letters."""
    return {table: sorted(_row(table, json.loads(text)) for text in _texts(table)) for table in tables()}


def _texts(table: str) -> Iterator[str]:
    for (text,) in _query(f'SELECT to_jsonb(each)::text FROM "{table}" AS each'):  # noqa: S608 - a name from the schema
        yield text


def _row(table: str, values: dict[str, Any]) -> str:
    match table:
        case "procrastinate_jobs" if "sealed" in values["args"]:
            values["args"]["sealed"] = unseal(values["args"]["sealed"])
        case "django_session":
            values["session_data"] = Session.objects.get(pk=values["session_key"]).get_decoded()
        case "shared_cache":
            values["value"] = repr(base64.b64decode(values["value"]))
        case "django_admin_log":
            values["change_message"] = str(json.loads(values["change_message"] or "[]"))
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str).lower()


def _query(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
