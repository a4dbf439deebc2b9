"""An answer to a question of an event type, as it is stored with a booking and as it is read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from eventtypes.plain_text import one_line, plain_lines

# What is stored as JSON: text, choices, or yes and no.
type Value = str | list[str] | bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, with the question as it was worded at that time. A question that was left open has none."""

    question: str
    kind: str
    answer: Value

    @property
    def words(self) -> str:
        """The answer as people read it; of text, the line breaks are kept."""
        if isinstance(self.answer, bool):
            return _("Yes") if self.answer else _("No")
        return ", ".join(self.answer) if isinstance(self.answer, list) else self.answer


def answers_in_plain_text(answers: Iterable[Answer]) -> list[tuple[str, str]]:
    """Return each question and its answer, fit for mails and calendar lines."""
    return [(one_line(each.question), plain_lines(each.words)) for each in answers]


def answers_as_text(answers: Iterable[Answer]) -> str:
    """Return all of them as one text, each question above its answer."""
    return "\n\n".join(f"{question}\n{answer}" for question, answer in answers_in_plain_text(answers))
