"""Slugs: what a title proposes, and the first one that is free."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventtypes.models.event_type import SLUG_PATTERN
from eventtypes.slugs import first_free, slug_from


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Discovery call", "discovery-call"),
        ("  30-Minute   Call!  ", "30-minute-call"),
        ("Große Straße", "grosse-strasse"),
        ("Crème Brûlée & Smørrebrød", "creme-brulee-smorrebrod"),
        ("under_score", "under-score"),
        ("Разговор", "meeting"),
        ("🎉", "meeting"),
    ],
)
def test_slug_from_title(title: str, slug: str) -> None:
    assert slug_from(title, 60) == slug


def test_slug_from_a_long_title_ends_with_a_letter() -> None:
    assert slug_from("long title", 5) == "long"


@given(st.text(max_size=100))
def test_slug_from_any_title_is_well_formed(title: str) -> None:
    assert re.fullmatch(SLUG_PATTERN, slug_from(title, 60))


def test_first_free_slug_numbers_from_two() -> None:
    assert first_free("call", {"other"}, 60) == "call"
    assert first_free("call", {"call"}, 60) == "call-2"
    assert first_free("call", {"call", "call-2"}, 60) == "call-3"


def test_first_free_slug_keeps_to_the_length() -> None:
    assert first_free("abc-ef", {"abc-ef"}, 6) == "abc-2"
