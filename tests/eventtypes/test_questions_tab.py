"""The Questions tab: questions come, move and go before anything is stored, and Save stores all of it or nothing."""

from typing import Any

import pytest
from django.test import Client

from eventtypes.forms.questions import QuestionsEditor
from eventtypes.models import EventType, Host, Question
from eventtypes.services.questions import questions_version
from tests.factories import EventTypeFactory, QuestionFactory

NULL = "Null characters are not allowed."


@pytest.fixture
def event_type(host: Host) -> EventType:
    return EventTypeFactory(host=host)


@pytest.fixture
def path(event_type: EventType) -> str:
    return f"/event-types/{event_type.pk}/questions/"


def typed(*rows: dict[str, Any], seen: str | None = None) -> dict[str, str]:
    """Return the fields of the tab with these questions, based on there being none."""
    fields = {"seen": questions_version([]) if seen is None else seen}
    for place, row in enumerate(rows):
        fields |= {f"question-{place}-{part}": text for part, text in ({"kind": "line"} | row).items()}
    return fields


def shown(editor: QuestionsEditor) -> list[str]:
    return [form["label"].value() for form in editor.questions]


def stored(event_type: EventType) -> list[str]:
    return list(event_type.questions.values_list("label", flat=True))


def errors(editor: QuestionsEditor) -> list[dict[str, list[str]]]:
    return [{name: list(map(str, messages)) for name, messages in form.errors.items()} for form in editor.questions]


def test_tab_without_questions_says_what_to_do(host_client: Client, path: str) -> None:
    page = host_client.get(path).text

    assert "No questions yet" in page
    assert "Add a question" in page


def test_tab_shows_what_is_stored_in_order(host_client: Client, event_type: EventType, path: str) -> None:
    QuestionFactory(event_type=event_type, label="Second?", position=1)
    QuestionFactory(
        event_type=event_type, label="First?", position=0, kind="choice", choices=["A", "B"], is_required=True
    )

    editor = host_client.get(path).context["editor"]

    assert shown(editor) == ["First?", "Second?"]
    assert [editor.questions[0][part].value() for part in ("kind", "choices", "is_required")] == [
        "choice",
        "A\nB",
        "on",
    ]


def test_save_stores_the_questions(host_client: Client, event_type: EventType, path: str) -> None:
    rows = [
        {"label": "  What  for? ", "help_text": "A word\nor two.", "is_required": "on"},
        {"label": "Which?", "kind": "choices", "choices": "One\r\n\r\n  Two  words \r\n"},
        {"label": "Left over?", "kind": "number", "choices": "x\nx"},
    ]

    answer = host_client.post(path, typed(*rows))

    questions = event_type.questions.all()
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert [(each.label, each.kind, each.help_text, each.is_required, each.choices) for each in questions] == [
        ("What for?", "line", "A word or two.", True, []),
        ("Which?", "choices", "", False, ["One", "Two words"]),
        ("Left over?", "number", "", False, []),
    ]


def test_saved_again_untouched_nothing_changes(host_client: Client, event_type: EventType, path: str) -> None:
    QuestionFactory(event_type=event_type, kind="choice", choices=["A", "B"], is_required=True, help_text="Help.")
    before = list(event_type.questions.values())
    page = host_client.get(path)
    fields = page.context["editor"].draft.fields() | {"seen": page.context["seen"]}

    answer = host_client.post(path, fields)

    assert (answer.status_code, list(event_type.questions.values())) == (302, before)


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ({"label": " "}, {"label": ["Enter the question, or remove it."]}),
        ({"label": "q" * 201}, {"label": ["Use at most 200 characters; this has 201."]}),
        ({"label": "a\x00"}, {"label": [NULL]}),
        ({"label": "Why?", "help_text": "h" * 301}, {"help_text": ["Use at most 300 characters; this has 301."]}),
        ({"label": "Why?", "kind": "essay"}, {"kind": ["Choose one of the kinds of answers."]}),
        ({"label": "Why?", "kind": ""}, {"kind": ["Choose one of the kinds of answers."]}),
        ({"label": "Why?", "kind": "choice", "choices": " \n"}, {"choices": ["Enter at least one choice."]}),
        ({"label": "Why?", "kind": "choices"}, {"choices": ["Enter at least one choice."]}),
        ({"label": "Why?", "kind": "choice", "choices": "A\nA"}, {"choices": ["Name each choice once."]}),
        ({"label": "Why?", "kind": "choice", "choices": "A\x00"}, {"choices": [NULL]}),
        (
            {"label": "Why?", "kind": "choice", "choices": "c" * 101},
            {"choices": ["Use at most 100 characters for each choice."]},
        ),
        (
            {"label": "Why?", "kind": "choice", "choices": "\n".join(map(str, range(51)))},
            {"choices": ["At most 50 choices are possible."]},
        ),
    ],
)
def test_question_that_is_not_in_order_is_refused_beside_the_field(
    host_client: Client, event_type: EventType, path: str, row: dict[str, str], refusal: dict[str, list[str]]
) -> None:
    answer = host_client.post(path, typed({"label": "Fine?"}, row))

    assert (answer.status_code, errors(answer.context["editor"])) == (422, [{}, refusal])
    assert shown(answer.context["editor"]) == ["Fine?", row["label"]]
    assert stored(event_type) == []


