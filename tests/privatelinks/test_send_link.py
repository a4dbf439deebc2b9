"""Sending a link by mail: who may be sent what, and that one form sends one mail."""

import uuid
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException
from pytest_django import Settings

from eventtypes.models import EventType
from eventtypes.rates import Rate
from eventtypes.services.rate_limits import TooOftenError
from privatelinks.models import LinkEvent, LinkEventKind, PrivateLink
from privatelinks.services.links import delete_links, replace_hash
from privatelinks.services.sending import send_link
from privatelinks.tasks import send_link_mail
from tests.factories import PrivateLinkFactory
from tests.mailing_site import _site
from tests.privatelinks.forms_of_a_page import fields_of
from tests.privatelinks.link_to_send import link

__all__ = ["_site", "link"]

SEND_BUTTON = '<button class="button button-primary">'

NO_ADDRESS = "Enter an e-mail address such as name@example.com."

pytestmark = pytest.mark.django_db


def url_of(link: PrivateLink) -> str:
    return f"/private-links/{link.pk}/send/"


def filled_in(client: Client, link: PrivateLink, **typed: str) -> dict[str, str]:
    """Return the fields of the page as they are sent with what was typed."""
    page = client.get(url_of(link))
    return fields_of(page.text, having="recipient") | {"text": page.context["form"]["text"].value()} | typed


def send(client: Client, link: PrivateLink, **typed: str) -> Any:
    return client.post(url_of(link), filled_in(client, link, **typed))


def send_to(link: PrivateLink, recipient: str, text: str = "Hello", request_key: uuid.UUID | None = None) -> None:
    send_link(link=link, recipient=recipient, text=text, request_key=request_key or uuid.uuid4())


def jobs() -> list[dict[str, Any]]:
    """Return what the jobs are called with that wait to send a link."""
    queued = ProcrastinateJob.objects.filter(task_name=send_link_mail.name, status="todo")
    return [job.args for job in queued.order_by("pk")]


def sent_to() -> list[str]:
    """Return whom the histories say links were sent to."""
    events = LinkEvent.objects.filter(kind=LinkEventKind.SENT)
    return list(events.order_by("pk").values_list("recipient", flat=True))


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    return dict(response.context["form"].errors)


# --- The job ---------------------------------------------------------------------------------------------------------


