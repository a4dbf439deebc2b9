"""The hash of a private link: how it is made, and what one looks like.

Migrations import `new_hash`: this module never moves.
"""

import secrets

# Base58: no 0, O, I or l, which are easily mistaken for one another.
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# log2(58 ** 22) = 128.9: as hard to guess as a random UUID, and harder.
LENGTH = 22


def new_hash() -> str:
    """Return a new random hash of LENGTH characters of ALPHABET."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_well_formed(text: str) -> bool:
    """Whether the text could be a hash at all."""
    return len(text) == LENGTH and all(character in ALPHABET for character in text)
