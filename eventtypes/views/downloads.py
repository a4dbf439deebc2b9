"""Files as answers: tables for spreadsheets, and JSON."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.http import StreamingHttpResponse

from eventtypes.spreadsheets import Cell, csv_file


def csv_download(rows: Iterable[Sequence[Cell]], *, name: str, day: date) -> StreamingHttpResponse:
    """Answer with a CSV file called "<name>-<day>.csv", which goes out while the rows are made.

    The name is of what slugs are of. Nobody on the way keeps it, nor the browser: it may hold secret URLs.
    """
    return _download(csv_file(rows), "text/csv; charset=utf-8", f"{name}-{day.isoformat()}.csv")


def json_download(pieces: Iterable[str], *, name: str, day: date) -> StreamingHttpResponse:
    """Answer with a JSON file called "<name>-<day>.json", in the same way."""
    return _download(pieces, "application/json", f"{name}-{day.isoformat()}.json")


def _download(pieces: Iterable[str | bytes], content_type: str, filename: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response
