"""Reads a download as a spreadsheet does: the byte order mark goes, and each row is known by its headings."""

import csv
from io import StringIO
from typing import Any


def content_of(response: Any) -> bytes:
    """Return the whole of an answer that goes out in parts."""
    return b"".join(response.streaming_content)


def rows_of(response: Any) -> list[dict[str, str]]:
    """Return the rows below the headings."""
    return list(csv.DictReader(StringIO(content_of(response).decode("utf-8-sig"), newline=""), strict=True))
