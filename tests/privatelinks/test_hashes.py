"""The hash of a private link: 22 characters without look-alikes, each as likely as any other."""

from collections import Counter

import pytest

from privatelinks.hashes import ALPHABET, LENGTH, is_well_formed, new_hash


def test_alphabet_has_all_letters_and_digits_but_look_alikes() -> None:
    letters_and_digits = {chr(code) for code in range(128) if chr(code).isalnum()}

    assert len(ALPHABET) == 58
    assert set(ALPHABET) == letters_and_digits - set("0OIl")


def test_new_hash_has_22_characters_of_the_alphabet() -> None:
    made = [new_hash() for _ in range(1_000)]

    assert {len(hash_) for hash_ in made} == {22}
    assert set("".join(made)) == set(ALPHABET)


def test_new_hash_is_as_hard_to_guess_as_128_random_bits() -> None:
    assert len(ALPHABET) ** LENGTH >= 2**128


def test_new_hash_is_never_the_same_twice() -> None:
    made = [new_hash() for _ in range(10_000)]

    assert len(set(made)) == len(made)


def test_new_hash_uses_each_character_equally_often() -> None:
    # Chi-squared with 57 degrees of freedom: a fair draw exceeds 120 about twice in a million runs.
    counts = Counter("".join(new_hash() for _ in range(5_000)))
    expected = 5_000 * LENGTH / len(ALPHABET)

    chi_squared = sum((counts[character] - expected) ** 2 / expected for character in ALPHABET)

    assert chi_squared < 120


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2" * 22, True),
        ("2" * 21, False),
        ("2" * 23, False),
        ("", False),
        ("0" + "2" * 21, False),
        ("O" + "2" * 21, False),
        ("I" + "2" * 21, False),
        ("l" + "2" * 21, False),
        ("2" * 21 + "-", False),
        ("2" * 21 + "\n", False),
        ("2" * 21 + "ä", False),
        ("２" * 22, False),
    ],
)
def test_is_well_formed_tells_what_could_be_a_hash(text: str, expected: bool) -> None:
    assert is_well_formed(text) is expected
