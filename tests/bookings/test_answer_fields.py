"""The questions as fields of the booking form: what each kind takes and stores, and what it says about the rest."""

from typing import Any

import pytest
from django.forms import RadioSelect, Select
from django.http import QueryDict

from bookings.asking import Asked, AskedQuestion, Details
from bookings.forms.booking import BookingForm
from tests.bookings.booking_forms import booking_fields

CONTROL = "Please leave out control characters."
LINE_CONTROL = "Please leave out line breaks and other control characters."
NULL = "Null characters are not allowed."
NUMBER = "Please enter a number, such as 12 or 1.5."
PHONE = "Please enter a phone number, such as +44 20 7946 0000."
ANSWER = "Please answer this."
CHOOSE = "Please choose one of these."
TOO_LONG = "Use at most 2000 characters; this has 2001."


def asking(kind: str, *, is_required: bool = False, choices: tuple[str, ...] = ()) -> Asked:
    if kind in ("choice", "choices") and not choices:
        choices = ("Red", "Green, dark")
    return Asked((AskedQuestion(7, kind, "Which?", "Help.", is_required, choices),))


def form_for(asked: Asked, *typed: str, **changes: str) -> BookingForm:
    data = QueryDict(mutable=True)
    data.update(booking_fields(**changes))
    data.setlist("question-7", list(typed))
    return BookingForm(data, asked=asked)


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("line", ["  A word  "], "A word"),
        ("line", ["a" * 2000], "a" * 2000),
        ("line", ["=HYPERLINK(1)"], "=HYPERLINK(1)"),
        ("text", ["One\r\ntwo\tthree"], "One\ntwo\tthree"),
        ("text", ["a\r\n" * 999], "\n".join(["a"] * 999)),
        ("choice", ["Green, dark"], "Green, dark"),
        ("choices", ["Green, dark", "Red"], ["Green, dark", "Red"]),
        ("yes_no", ["yes"], True),
        ("yes_no", ["no"], False),
        ("phone", [" +49 (30)  123-45 "], "+49 (30) 123-45"),
        ("phone", ["12345"], "12345"),
        ("phone", ["1" * 20], "1" * 20),
        ("number", ["-1,5"], "-1,5"),
        ("number", ["0"], "0"),
        ("number", ["9" * 20], "9" * 20),
    ],
)
def test_answer_is_taken(kind: str, typed: list[str], answer: Any) -> None:
    form = form_for(asking(kind, is_required=True), *typed)

    assert form.is_valid(), form.errors
    assert [(each.question, each.kind, each.answer) for each in form.details.answers] == [("Which?", kind, answer)]


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("line", "a\x07", LINE_CONTROL),
        ("line", "a\nb", LINE_CONTROL),
        ("line", "a\u202eb", LINE_CONTROL),
        ("line", "a\x00", NULL),
        ("line", "a" * 2001, TOO_LONG),
        ("text", "a\x07", CONTROL),
        ("text", "a\x00", NULL),
        ("text", "a" * 2001, TOO_LONG),
        ("choice", "Blue", CHOOSE),
        ("choices", "Blue", CHOOSE),
        ("choices", "\x00", CHOOSE),
        ("yes_no", "maybe", CHOOSE),
        ("phone", "1234", PHONE),
        ("phone", "1" * 21, PHONE),
        ("phone", "call me", PHONE),
        ("phone", "١٢٣٤٥", PHONE),
        ("phone", "(" * 36 + "12345", "Use at most 40 characters; this has 41."),
        ("number", "1e5", NUMBER),
        ("number", "NaN", NUMBER),
        ("number", "Infinity", NUMBER),
        ("number", "1_000", NUMBER),
        ("number", "١٢", NUMBER),
        ("number", "9" * 21, NUMBER),
        ("number", "1.", NUMBER),
    ],
)
def test_answer_that_is_none_is_refused_beside_its_field(kind: str, typed: str, message: str) -> None:
    form = form_for(asking(kind), typed)

    assert message in form.errors["question-7"]
    assert list(form.errors) == ["question-7"]


@pytest.mark.parametrize("kind", ["line", "text", "choice", "choices", "yes_no", "phone", "number"])
def test_required_question_must_be_answered(kind: str) -> None:
    missing, blank = form_for(asking(kind, is_required=True)), form_for(asking(kind, is_required=True), "")

    assert missing.errors == {"question-7": [ANSWER]}
    assert "question-7" in blank.errors


@pytest.mark.parametrize("kind", ["line", "text", "choice", "choices", "yes_no", "phone", "number"])
def test_other_question_may_stay_open(kind: str) -> None:
    form = form_for(asking(kind))

    assert form.is_valid()
    assert form.details.answers == ()


def test_questions_come_in_the_hosts_order_before_the_notes() -> None:
    questions = tuple(AskedQuestion(pk, "line", f"Question {pk}?", "", False, ()) for pk in (9, 3, 5))  # noqa: FBT003

    form = BookingForm(asked=Asked(questions))

    assert [field.name for field in form.answer_fields] == ["question-9", "question-3", "question-5"]
    assert [field.name for field in form.visible_fields()][2:] == ["question-9", "question-3", "question-5", "notes"]


def test_question_says_its_help() -> None:
    field = BookingForm(asked=asking("line")).answer_fields[0]

    assert (field.label, field.help_text) == ("Which?", "Help.")


@pytest.mark.parametrize(
    ("number", "is_required", "widget", "first"),
    [
        (7, True, RadioSelect, "1"),
        (7, False, RadioSelect, "No answer"),
        (8, True, Select, "Please choose"),
        (8, False, Select, "No answer"),
    ],
)
def test_many_choices_are_a_list_and_an_answer_can_be_taken_back(
    number: int, is_required: bool, widget: type, first: str
) -> None:
    choices = tuple(str(each) for each in range(1, number + 1))

    field = BookingForm(asked=asking("choice", is_required=is_required, choices=choices)).answer_fields[0]

    assert type(field.field.widget) is widget
    assert str(field.subwidgets[0].data["label"]) == first


def test_form_shown_with_these_questions_was_judged_by_them() -> None:
    asked = asking("line")

    assert form_details(asked, asked_token=asked.token).asked == asked
    assert form_details(asked).asked == asked
    assert form_details(asked, asked_token=Asked().token).asked is None
    assert form_details(asked, asked_token="\u2028nonsense").asked is None


@pytest.mark.parametrize(
    "other",
    [
        Asked(),
        Asked((AskedQuestion(8, "line", "Which?", "Help.", False, ()),)),  # noqa: FBT003
        Asked((AskedQuestion(7, "text", "Which?", "Help.", False, ()),)),  # noqa: FBT003
        Asked((AskedQuestion(7, "line", "What?", "Help.", False, ()),)),  # noqa: FBT003
        Asked((AskedQuestion(7, "line", "Which?", "", False, ()),)),  # noqa: FBT003
        Asked((AskedQuestion(7, "line", "Which?", "Help.", True, ()),)),  # noqa: FBT003
        Asked((AskedQuestion(7, "choice", "Which?", "Help.", False, ("A",)),)),  # noqa: FBT003
        Asked((AskedQuestion(7, "choice", "Which?", "Help.", False, ("B",)),)),  # noqa: FBT003
    ],
    ids=["nothing", "id", "kind", "label", "help", "required", "choices", "other choices"],
)
def test_token_tells_what_is_asked_from_anything_else(other: Asked) -> None:
    assert other.token != asking("line").token
    assert other != asking("line")


def form_details(asked: Asked, **changes: str) -> Details:
    form = form_for(asked, "An answer", **changes)
    assert form.is_valid(), form.errors
    return form.details
