"""How often something may be done: "60/10m" is sixty times in ten minutes."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many times in a period, which begins with the first time."""

    times: int
    period: timedelta

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a rate: a whole number of times, then a whole number of seconds, minutes, hours or days.

        Raises:
            ValueError: The text is no rate.
        """
        match = re.fullmatch(r"([1-9][0-9]{0,6})/([1-9][0-9]{0,4})([smhd])", text.strip())
        if match is None:
            raise ValueError(f"A limit is written like 60/10m, not {text!r}.")
        times, number, unit = match.groups()
        return cls(int(times), int(number) * UNITS[unit])
