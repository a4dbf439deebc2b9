"""Tables for spreadsheets: what is written is what is read, but for the apostrophe that keeps text from being run."""

import csv
from io import StringIO
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventtypes.spreadsheets import ROWS_PER_CHUNK, Cell, csv_file, safe_cell
from tests.scale import scaled

DANGEROUS = "=+-@＝＋－＠"
# What a cell may begin with, and what a program that is set to another separator makes of it.
TRAPS = st.text(alphabet=f"{DANGEROUS};,\t\r\n\"' \xa0\u200b\ufeffaé1")
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"])) | TRAPS
CELLS = TEXTS | st.none() | st.integers(min_value=0)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4))


def read(content: bytes, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def begins_like_a_formula(cell: str) -> bool:
    return cell.lstrip(' \xa0\u200b\ufeff"\t\r\n')[:1] in tuple(DANGEROUS)


def needs_an_apostrophe(cell: str) -> bool:
    return cell.startswith(("\t", "\r", "\n")) or begins_like_a_formula(cell)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Beta 1", "Beta 1"),
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-1", "'-1"),
        ("@example.com", "'@example.com"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        ("\t=1", "'\t'=1"),
        ("\tplain", "'\tplain"),
        ("\r=1", "'\r'=1"),
        ("\n1", "'\n1"),
        (" \u200b\ufeff=1", "' \u200b\ufeff=1"),
        ('"=1', "'\"=1"),
        ("a=1", "a=1"),
        ("ada@example.com", "ada@example.com"),
        ("2026-12-03T09:00:00+01:00", "2026-12-03T09:00:00+01:00"),
        ("a;=1", "a;'=1"),
        ("a\n- one\n- two", "a\n'- one\n'- two"),
        ('a;"=1', "a;'\"=1"),
        ("a,=1", "a,=1"),
    ],
)
def test_text_that_could_be_run_gets_an_apostrophe(text: str, safe: str) -> None:
    assert safe_cell(text) == safe


@pytest.mark.parametrize("cell", [None, 0, 1_000_000])
def test_numbers_and_nothing_stay_what_they_are(cell: Cell) -> None:
    assert safe_cell(cell) == cell


def test_file_is_what_excel_and_rfc_4180_ask_for() -> None:
    content = b"".join(csv_file([["Name", "Uses"], ['Zoë "Z", of\r\nMüller', 2], ["", None]]))

    assert content == '\ufeffName,Uses\r\n"Zoë ""Z"", of\r\nMüller",2\r\n,\r\n'.encode()


def test_file_goes_out_in_parts_while_the_rows_are_made() -> None:
    numbers = count()
    parts = csv_file([number] for number in numbers)

    next(parts)
    first = next(parts)

    assert first.count(b"\r\n") == ROWS_PER_CHUNK
    assert next(numbers) == ROWS_PER_CHUNK


@settings(max_examples=scaled(10_000), deadline=None)
@given(TABLES)
def test_what_is_read_is_what_was_written_but_for_the_apostrophe(table: list[list[Cell]]) -> None:
    content = b"".join(csv_file(table))

    assert read(content) == [["" if cell is None else str(safe_cell(cell)) for cell in row] for row in table]


@settings(max_examples=scaled(10_000), deadline=None)
@given(TEXTS)
def test_nothing_but_apostrophes_is_added(text: str) -> None:
    safe = str(safe_cell(text))

    assert safe.replace("'", "") == text.replace("'", "")
    assert safe == text or not set(text).isdisjoint(f"{DANGEROUS}﹦﹢﹣﹫\t\r\n")


@settings(max_examples=scaled(10_000), deadline=None)
@given(TABLES)
def test_no_cell_begins_with_what_needs_an_apostrophe(table: list[list[Cell]]) -> None:
    content = b"".join(csv_file(table))

    assert [cell for row in read(content) for cell in row if needs_an_apostrophe(cell)] == []


@settings(max_examples=scaled(10_000), deadline=None)
@given(TABLES, st.sampled_from([";", "\t"]))
def test_no_cell_begins_like_a_formula_for_a_program_with_another_separator(
    table: list[list[Cell]], separator: str
) -> None:
    content = b"".join(csv_file(table))

    assert [cell for row in read(content, separator) for cell in row if begins_like_a_formula(cell)] == []
