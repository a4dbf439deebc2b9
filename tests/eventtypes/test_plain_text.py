"""Text as people typed it, in a sentence."""

import pytest

from eventtypes.plain_text import isolated


@pytest.mark.parametrize("name", ["عائشة عبد الرحمن", "ד״ר נועה", "Ada עדה"])
def test_name_from_right_to_left_is_kept_to_itself(name: str) -> None:
    assert isolated(name) == f"\u2068{name}\u2069"


@pytest.mark.parametrize("name", ["", "Ada Host", "José 田中 🦊", "+49 30 1234567"])
def test_other_name_stays_as_it_is(name: str) -> None:
    assert isolated(name) == name
