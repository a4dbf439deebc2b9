"""Tables as CSV files that spreadsheets open as they are meant: no text in them becomes a formula.

Spreadsheets run what begins with `=`, `+`, `-` or `@`, or with these in their full width. Text that does so gets an
apostrophe before it, which spreadsheets take for "this is text" (OWASP, CSV Injection).
"""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

# So many rows go out at once.
ROWS_PER_CHUNK = 100

# What nobody sees, and the quotation mark, do not keep a spreadsheet from seeing a formula behind them.
_UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x20\"\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]*"
# A program that is set to another separator (Excel is, where commas are in numbers) begins a cell after it.
_FORMULA = re.compile(rf"(^|[;\t\r\n])(?={_UNSEEN}[=+\-@＝＋－＠﹦﹢﹣﹫])")
_SEPARATORS = ("\t", "\r", "\n")

type Cell = str | int | None


def csv_file(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a CSV file (RFC 4180) of the rows, part by part.

    It is in UTF-8 and begins with a byte order mark: without one, Excel takes each byte for a character.
    """
    writer = csv.writer(_Passing())
    yield BOM_UTF8
    for some in batched(rows, ROWS_PER_CHUNK):
        yield "".join(writer.writerow([safe_cell(cell) for cell in row]) for row in some).encode()


def safe_cell(cell: Cell) -> Cell:
    """Return the cell, with an apostrophe before whatever in its text a spreadsheet could take for a formula."""
    if not isinstance(cell, str):
        return cell
    safe = _FORMULA.sub(r"\1'", cell)
    return f"'{safe}" if safe.startswith(_SEPARATORS) else safe


class _Passing:
    """A file that keeps nothing: what is written to it is what `writerow` returns."""

    def write(self, text: str) -> str:
        return text
