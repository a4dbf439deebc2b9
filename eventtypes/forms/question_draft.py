"""What has been typed into the Questions tab: questions can be added, moved and removed before anything is stored.

A question's fields are named after its place, `question-0-label`. Numbers may have gaps; their order is that on the
page.
"""

import re
from collections.abc import Iterable, Mapping

from django.http import QueryDict

from eventtypes.models import Question, QuestionKind

PARTS = ["id", "kind", "label", "help_text", "is_required", "choices"]
LABEL = re.compile(r"question-([0-9]{1,3})-label")

type Row = dict[str, str]


class QuestionsDraft:
    """The questions of the tab, as they were typed or as they are stored."""

    def __init__(self, rows: list[Row], *, allows_guests: bool) -> None:
        self.rows = rows
        self.allows_guests = allows_guests
        # The id of the control that gets the focus after a change.
        self.focus = ""

    @classmethod
    def typed(cls, fields: QueryDict) -> "QuestionsDraft":
        """Return what was sent."""
        numbers = sorted(int(match[1]) for match in map(LABEL.fullmatch, fields) if match)
        rows = [_row(fields, f"question-{number}-") for number in numbers]
        return cls(rows, allows_guests="allows_guests" in fields)

    @classmethod
    def of(cls, questions: Iterable[Question], *, allows_guests: bool) -> "QuestionsDraft":
        """Return what the tab shows of what is stored."""
        return cls([_stored_row(question) for question in questions], allows_guests=allows_guests)

    def fields(self) -> dict[str, str]:
        """Return all texts by the names of their fields; what is not ticked has none."""
        of_guests = {"allows_guests": "on"} if self.allows_guests else {}
        return of_guests | {
            f"{prefix(place)}-{part}": text
            for place, row in enumerate(self.rows)
            for part, text in row.items()
            if text or part != "is_required"
        }

    def add_missing(self, questions: Iterable[Question]) -> None:
        """Show questions that were stored meanwhile, too, behind the others."""
        known = {row["id"] for row in self.rows}
        self.rows += [_stored_row(question) for question in questions if str(question.pk) not in known]

    def change(self, action: str) -> None:
        """Do what a button of the tab says, such as "up question-2"; nonsense changes nothing."""
        verb, _, target = action.partition(" ")
        places = {prefix(place): place for place in range(len(self.rows))}
        if verb == "add":
            self._add()
        elif verb in ("up", "down") and target in places:
            self._move(places[target], verb)
        elif verb == "remove" and target in places:
            self._remove(places[target])

    def _add(self) -> None:
        self.rows.append(dict.fromkeys(PARTS, "") | {"kind": QuestionKind.LINE.value})
        self.focus = f"id_{prefix(len(self.rows) - 1)}-label"

    def _move(self, place: int, verb: str) -> None:
        """Let the question change places with its neighbour; the first and the last stay where they are."""
        to = place - 1 if verb == "up" else place + 1
        if 0 <= to < len(self.rows):
            self.rows[place], self.rows[to] = self.rows[to], self.rows[place]
            self.focus = f"{verb}-{prefix(to)}"

    def _remove(self, place: int) -> None:
        del self.rows[place]
        self.focus = "add-question"


def prefix(place: int) -> str:
    """Return what the names of a question's fields begin with."""
    return f"question-{place}"


def _row(fields: Mapping[str, str], start: str) -> Row:
    return {part: str(fields.get(f"{start}{part}", "")) for part in PARTS}


def _stored_row(question: Question) -> Row:
    return {
        "id": str(question.pk),
        "kind": question.kind,
        "label": question.label,
        "help_text": question.help_text,
        "is_required": "on" if question.is_required else "",
        "choices": "\n".join(question.choices),
    }
