"""How much the tests try: a fortieth of the random and exhaustive ones, or with SIDEDOOR_TRUST=1 the whole."""

import os
import random
from collections.abc import Sequence

FRACTION = 1 if os.environ.get("SIDEDOOR_TRUST") == "1" else 40


def scaled(number: int) -> int:
    """Return how many of so many examples to try."""
    return max(1, number // FRACTION)


def sampled[T](items: Sequence[T]) -> list[T]:
    """Return the items to try, always the same ones, in order."""
    chosen = random.Random(len(items)).sample(range(len(items)), scaled(len(items)))
    return [items[index] for index in sorted(chosen)]
