"""What the database itself refuses about questions, each rule in SQL and in the words of the model."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from eventtypes.models import Question, QuestionKind
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db

CHOICES = "A question with choices needs at least one, and no other can have any."


@pytest.mark.parametrize(
    ("values", "constraint", "message"),
    [
        ({"position": 20}, "one_of_few", "An event type can have at most 20 questions."),
        ({"kind": "essay"}, "kind_known", "Choose one of the kinds of answers."),
        ({"label": ""}, "asks_something", "Enter the question."),
        ({"kind": "choice", "choices": []}, "choices_where_needed", CHOICES),
        ({"kind": "choices", "choices": []}, "choices_where_needed", CHOICES),
        ({"kind": "line", "choices": ["A"]}, "choices_where_needed", CHOICES),
        ({"kind": "choice", "choices": [str(n) for n in range(51)]}, "choices_few", "At most 50 choices are possible."),
        ({"kind": "choice", "choices": ["A", ""]}, "choices_visible", "A choice cannot be blank."),
    ],
)
def test_question_constraint_refuses(values: dict[str, Any], constraint: str, message: str) -> None:
    question = QuestionFactory()

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Question.objects.filter(pk=question.pk).update(**values)
    for name, value in values.items():
        setattr(question, name, value)
    with pytest.raises(ValidationError) as refused:
        question.validate_constraints()

    assert caught.value.__cause__.diag.constraint_name == f"question_{constraint}"  # type: ignore[union-attr]
    assert refused.value.messages == [message]


@pytest.mark.parametrize("values", [{"label": "q" * 201}, {"help_text": "h" * 301}])
def test_question_texts_have_lengths(values: dict[str, Any]) -> None:
    question = QuestionFactory()

    with pytest.raises(DataError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(**values)


def test_question_position_unique_per_event_type() -> None:
    first = QuestionFactory()
    second = QuestionFactory(event_type=first.event_type)
    QuestionFactory(position=0)

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Question.objects.filter(pk=second.pk).update(position=0)

    assert caught.value.__cause__.diag.constraint_name == "question_position_unique_per_event_type"  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", QuestionKind.values)
def test_question_constraints_admit_every_kind(kind: str) -> None:
    choices = ["A", "B"] if kind in ("choice", "choices") else []
    question = QuestionFactory(kind=kind, choices=choices, position=19)

    question.full_clean()
