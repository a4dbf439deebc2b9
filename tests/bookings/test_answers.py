"""Questions on the booking page, judged by what is asked when it is decided, and answers wherever the booking is."""

import uuid
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.answers import Answer
from bookings.asking import Details, what_is_asked
from bookings.calendar_files import Method, booking_calendar, to_ics
from bookings.emails import MailKind, booking_mail
from bookings.models import Booking, Party
from bookings.services.booking import AskedOtherwiseError
from eventtypes.models import EventType, Host, Question
from eventtypes.services.locking import lock_host
from privatelinks.models import PrivateLink
from tests.bookings.booking_forms import START, booking_fields
from tests.bookings.calendars import read_calendar
from tests.bookings.iris_books import book_openly, book_through, uses
from tests.bookings.queries import count_queries
from tests.bookings.queued_mails import empty_queue, queued_mails
from tests.factories import BookingFactory, HostFactory, QuestionFactory
from tests.meanwhile import meanwhile

ADDRESS = "/ada/discovery-call/"
FORM = f"{ADDRESS}?start=2026-12-03T09:00:00Z"
CHANGED = "the questions have changed since you opened this page"
SCRIPT = "<script>alert(1)</script>"
ANSWERS = [
    {"question": "Which?", "kind": "choices", "answer": ["Red", "Green"]},
    {"question": "Vegetarian?", "kind": "yes_no", "answer": False},
    {"question": "Why?", "kind": "text", "answer": f"One\n{SCRIPT}"},
]

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def question(event_type: EventType) -> Question:
    return QuestionFactory(event_type=event_type, label="What for?", is_required=True)


@pytest.fixture
def answered(link: PrivateLink) -> Booking:
    """A booking with answers of each form."""
    return BookingFactory(event_type=link.event_type, starts_at=START, answers=ANSWERS)


def typed(question: Question, answer: str, **changes: str) -> dict[str, str]:
    return booking_fields(**{f"question-{question.pk}": answer} | changes)


def token_of(page: Any) -> str:
    return str(page.context["page"].form.asked.token)


# --- The page -------------------------------------------------------------------------------------------------------


def test_form_asks_the_questions_in_order(client: Client, event_type: EventType) -> None:
    QuestionFactory(event_type=event_type, label="Second?", position=1)
    QuestionFactory(event_type=event_type, label="First?", position=0, help_text="Be brief.", is_required=True)
    QuestionFactory(label="Somebody else's?")

    page = client.get(FORM).text

    assert 0 < page.index("First?") < page.index("Be brief.") < page.index("Second?") < page.index("Notes")
    assert "Somebody else" not in page


def test_picker_asks_nothing(client: Client, question: Question) -> None:
    assert "What for?" not in client.get(ADDRESS).text


@pytest.mark.parametrize(("query", "queries"), [("", 4), ("?start=2026-12-03T09:00:00Z", 5)])
def test_page_takes_one_query_for_any_number_of_questions(
    client: Client, link: PrivateLink, query: str, queries: int
) -> None:
    QuestionFactory.create_batch(20, event_type=link.event_type)
    for address in (ADDRESS, link.get_absolute_url()):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{address}{query}")

        assert count_queries(captured) == queries


def test_answers_are_stored_in_order_as_they_were_asked(client: Client, event_type: EventType) -> None:
    open_one = QuestionFactory(event_type=event_type, label="Open?")
    number = QuestionFactory(event_type=event_type, label="How many?", kind="number", position=2)
    choices = QuestionFactory(event_type=event_type, label="Which?", kind="choices", choices=["A", "B"], position=1)
    fields: dict[str, Any] = booking_fields() | {
        f"question-{open_one.pk}": "",
        f"question-{number.pk}": "3",
        f"question-{choices.pk}": ["A", "B"],
    }

    client.post(ADDRESS, fields)
    Question.objects.all().delete()

    assert Booking.objects.get().answers == [
        {"question": "Which?", "kind": "choices", "answer": ["A", "B"]},
        {"question": "How many?", "kind": "number", "answer": "3"},
    ]


@pytest.mark.parametrize("answer", ["", "  ", "\x07", "a" * 2001])
def test_answer_that_is_missing_or_wrong_is_refused_beside_the_field(
    client: Client, link: PrivateLink, question: Question, answer: str
) -> None:
    for address in (ADDRESS, link.get_absolute_url()):
        response = client.post(address, typed(question, answer))

        form = response.context["page"].form
        assert response.status_code == 422
        assert (list(form.errors), form["name"].value()) == ([f"question-{question.pk}"], "Grace Invitee")
    assert (Booking.objects.count(), uses(link)) == (0, 0)


