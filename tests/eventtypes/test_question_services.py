"""Saving the questions of an event type: exactly these in this order, and nothing over what somebody else did."""

from typing import Any

import pytest

from eventtypes.models import EventType, Question, QuestionKind
from eventtypes.services.event_types import duplicate
from eventtypes.services.questions import QuestionEdit, QuestionsChangedError, questions_version, save_questions
from tests.factories import EventTypeFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type() -> EventType:
    return EventTypeFactory()


def edit(label: str, question: Question | None = None, **values: Any) -> QuestionEdit:
    kind = values.pop("kind", QuestionKind.LINE)
    return QuestionEdit(kind=kind, label=label, question_id=None if question is None else question.pk, **values)


def save(event_type: EventType, *edits: QuestionEdit) -> None:
    save_questions(event_type=event_type, edits=edits, seen=questions_version(event_type.questions.all()))


def labels(event_type: EventType) -> list[tuple[int, str]]:
    return list(event_type.questions.values_list("position", "label"))


def test_questions_are_stored_with_all_they_are(event_type: EventType) -> None:
    save(
        event_type,
        edit("Which?", kind=QuestionKind.CHOICE, help_text="Pick.", is_required=True, choices=["A", "B"]),
        edit("Why?"),
    )

    first, second = event_type.questions.all()
    assert (first.kind, first.label, first.help_text, first.is_required, first.choices, first.position) == (
        ("choice", "Which?", "Pick.", True, ["A", "B"], 0)
    )
    assert (second.kind, second.label, second.help_text, second.is_required, second.choices, second.position) == (
        ("line", "Why?", "", False, [], 1)
    )


def test_questions_change_places_and_keep_their_ids(event_type: EventType) -> None:
    first, second, third = QuestionFactory.create_batch(3, event_type=event_type)

    save(event_type, edit("C", third), edit("New"), edit("A", first), edit("B", second))

    assert labels(event_type) == [(0, "C"), (1, "New"), (2, "A"), (3, "B")]
    ids = list(event_type.questions.values_list("pk", flat=True))
    assert [ids[0], ids[2], ids[3]] == [third.pk, first.pk, second.pk]


def test_question_that_is_left_out_is_deleted(event_type: EventType) -> None:
    first, second = QuestionFactory.create_batch(2, event_type=event_type)

    save(event_type, edit("B", second))

    assert labels(event_type) == [(0, "B")]
    assert not Question.objects.filter(pk=first.pk).exists()


def test_twenty_questions_can_all_be_others(event_type: EventType) -> None:
    QuestionFactory.create_batch(20, event_type=event_type)

    save(event_type, *(edit(str(number)) for number in range(20)))

    assert labels(event_type) == [(number, str(number)) for number in range(20)]


def test_question_that_is_gone_or_another_event_types_becomes_a_new_one(event_type: EventType) -> None:
    foreign = QuestionFactory(label="Foreign?")

    save(event_type, edit("Mine?", foreign))

    foreign.refresh_from_db()
    assert (foreign.label, labels(event_type)) == ("Foreign?", [(0, "Mine?")])


def test_same_id_twice_is_two_questions(event_type: EventType) -> None:
    question = QuestionFactory(event_type=event_type)

    save(event_type, edit("A", question), edit("B", question))

    assert labels(event_type) == [(0, "A"), (1, "B")]


@pytest.mark.parametrize(
    "change",
    [
        lambda event_type: QuestionFactory(event_type=event_type),
        lambda event_type: event_type.questions.all().delete(),
        lambda event_type: event_type.questions.update(is_required=True),
        lambda event_type: event_type.questions.update(kind="choices", choices=["A"]),
        lambda event_type: event_type.questions.update(help_text="Now with help."),
    ],
    ids=["added", "deleted", "required", "of another kind", "with help"],
)
def test_questions_that_others_changed_meanwhile_are_not_written_over(event_type: EventType, change: Any) -> None:
    question = QuestionFactory(event_type=event_type, label="Old?")
    seen = questions_version(event_type.questions.all())
    change(event_type)
    before = list(event_type.questions.values())

    with pytest.raises(QuestionsChangedError):
        save_questions(event_type=event_type, edits=[edit("New?", question)], seen=seen)

    assert list(event_type.questions.values()) == before


def test_questions_of_a_deleted_event_type_are_not_stored(event_type: EventType) -> None:
    gone = EventType.objects.get(pk=event_type.pk)
    event_type.delete()

    with pytest.raises(EventType.DoesNotExist):
        save_questions(event_type=gone, edits=[edit("Why?")], seen=questions_version([]))


def test_duplicate_asks_the_same_questions(event_type: EventType) -> None:
    QuestionFactory(event_type=event_type, label="First?", kind="choice", choices=["A"], is_required=True)
    QuestionFactory(event_type=event_type, label="Second?")

    copy = duplicate(event_type=event_type)

    assert labels(copy) == [(0, "First?"), (1, "Second?")]
    assert labels(event_type) == [(0, "First?"), (1, "Second?")]
    assert (copy.questions.all()[0].choices, copy.questions.all()[0].is_required) == (["A"], True)