def test_more_questions_than_possible_are_refused(host_client: Client, event_type: EventType, path: str) -> None:
    answer = host_client.post(path, typed(*({"label": f"{number}?"} for number in range(21))))

    assert answer.status_code == 422
    assert "An event type can have at most 20 questions. Remove some." in answer.text
    assert stored(event_type) == []


@pytest.mark.parametrize(
    ("action", "labels", "focus"),
    [
        ("add", ["A", "B", "C", ""], "id_question-3-label"),
        ("up question-2", ["A", "C", "B"], "up-question-1"),
        ("down question-0", ["B", "A", "C"], "down-question-1"),
        ("up question-0", ["A", "B", "C"], ""),
        ("down question-2", ["A", "B", "C"], ""),
        ("remove question-1", ["A", "C"], "add-question"),
        ("remove question-9", ["A", "B", "C"], ""),
        ("nonsense", ["A", "B", "C"], ""),
    ],
)
def test_button_changes_what_is_typed_and_stores_nothing(
    host_client: Client, event_type: EventType, action: str, labels: list[str], focus: str
) -> None:
    fields = typed(*({"label": label} for label in "ABC"), seen="seen before")

    answer = host_client.post(f"/event-types/{event_type.pk}/questions/", fields | {"action": action})

    assert (answer.status_code, shown(answer.context["editor"])) == (200, labels)
    assert (answer.context["editor"].draft.focus, answer.context["seen"]) == (focus, "seen before")
    assert stored(event_type) == []


def test_removed_question_is_deleted_on_save(host_client: Client, event_type: EventType, path: str) -> None:
    kept, _removed = QuestionFactory.create_batch(2, event_type=event_type)
    page = host_client.get(path)
    fields = page.context["editor"].draft.fields() | {"seen": page.context["seen"]}

    after = host_client.post(path, fields | {"action": "remove question-1"})
    host_client.post(path, after.context["editor"].draft.fields() | {"seen": after.context["seen"]})

    assert list(event_type.questions.all()) == [kept]


@pytest.mark.parametrize("is_allowed", [True, False])
def test_guests_are_allowed_or_not(host_client: Client, event_type: EventType, path: str, *, is_allowed: bool) -> None:
    EventType.objects.update(allows_guests=not is_allowed)
    seen = host_client.get(path).context["seen"]
    fields = typed({"label": "Why?"}, seen=seen) | ({"allows_guests": "on"} if is_allowed else {})

    after = host_client.post(path, fields | {"action": "add"})
    host_client.post(path, fields)

    event_type.refresh_from_db()
    assert bool(after.context["editor"].guests["allows_guests"].value()) is is_allowed
    assert event_type.allows_guests is is_allowed


def test_guests_that_were_allowed_meanwhile_are_no_longer_what_was_seen(
    host_client: Client, event_type: EventType, path: str
) -> None:
    seen = host_client.get(path).context["seen"]
    EventType.objects.update(allows_guests=True)

    answer = host_client.post(path, typed(seen=seen))
    again = host_client.post(path, typed(seen=answer.context["seen"]))

    event_type.refresh_from_db()
    assert (answer.status_code, again.status_code, event_type.allows_guests) == (409, 302, False)


def test_second_window_does_not_write_over_the_first(host_client: Client, event_type: EventType, path: str) -> None:
    QuestionFactory(event_type=event_type, label="From the other window?")

    answer = host_client.post(path, typed({"label": "From this one?"}))

    assert answer.status_code == 409
    assert shown(answer.context["editor"]) == ["From this one?", "From the other window?"]
    assert "The questions were changed meanwhile" in answer.text
    assert stored(event_type) == ["From the other window?"]

    again = answer.context["editor"].draft.fields() | {"seen": answer.context["seen"]}
    assert host_client.post(path, again).status_code == 302
    assert stored(event_type) == ["From this one?", "From the other window?"]


@pytest.mark.parametrize("typed_id", ["x", "-1", "9" * 30, "²", ""])
def test_id_that_is_none_is_a_new_question(
    host_client: Client, event_type: EventType, path: str, typed_id: str
) -> None:
    answer = host_client.post(path, typed({"label": "Why?", "id": typed_id}))

    assert (answer.status_code, stored(event_type)) == (302, ["Why?"])


def test_question_of_another_host_is_out_of_reach(host_client: Client, event_type: EventType, path: str) -> None:
    foreign = QuestionFactory(label="Foreign?")

    host_client.post(path, typed({"label": "Mine?", "id": str(foreign.pk)}))

    foreign.refresh_from_db()
    assert (foreign.label, stored(event_type)) == ("Foreign?", ["Mine?"])


def test_texts_are_texts(host_client: Client, event_type: EventType, path: str) -> None:
    host_client.post(path, typed({"label": "<script>x</script>", "help_text": "</textarea><b>"}))

    page = host_client.get(path).text

    assert Question.objects.get().label == "<script>x</script>"
    assert "<script>x" not in page
    assert "</textarea><b>" not in page
