"""What a private link leaves of its event type's offer: some dates, one duration, and a notice of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from eventtypes.booking_window import Within
from eventtypes.slot_rules import SlotRules


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Only from the first date through the last, days in the schedule's zone; only one duration; another notice.

    What is None stays as the event type has it. Only the notice may let more be offered than the event type does.
    """

    first: date | None = None
    last: date | None = None
    duration_minutes: int | None = None
    notice_minutes: int | None = None

    def durations(self, offered: Sequence[int]) -> list[int]:
        """Return the durations to choose from, the default first: just the one, if there is one, offered or not."""
        return list(offered) if self.duration_minutes is None else [self.duration_minutes]

    def of_rules(self, rules: SlotRules) -> SlotRules:
        """Return the rules with these dates and this notice; the duration is for who chooses one."""
        own_notice = None if self.notice_minutes is None else timedelta(minutes=self.notice_minutes)
        return replace(
            rules,
            booking_window=Within(rules.booking_window, self.first, self.last),
            minimum_notice=rules.minimum_notice if own_notice is None else own_notice,
        )