def test_job_sends_the_url_that_the_link_has_by_then(
    link: PrivateLink, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    send_to(link, "iris@example.com")
    fresh = replace_hash(link=link)

    for job in jobs() * 2:
        send_link_mail(**job)

    assert [mail.to for mail in mailoutbox] == [["iris@example.com"]] * 2
    assert [f"/d/{fresh.hash}/" in str(mail.body) for mail in mailoutbox] == [True, True]
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 1


def test_job_of_a_link_that_is_deleted_ends_without_a_mail(
    link: PrivateLink, mailoutbox: list[EmailMultiAlternatives]
) -> None:
    send_to(link, "iris@example.com")
    delete_links(links=[link])

    for job in jobs():
        send_link_mail(**job)

    assert len(jobs()) == 1
    assert mailoutbox == []


def test_job_holds_neither_url_nor_recipient_nor_text(link: PrivateLink) -> None:
    send_to(link, "iris@example.com", "Something private")

    (job,) = jobs()
    assert sorted(job) == ["link_id", "sealed"]
    assert [word in str(job) for word in (link.hash, "iris", "private")] == [False] * 3


def test_mail_that_cannot_be_queued_leaves_no_trace_in_the_history(link: PrivateLink) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs ADD CHECK (queue_name <> 'mail') NOT VALID")

    with pytest.raises(ConnectorException):
        send_to(link, "iris@example.com")

    assert sent_to() == []


# --- One form, one mail ----------------------------------------------------------------------------------------------


def test_same_form_sends_one_mail(host_client: Client, link: PrivateLink) -> None:
    fields = filled_in(host_client, link)

    answers = [host_client.post(url_of(link), fields) for _ in range(3)]

    assert [answer.headers["Location"] for answer in answers] == [f"/private-links/{link.pk}/"] * 3
    assert (sent_to(), len(jobs())) == (["iris@example.com"], 1)


@pytest.mark.parametrize("typed", [{"recipient": "ian@example.com"}, {"text": "A better text"}])
def test_form_that_was_changed_in_the_browsers_history_sends_another_mail(
    host_client: Client, link: PrivateLink, typed: dict[str, str]
) -> None:
    fields = filled_in(host_client, link)

    host_client.post(url_of(link), fields)
    host_client.post(url_of(link), fields | typed)

    assert len(sent_to()) == len(jobs()) == 2


def test_page_opened_anew_sends_another_mail(host_client: Client, link: PrivateLink) -> None:
    send(host_client, link)
    send(host_client, link)

    assert sent_to() == ["iris@example.com"] * 2


def test_form_sent_again_after_the_link_has_ended_is_no_mistake(host_client: Client, link: PrivateLink) -> None:
    fields = filled_in(host_client, link)
    host_client.post(url_of(link), fields)
    PrivateLink.objects.update(is_paused=True)

    assert host_client.post(url_of(link), fields).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("request_key", ["", "x"])
def test_form_without_its_key_is_asked_for_again_with_one(
    host_client: Client, link: PrivateLink, request_key: str
) -> None:
    response = send(host_client, link, request_key=request_key)

    fields = fields_of(response.text, having="recipient")
    assert list(errors_of(response)) == ["request_key"]
    assert str(uuid.UUID(fields["request_key"])) != request_key
    assert sent_to() == []


# --- What is sent, and what is not -----------------------------------------------------------------------------------


def test_page_is_filled_in_politely(host_client: Client, link: PrivateLink) -> None:
    form = host_client.get(url_of(link)).context["form"]

    assert form["recipient"].value() == "iris@example.com"
    assert form["text"].value() == (
        "Hello Iris Invitee,\n\nplease choose a time that suits you for “Discovery call”.\n\nKind regards\nAda Host"
    )


def test_page_of_a_link_for_nobody_greets_nobody(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(invitee_name="", invitee_email="")

    form = host_client.get(url_of(link)).context["form"]

    assert (form["recipient"].value(), form["text"].value().splitlines()[0]) == ("", "Hello,")


def test_page_says_beforehand_what_the_mail_says_of_the_link(host_client: Client, link: PrivateLink) -> None:
    page = host_client.get(url_of(link)).text

    assert "<li>The link is good for one booking.</li>" in page
    assert SEND_BUTTON in page


def test_sending_is_remembered_and_told(host_client: Client, link: PrivateLink) -> None:
    response = host_client.post(url_of(link), filled_in(host_client, link), follow=True)

    event = LinkEvent.objects.get()
    assert (event.private_link, event.kind, event.recipient) == (link, LinkEventKind.SENT, "iris@example.com")
    assert "The link is on its way to iris@example.com." in response.text
    assert f'href="{url_of(link)}"' in response.text


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"recipient": ""}, "recipient", "Enter the e-mail address to send the link to."),
        ({"recipient": "nobody"}, "recipient", NO_ADDRESS),
        ({"recipient": "iris@example.com, ian@example.com"}, "recipient", NO_ADDRESS),
        ({"recipient": "iris@example.com\r\nBcc: x@example.com"}, "recipient", NO_ADDRESS),
        ({"text": "x" * 2001}, "text", "Use at most 2000 characters; this has 2001."),
        ({"text": "a\x00b"}, "text", "Null characters are not allowed."),
    ],
)
def test_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    host_client: Client, link: PrivateLink, typed: dict[str, str], field: str, message: str
) -> None:
    response = send(host_client, link, **typed)

    assert errors_of(response) == {field: [message]}
    assert response.context["form"][field].value() == typed[field]
    assert (sent_to(), jobs()) == ([], [])


def test_text_may_be_as_long_as_the_page_says_with_line_breaks_counted_once(
    host_client: Client, link: PrivateLink
) -> None:
    response = send(host_client, link, text="x\r\n" * 999 + "xx")

    assert response.status_code == HTTPStatus.FOUND


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"is_paused": True}, "The link is paused. Resume it before you send it."),
        ({"usage_count": 1}, "The link is used up. Allow more uses before you send it."),
        (
            {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)},
            "The link has expired. Choose a later expiry date before you send it.",
        ),
    ],
)
def test_link_that_is_of_no_use_is_not_sent(
    host_client: Client, link: PrivateLink, values: dict[str, Any], problem: str
) -> None:
    fields = filled_in(host_client, link)
    PrivateLink.objects.update(**values)

    page, refused = host_client.get(url_of(link)).text, host_client.post(url_of(link), fields)

    assert [words in page for words in (problem, "Beside the link, the mail says")] == [True, False]
    assert SEND_BUTTON not in page
    assert errors_of(refused) == {"__all__": [problem]}
    assert (sent_to(), jobs()) == ([], [])


