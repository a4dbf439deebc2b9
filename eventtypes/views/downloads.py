"""Tables for spreadsheets as answers."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.http import StreamingHttpResponse

from eventtypes.spreadsheets import Cell, csv_file


def csv_download(rows: Iterable[Sequence[Cell]], *, name: str, day: date) -> StreamingHttpResponse:
    """Answer with a CSV file called "<name>-<day>.csv", which goes out while the rows are made.

    The name is of what slugs are of. Nobody on the way keeps it, nor the browser: it may hold secret URLs.
    """
    response = StreamingHttpResponse(csv_file(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{day.isoformat()}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