def test_answer_to_a_question_of_another_event_type_counts_for_nothing(client: Client, event_type: EventType) -> None:
    foreign = QuestionFactory(label="Foreign?")

    response = client.post(ADDRESS, typed(foreign, "An answer"))

    assert (response.status_code, Booking.objects.get().answers) == (302, [])


# --- What is asked changes while the form is open -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "status"),
    [({"label": "What else?"}, 409), ({"is_required": False}, 409), ({"kind": "number"}, 422)],
)
def test_question_that_was_changed_is_asked_again(
    client: Client, link: PrivateLink, question: Question, change: dict[str, Any], status: int
) -> None:
    token = token_of(client.get(FORM))
    Question.objects.filter(pk=question.pk).update(**change)
    fields = typed(question, "A garden", asked_token=token)

    for address in (ADDRESS, link.get_absolute_url()):
        response = client.post(address, fields)

        assert response.status_code == status
        assert (CHANGED in response.text) is (status == 409)
        assert response.context["page"].form[f"question-{question.pk}"].value() == "A garden"
        assert response.context["page"].request_key == fields["request_key"]
    assert (Booking.objects.count(), uses(link)) == (0, 0)


def test_form_that_was_asked_again_books(client: Client, question: Question) -> None:
    token = token_of(client.get(FORM))
    Question.objects.filter(pk=question.pk).update(label="What else?")
    fields = typed(question, "A garden", asked_token=token)

    again = client.post(ADDRESS, fields)
    response = client.post(ADDRESS, fields | {"asked_token": token_of(again)})

    assert (again.status_code, response.status_code) == (409, 302)
    assert Booking.objects.get().answers == [{"question": "What else?", "kind": "line", "answer": "A garden"}]


def test_question_that_was_removed_gives_what_was_typed_back(client: Client, question: Question) -> None:
    token = token_of(client.get(FORM))
    Question.objects.filter(pk=question.pk).delete()

    response = client.post(ADDRESS, typed(question, f"A garden {SCRIPT}", asked_token=token))

    assert response.status_code == 409
    assert response.context["page"].form.answers_without_place == [f"A garden {SCRIPT}"]
    assert "A garden &lt;script&gt;" in response.text
    assert Booking.objects.count() == 0


def test_answer_that_cannot_be_chosen_any_more_is_given_back(client: Client, event_type: EventType) -> None:
    question = QuestionFactory(event_type=event_type, kind="choice", choices=["Red"])
    token = token_of(client.get(FORM))
    Question.objects.filter(pk=question.pk).update(choices=["Green"])

    response = client.post(ADDRESS, typed(question, "Red", asked_token=token))

    assert response.status_code == 422
    assert response.context["page"].form.errors == {f"question-{question.pk}": ["Please choose one of these."]}


def test_question_that_was_added_is_asked(client: Client, event_type: EventType) -> None:
    token = token_of(client.get(FORM))
    question = QuestionFactory(event_type=event_type, is_required=True)

    response = client.post(ADDRESS, booking_fields(asked_token=token))

    assert response.status_code == 422
    assert response.context["page"].form.errors == {f"question-{question.pk}": ["Please answer this."]}


@pytest.mark.parametrize("token", ["", "nonsense", "\x00", "x" * 10_000])
def test_any_token_is_no_error(client: Client, question: Question, token: str) -> None:
    response = client.post(ADDRESS, typed(question, "A garden", asked_token=token))

    assert response.status_code == (302 if not token else 409)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda event_type: QuestionFactory(event_type=event_type, label="New?", is_required=True), 422),
        (lambda event_type: QuestionFactory(event_type=event_type, label="New?"), 409),
        (lambda event_type: event_type.questions.update(label="Other?"), 409),
        (lambda event_type: event_type.questions.all().delete(), 409),
    ],
    ids=["required one added", "one added", "changed", "removed"],
)
@pytest.mark.django_db(transaction=True)
def test_questions_that_change_while_somebody_books_are_asked(
    client: Client, link: PrivateLink, change: Any, status: int
) -> None:
    """The form was in order when it came; the host's change was decided before the booking."""
    question = QuestionFactory(event_type=link.event_type, label="What for?", is_required=True)

    def change_under_lock() -> None:
        lock_host(link.event_type.host_id)
        change(link.event_type)

    with meanwhile(change_under_lock):
        response = client.post(link.get_absolute_url(), typed(question, "A garden"))

    assert (response.status_code, CHANGED in response.text) == (status, True)
    assert (Booking.objects.count(), uses(link)) == (0, 0)


def test_service_decides_by_what_is_asked_then(link: PrivateLink, question: Question) -> None:
    asked = what_is_asked(link.event_type)
    details = Details(asked, (Answer("What for?", "line", "A garden"),))

    for wrong in (Details(), Details(None, details.answers)):
        with pytest.raises(AskedOtherwiseError) as refused:
            book_through(link, details=wrong)
        assert refused.value.asked == asked
    booking = book_through(link, details=details)

    assert booking.answers == [{"question": "What for?", "kind": "line", "answer": "A garden"}]
    assert uses(link) == 1