def test_link_of_an_event_type_with_private_links_switched_off_is_not_sent(
    host_client: Client, link: PrivateLink
) -> None:
    EventType.objects.update(private_links_enabled=False)

    problem = "Private links are switched off for this event type. Switch them on before you send one."
    assert problem in host_client.get(url_of(link)).text
    assert errors_of(send(host_client, link)) == {"__all__": [problem]}


def test_scheduled_link_can_be_sent(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(opens_at=timezone.now() + timedelta(days=1))

    response = send(host_client, link)

    assert (response.status_code, sent_to()) == (HTTPStatus.FOUND, ["iris@example.com"])


def test_link_is_not_sent_to_somebody_it_is_not_for(host_client: Client, link: PrivateLink) -> None:
    PrivateLink.objects.update(allowed_invitees=["@example.com"])

    response = send(host_client, link, recipient="eve@example.net")

    assert errors_of(response) == {
        "recipient": ["The link is only for others, so nobody could book with this address. Change “Only for” first."]
    }
    assert sent_to() == []


def test_sending_changes_nothing_of_the_link(host_client: Client, link: PrivateLink) -> None:
    before = PrivateLink.objects.values().get()

    send(host_client, link, recipient="ian@example.com")

    assert PrivateLink.objects.values().get() == before


# --- Who may send, and how often -------------------------------------------------------------------------------------


def test_host_sends_only_so_many_links_and_can_go_on_later(
    host_client: Client, link: PrivateLink, settings: Settings
) -> None:
    settings.LINKS_SENT_PER_HOST = Rate.parse("2/1d")
    other = PrivateLinkFactory.create(event_type=link.event_type)
    send(host_client, link)
    send(host_client, other, recipient="ian@example.com")

    refused = send(host_client, link, text="Once more")

    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert dict(refused.context["form"].errors) == {
        "__all__": ["You have sent as many links as you may for now. Please try again in 24 hours."]
    }
    assert refused.context["form"]["text"].value() == "Once more"
    assert len(sent_to()) == len(jobs()) == 2


def test_deleting_a_link_does_not_make_room_for_more_mail(link: PrivateLink, settings: Settings) -> None:
    settings.LINKS_SENT_PER_HOST = Rate.parse("1/1d")
    other = PrivateLinkFactory.create(event_type=link.event_type)
    send_to(link, "iris@example.com")
    delete_links(links=[link])

    with pytest.raises(TooOftenError):
        send_to(other, "iris@example.com")


def test_what_was_refused_or_sent_before_does_not_count(link: PrivateLink, settings: Settings) -> None:
    settings.LINKS_SENT_PER_HOST = Rate.parse("2/1d")
    key = uuid.uuid4()
    PrivateLink.objects.update(is_paused=True)
    for _ in range(3):
        with pytest.raises(ValidationError):
            send_to(link, "iris@example.com")
    PrivateLink.objects.update(is_paused=False)

    for _ in range(3):
        send_to(link, "iris@example.com", request_key=key)
    send_to(link, "ian@example.com")

    assert sent_to() == ["iris@example.com", "ian@example.com"]


def test_other_hosts_have_a_count_of_their_own(link: PrivateLink, settings: Settings) -> None:
    settings.LINKS_SENT_PER_HOST = Rate.parse("1/1d")
    send_to(link, "iris@example.com")

    send_to(PrivateLinkFactory.create(), "iris@example.com")

    assert len(sent_to()) == 2


def test_key_of_another_hosts_form_takes_nothing_from_anybody(link: PrivateLink) -> None:
    key = uuid.uuid4()
    send_to(link, "iris@example.com", request_key=key)

    send_to(PrivateLinkFactory.create(), "iris@example.com", request_key=key)

    assert len(sent_to()) == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_of_another_host_is_not_found(host_client: Client, link: PrivateLink, method: str) -> None:
    foreign = PrivateLinkFactory.create()

    answer = getattr(host_client, method)(url_of(foreign), filled_in(host_client, link))

    assert (answer.status_code, sent_to()) == (HTTPStatus.NOT_FOUND, [])


def test_visitor_is_led_to_the_log_in(client: Client, link: PrivateLink) -> None:
    response = client.post(url_of(link), {"recipient": "iris@example.com"})

    assert response.headers["Location"] == f"/accounts/login/?next={url_of(link)}"
