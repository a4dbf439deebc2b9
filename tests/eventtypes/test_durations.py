"""Durations in words."""

import pytest

from eventtypes.durations import duration_in_short, duration_in_words, durations_in_words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (150, "2 hours 30 minutes"),
        (1440, "24 hours"),
    ],
)
def test_duration_is_said_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert duration_in_words(minutes) == words
    assert durations_in_words([minutes]) == words


@pytest.mark.parametrize(("minutes", "words"), [(45, "45 min"), (120, "2 h"), (90, "1 h 30 min")])
def test_duration_is_short_on_a_button(minutes: int, words: str) -> None:
    assert duration_in_short(minutes) == words


@pytest.mark.parametrize(
    ("durations", "words"),
    [
        ([30, 60], "30 or 60 minutes"),
        ([30, 15, 60], "15, 30 or 60 minutes"),
        ([180, 60, 120], "1, 2 or 3 hours"),
    ],
)
def test_durations_are_said_from_the_shortest_on(durations: list[int], words: str) -> None:
    assert durations_in_words(durations) == words
