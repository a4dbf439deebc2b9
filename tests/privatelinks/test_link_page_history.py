"""What the page of a link tells of its past: the history, its newest part or all of it, and the picture."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import timezone

from eventtypes.models import Host
from privatelinks.models import LinkEvent, LinkEventKind, PrivateLink
from privatelinks.services.links import change_link
from tests.factories import BookingFactory, PrivateLinkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(host: Host) -> PrivateLink:
    link: PrivateLink = PrivateLinkFactory.create(event_type__host=host, name="Beta", max_uses=5)
    return link


def send_to(link: PrivateLink, number: int) -> None:
    """Remember that the link was sent, from one person to the next."""
    now = timezone.now()
    LinkEvent.objects.bulk_create(
        LinkEvent(
            private_link=link,
            happened_at=now + timedelta(minutes=place),
            kind=LinkEventKind.SENT,
            recipient=f"person-{place}@example.com",
        )
        for place in range(number)
    )


def test_page_tells_what_happened(host_client: Client, link: PrivateLink) -> None:
    change_link(link=link, changes={"max_uses": None, "name": "<b>Gamma</b>"})

    response = host_client.get(f"/private-links/{link.pk}/")

    assert [entry.text for entry in response.context["history"]] == ["Settings changed", "Created"]
    assert "Number of allowed uses: from 5 to no limit" in response.text
    assert "Name: from “Beta” to “&lt;b&gt;Gamma&lt;/b&gt;”" in response.text
    assert "Times are in Europe/Berlin." in response.text
    assert "Show all" not in response.text


@pytest.mark.parametrize(("number", "is_cut"), [(49, False), (50, True), (120, True)])
def test_page_tells_the_newest_fifty_and_all_if_asked(
    host_client: Client, link: PrivateLink, number: int, is_cut: bool
) -> None:
    send_to(link, number)

    page = host_client.get(f"/private-links/{link.pk}/?page=1")
    whole = host_client.get(f"/private-links/{link.pk}/?page=1&history=all")

    assert len(page.context["history"]) == 50
    assert page.context["history"][0].text == f"Sent to person-{number - 1}@example.com"
    assert ('href="?page=1&amp;history=all#history"' in page.text) is is_cut
    assert len(whole.context["history"]) == number + 1
    assert whole.context["history"][-1].text == "Created"
    assert "Show all" not in whole.text


def test_history_of_another_link_is_not_told(host_client: Client, link: PrivateLink) -> None:
    send_to(PrivateLinkFactory.create(event_type=link.event_type), 1)

    assert "person-0@example.com" not in host_client.get(f"/private-links/{link.pk}/").text


def test_refused_settings_leave_history_and_picture_where_they_are(host_client: Client, link: PrivateLink) -> None:
    BookingFactory.create(event_type=link.event_type, private_link=link, holds_use=True)

    response = host_client.post(f"/private-links/{link.pk}/", {"max_uses": "0", "initial-max_uses": "5"})

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["picture"] is not None
    assert [entry.text for entry in response.context["history"]] == ["Created"]


def test_picture_is_drawn_with_its_numbers_beside_it(host_client: Client, link: PrivateLink) -> None:
    booked_at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    PrivateLink.objects.filter(pk=link.pk).update(created_at=datetime.now(UTC))
    BookingFactory.create_batch(2, event_type=link.event_type, private_link=link, holds_use=True, created_at=booked_at)

    page = host_client.get(f"/private-links/{link.pk}/").text

    assert '<svg class="link-picture-drawing" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img"' in page
    assert "Uses over time: 2 uses from 5 Jan 2026 to " in page
    assert "Limit: 5" in page
    assert '<th scope="col">Month</th>' in page
    assert '<th scope="row">January 2026</th>' in page
    assert page.count('<td class="number">2</td>') == 2
    assert " style=" not in page


def test_picture_has_no_limit_if_the_link_has_none(host_client: Client, host: Host) -> None:
    link = PrivateLinkFactory.create(event_type__host=host, max_uses=None)
    BookingFactory.create(event_type=link.event_type, private_link=link, holds_use=True)

    page = host_client.get(f"/private-links/{link.pk}/").text

    assert "Limit:" not in page
    assert 'class="link-picture-limit"' not in page


def test_page_of_a_link_that_was_never_used_has_no_picture(host_client: Client, link: PrivateLink) -> None:
    page = host_client.get(f"/private-links/{link.pk}/").text

    assert "link-picture-drawing" not in page
    assert "Nobody has booked through this link yet." in page
