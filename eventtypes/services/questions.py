"""What a host does with an event type's questions: they are saved as a whole, in their order.

It is one transaction that holds the host's row, like every booking: who books is asked either the former questions or
the new ones.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from eventtypes.models import EventType, Question, QuestionKind
from eventtypes.services.locking import lock_host

FIELDS = ["kind", "label", "help_text", "is_required", "choices"]


class QuestionsChangedError(Exception):
    """Somebody else has changed the questions since they were read."""


@dataclass(frozen=True, slots=True)
class QuestionEdit:
    """A question as it is to be. One without an id, or with that of a question that is gone, is new."""

    kind: QuestionKind
    label: str
    help_text: str = ""
    is_required: bool = False
    choices: list[str] = field(default_factory=list)
    question_id: int | None = None


def questions_version(questions: Iterable[Question], *, allows_guests: bool = False) -> str:
    """Return a short text that tells what the tab says, the questions and their order, from anything else."""
    asked = [[question.pk, *(getattr(question, name) for name in FIELDS)] for question in questions]
    contents = [allows_guests, asked]
    return hashlib.sha256(json.dumps(contents).encode()).hexdigest()[:16]


@transaction.atomic
def save_questions(
    *, event_type: EventType, edits: Sequence[QuestionEdit], seen: str, allows_guests: bool | None = None
) -> None:
    """Let the event type ask exactly these questions in this order; `seen` is the version that the edits are based on.

    Whether guests are allowed stays as it is if that is None.

    Raises:
        QuestionsChangedError: The questions are no longer those that were seen. Nothing is stored.
        EventType.DoesNotExist: The event type has been deleted.
    """
    lock_host(event_type.host_id)
    event_type = EventType.objects.get(pk=event_type.pk)
    stored = list(event_type.questions.all())
    if questions_version(stored, allows_guests=event_type.allows_guests) != seen:
        raise QuestionsChangedError
    _store(event_type, stored, edits)
    if allows_guests is not None:
        event_type.allows_guests = allows_guests
        event_type.save(update_fields=["allows_guests"])


def copy_questions(questions: Iterable[Question], event_type: EventType) -> None:
    """Let an event type that has no questions yet ask these, too."""
    copies = list(questions)
    for copy in copies:
        copy.pk, copy.event_type = None, event_type
    Question.objects.bulk_create(copies)


def _store(event_type: EventType, stored: list[Question], edits: Sequence[QuestionEdit]) -> None:
    """Write what is to be over what is stored: a question that stays keeps its id, which open booking forms name."""
    left = {question.pk: question for question in stored}
    asked = []
    for position, edit in enumerate(edits):
        known = left.pop(edit.question_id, None) if edit.question_id else None
        question = known or Question(event_type=event_type)
        question.position = position
        for name in FIELDS:
            setattr(question, name, getattr(edit, name))
        asked.append(question)
    Question.objects.filter(pk__in=left).delete()
    Question.objects.bulk_update([each for each in asked if each.pk], [*FIELDS, "position"])
    Question.objects.bulk_create([each for each in asked if not each.pk])
