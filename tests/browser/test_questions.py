"""Asking questions and answering them, with JavaScript and without."""

from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from eventtypes.models import EventType, Question
from tests.browser.conftest import OpenPage
from tests.browser.javascript import WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
from tests.browser.logging_in import log_in
from tests.factories import EventTypeFactory, HostFactory, QuestionFactory, ScheduleFactory

EVERY_DAY = [(weekday, time(0), time(0)) for weekday in range(7)]


@pytest.fixture
def event_type(transactional_db: None) -> EventType:
    """An event type that is open at all times."""
    host = HostFactory.create(username="ada", name="Ada Host")
    schedule = ScheduleFactory.create(host=host, rules=EVERY_DAY)
    event_type: EventType = EventTypeFactory.create(
        host=host, schedule=schedule, title="Discovery call", slug="discovery-call"
    )
    return event_type


def details_form() -> str:
    """Return the address of the form for a time two days ahead."""
    start = (datetime.now(UTC) + timedelta(days=2)).replace(hour=9, minute=0)
    return f"/ada/discovery-call/?tz=Europe/Berlin&start={start:%Y-%m-%dT%H:%MZ}"


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_host_asks_and_invitee_answers(
    open_page: OpenPage, event_type: EventType, site: str, *, javascript: bool
) -> None:
    page = open_page(java_script_enabled=javascript)
    log_in(page, event_type.host, site)

    page.goto(f"/event-types/{event_type.pk}/setup/")
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("button", name="Add a question").click()
    first = page.get_by_role("group", name="Question 1", exact=True)
    expect(first.get_by_label("Question", exact=True)).to_be_focused()
    expect(first.get_by_label("Choices")).to_be_hidden()
    first.get_by_label("Question", exact=True).fill("What is it about?")
    page.get_by_role("button", name="Add a question").click()
    second = page.get_by_role("group", name="Question 2", exact=True)
    second.get_by_label("Question", exact=True).fill("Which garden?")
    second.get_by_label("Answer", exact=True).select_option("Several choices")
    second.get_by_label("Choices").fill("Front\nBack")
    second.get_by_label("An answer is required").check()
    page.get_by_role("button", name="Move question 2 up").click()
    expect(first.get_by_label("Question", exact=True)).to_have_value("Which garden?")
    assert Question.objects.count() == 0
    page.locator(".save-bar").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.goto(details_form())
    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail address").fill("iris@example.com")
    page.get_by_label("What is it about?").fill("Roses")
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_role("group", name="Which garden?").get_by_text("Please answer this.")).to_be_visible()
    expect(page.get_by_label("What is it about?")).to_have_value("Roses")
    page.get_by_label("Front").check()
    page.get_by_label("Back").check()
    page.get_by_role("button", name="Book").click()

    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    expect(page.get_by_text("Front, Back")).to_be_visible()
    assert [each.words for each in Booking.objects.get().answers_given] == ["Front, Back", "Roses"]


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_question_that_becomes_required_while_the_form_is_open_is_asked(
    open_page: OpenPage, event_type: EventType, *, javascript: bool
) -> None:
    question = QuestionFactory(event_type=event_type, label="Which garden?")
    page = open_page(java_script_enabled=javascript)
    page.goto(details_form())
    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail address").fill("iris@example.com")
    Question.objects.filter(pk=question.pk).update(is_required=True)

    page.get_by_role("button", name="Book").click()
    expect(page.get_by_text("Please answer this.", exact=True)).to_be_visible()
    page.get_by_label("Which garden?").fill("The front one")
    page.get_by_role("button", name="Book").click()

    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    assert Booking.objects.get().invitee_name == "Iris Invitee"


@WITH_AND_IN_FULL_WITHOUT_JAVASCRIPT
def test_host_lets_invitees_bring_guests(
    open_page: OpenPage, event_type: EventType, site: str, *, javascript: bool
) -> None:
    page = open_page(java_script_enabled=javascript)
    log_in(page, event_type.host, site)
    page.goto(f"/event-types/{event_type.pk}/questions/")
    page.get_by_label("Invitees may add guests").check()
    page.locator(".save-bar").get_by_role("button", name="Save").click()
    expect(page.get_by_label("Invitees may add guests")).to_be_checked()

    page.goto(details_form())
    page.get_by_label("Your name").fill("Iris Invitee")
    page.get_by_label("E-mail address").fill("iris@example.com")
    page.get_by_label("Guests").fill("bo@example.com, cy")
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_text("“cy” is not a valid e-mail address.", exact=True)).to_be_visible()
    page.get_by_label("Guests").fill("bo@example.com\ncy@example.com")
    page.get_by_role("button", name="Book").click()

    expect(page.get_by_role("definition").filter(has_text="bo@example.com")).to_have_text(
        "bo@example.comcy@example.com"
    )
    assert Booking.objects.get().guests == ["bo@example.com", "cy@example.com"]


def test_moving_a_question_keeps_the_focus_and_what_is_typed(
    open_page: OpenPage, event_type: EventType, site: str
) -> None:
    for label in "ABC":
        QuestionFactory(event_type=event_type, label=label)
    page = open_page()
    log_in(page, event_type.host, site)
    page.goto(f"/event-types/{event_type.pk}/questions/")
    labels = page.get_by_label("Question", exact=True)
    labels.nth(2).fill("Typed")

    for place, order in ((1, ["B", "A", "Typed"]), (2, ["B", "Typed", "A"])):
        page.get_by_role("button", name=f"Move question {place} down").press("Enter")
        for at, label in enumerate(order):
            expect(labels.nth(at)).to_have_value(label)
        expect(page.get_by_role("button", name=f"Move question {place + 1} down")).to_be_focused()

    expect(page.get_by_text("You have unsaved changes.")).to_be_visible()


def test_conflict_shows_both_and_marks_nothing_as_saved(open_page: OpenPage, event_type: EventType, site: str) -> None:
    page = open_page()
    log_in(page, event_type.host, site)
    page.goto(f"/event-types/{event_type.pk}/questions/")
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill("From here?")
    QuestionFactory(event_type=event_type, label="From elsewhere?")

    page.locator(".save-bar").get_by_role("button", name="Save").click()

    expect(page.get_by_text("The questions were changed meanwhile")).to_be_visible()
    expect(page.get_by_label("Question", exact=True).nth(0)).to_have_value("From here?")
    expect(page.get_by_label("Question", exact=True).nth(1)).to_have_value("From elsewhere?")


def test_long_words_of_a_question_stay_on_the_smallest_phone(open_page: OpenPage, event_type: EventType) -> None:
    for kind in ("line", "choice", "choices"):
        choices = [] if kind == "line" else ["C" * 100]
        QuestionFactory(
            event_type=event_type,
            kind=kind,
            choices=choices,
            label="Q" * 200,
            help_text="H" * 300,
            is_required=True,
        )
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(details_form())
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_text("Please check this")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
