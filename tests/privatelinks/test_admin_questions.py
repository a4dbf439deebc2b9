"""An event type's questions in the admin: in order, under the same rules, and never more than what was changed."""

from typing import Any

import pytest
from django.test import Client

from eventtypes.models import EventType, Question
from tests.factories import EventTypeFactory, HostFactory, QuestionFactory
from tests.privatelinks.admin_pages import EVENT_TYPES, errors_of, fields_of

NEW = {"questions-TOTAL_FORMS": "2", "questions-1-kind": "line", "questions-1-label": "Second?"}


@pytest.fixture
def staff_client(client: Client, db: None) -> Client:
    client.force_login(HostFactory.create(username="staff", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def question(db: None) -> Question:
    return QuestionFactory(label="First?", kind="choice", choices=["A", "B, or C"])


def page_of(event_type: EventType) -> str:
    return f"{EVENT_TYPES}{event_type.pk}/change/"


def questions(event_type: EventType) -> list[tuple[Any, ...]]:
    return list(event_type.questions.values_list("label", "kind", "choices", "position"))


def test_page_saved_untouched_changes_nothing(staff_client: Client, question: Question) -> None:
    before = list(Question.objects.values())
    page = page_of(question.event_type)

    response = staff_client.post(page, fields_of(staff_client.get(page)))

    assert (response.status_code, list(Question.objects.values())) == (302, before)


def test_question_is_added_behind_the_others(staff_client: Client, question: Question) -> None:
    page = page_of(question.event_type)

    response = staff_client.post(page, fields_of(staff_client.get(page)) | NEW)

    assert (response.status_code, questions(question.event_type)) == (
        302,
        [("First?", "choice", ["A", "B, or C"], 0), ("Second?", "line", [], 1)],
    )


def test_question_is_changed(staff_client: Client, question: Question) -> None:
    page = page_of(question.event_type)
    typed = {"questions-0-choices": "One\r\nTwo", "questions-0-is_required": "on"}

    staff_client.post(page, fields_of(staff_client.get(page)) | typed)

    question.refresh_from_db()
    assert (question.choices, question.is_required, question.label) == (["One", "Two"], True, "First?")


def test_question_is_deleted_and_the_others_move_up(staff_client: Client, question: Question) -> None:
    QuestionFactory(event_type=question.event_type, label="Second?")
    page = page_of(question.event_type)

    staff_client.post(page, fields_of(staff_client.get(page)) | {"questions-0-DELETE": "on"})

    assert questions(question.event_type) == [("Second?", "line", [], 0)]


def test_page_left_open_takes_nothing_back(staff_client: Client, question: Question) -> None:
    page = page_of(question.event_type)
    fields = fields_of(staff_client.get(page))
    Question.objects.filter(pk=question.pk).update(label="Changed meanwhile?", choices=["C"])
    QuestionFactory(event_type=question.event_type, label="Added meanwhile?")

    staff_client.post(page, fields | {"questions-0-help_text": "Help."})

    question.refresh_from_db()
    assert question.help_text == "Help."
    assert questions(question.event_type) == [
        ("Changed meanwhile?", "choice", ["C"], 0),
        ("Added meanwhile?", "line", [], 1),
    ]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"questions-0-choices": ""}, ["A question with choices needs at least one, and no other can have any."]),
        (
            {"questions-0-kind": "line"},
            ["A question with choices needs at least one, and no other can have any."],
        ),
        ({"questions-0-choices": "A\nA"}, ["Name each choice once."]),
        ({"questions-0-label": ""}, ["This field is required."]),
    ],
)
def test_question_that_is_not_in_order_is_refused_in_words(
    staff_client: Client, question: Question, typed: dict[str, str], errors: list[str]
) -> None:
    page = page_of(question.event_type)

    response = staff_client.post(page, fields_of(staff_client.get(page)) | typed)

    assert (response.status_code, errors_of(response)) == (200, errors)


def test_more_questions_than_possible_are_refused(staff_client: Client) -> None:
    event_type = EventTypeFactory()
    rows = {f"questions-{n}-{part}": text for n in range(21) for part, text in (("label", f"{n}?"), ("kind", "line"))}

    response = staff_client.post(
        page_of(event_type), fields_of(staff_client.get(page_of(event_type))) | rows | {"questions-TOTAL_FORMS": "21"}
    )

    assert response.status_code == 200
    assert event_type.questions.count() == 0


def test_new_event_type_is_added_with_its_questions(staff_client: Client) -> None:
    other = EventTypeFactory()
    fields = fields_of(staff_client.get(f"{EVENT_TYPES}add/")) | {
        "host": other.host_id,
        "schedule": other.schedule_id,
        "title": "New",
        "slug": "new",
        "questions-TOTAL_FORMS": "1",
        "questions-0-label": "Why?",
        "questions-0-kind": "text",
    }

    response = staff_client.post(f"{EVENT_TYPES}add/", fields)

    assert response.status_code == 302
    assert questions(EventType.objects.get(slug="new")) == [("Why?", "text", [], 0)]