# --- The same form again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda event_type: QuestionFactory(event_type=event_type, label="New?", is_required=True),
        lambda event_type: event_type.questions.update(kind="number"),
        lambda event_type: event_type.questions.update(label="Other?"),
        lambda event_type: event_type.questions.all().delete(),
    ],
    ids=["required one added", "of another kind", "changed", "removed"],
)
def test_form_sent_again_leads_to_its_booking_whatever_is_asked_now(
    client: Client, event_type: EventType, question: Question, change: Any
) -> None:
    fields = typed(question, "A garden", asked_token=token_of(client.get(FORM)))
    first = client.post(ADDRESS, fields)
    change(event_type)

    second = client.post(ADDRESS, fields)

    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("changes", [{"email": "other@example.com"}, {"name": ""}, {"start": "2026-12-03T10:00:00Z"}])
def test_other_form_with_a_used_key_is_asked_like_any(
    client: Client, question: Question, changes: dict[str, str]
) -> None:
    fields = typed(question, "A garden")
    client.post(ADDRESS, fields)

    second = client.post(ADDRESS, fields | {f"question-{question.pk}": ""} | changes)

    assert second.status_code == 422


def test_service_answers_the_same_request_before_it_asks(event_type: EventType) -> None:
    key = uuid.uuid4()
    booking = book_openly(event_type, request_key=key)
    QuestionFactory(event_type=event_type, is_required=True)

    assert book_openly(event_type, request_key=key) == booking


# --- Where the answers are ------------------------------------------------------------------------------------------


def test_invitee_sees_the_answers_in_order(client: Client, answered: Booking) -> None:
    for page in (f"/booking/{answered.uid}/", f"/booking/{answered.uid}/cancel/"):
        text = client.get(page).text

        assert_shows_answers(text)


def test_host_sees_the_answers_in_order(client: Client, host: Host, answered: Booking) -> None:
    client.force_login(host)

    assert_shows_answers(client.get(f"/bookings/{answered.uid}/").text)


def test_staff_see_the_answers_in_order(client: Client, answered: Booking) -> None:
    client.force_login(HostFactory(is_staff=True, is_superuser=True))

    text = client.get(f"/admin/bookings/booking/{answered.pk}/change/").text

    assert_shows_answers(text)
    assert 'name="answers"' not in text


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("party", Party)
def test_mails_say_the_answers_in_order(answered: Booking, kind: MailKind, party: Party) -> None:
    mail = booking_mail(answered, kind, party, 0).message()
    assert isinstance(mail, EmailMessage)
    text, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert text is not None
    assert html is not None

    assert f"\nWhich?\nRed, Green\n\nVegetarian?\nNo\n\nWhy?\nOne\n{SCRIPT}\n" in text.get_content()
    assert_shows_answers(html.get_content())


@pytest.mark.parametrize("party", Party)
def test_calendars_say_the_answers_in_order(answered: Booking, party: Party) -> None:
    ics = to_ics(booking_calendar(answered, Method.REQUEST, party, 0))

    description = str(read_calendar(ics).events[0]["DESCRIPTION"])

    assert f"Which?\nRed, Green\n\nVegetarian?\nNo\n\nWhy?\nOne\n{SCRIPT}" in description


@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\u2028", "\x85"])
def test_answer_becomes_no_line_of_its_own_in_a_calendar(answered: Booking, breaker: str) -> None:
    answered.answers = [
        {"question": f"Why?{breaker}ATTENDEE:x", "kind": "line", "answer": f"So{breaker}END:VEVENT"},
        {"question": "Which?", "kind": "choices", "answer": [f"A{breaker}BEGIN:VALARM"]},
    ]

    ics = to_ics(booking_calendar(answered, Method.REQUEST, Party.HOST, 0)).decode()

    lines = ics.split("\r\n")
    assert [line for line in lines if line.startswith(("END:VEVENT", "BEGIN:VALARM", "ATTENDEE:x"))] == ["END:VEVENT"]


def test_booking_queues_the_usual_mails(client: Client, question: Question) -> None:
    empty_queue()

    client.post(ADDRESS, typed(question, "A garden"))

    assert queued_mails(Booking.objects.get()) == [("confirmed", "host"), ("confirmed", "invitee")]


def assert_shows_answers(html: str) -> None:
    places = [html.index(words) for words in ("Which?", "Red, Green", "Vegetarian?", "No", "Why?", "One")]
    in_order = [html.index(words) for words in ("Which?", "Red, Green", "Vegetarian?", "Why?")]
    assert all(place > 0 for place in places)
    assert in_order == sorted(in_order)
    assert SCRIPT not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
