"""What a host does with an event type without opening it: visibility, order, duplicating."""

import pytest
from django.test import Client

from eventtypes.models import EventType, Host
from tests.factories import EventTypeFactory

ACTIONS = {"visibility": {"visibility": "private"}, "move": {"direction": "up"}, "duplicate": {}}


@pytest.mark.parametrize("action", ACTIONS)
class TestAccess:
    def test_event_type_action_leads_visitors_to_the_log_in(self, client: Client, host: Host, action: str) -> None:
        event_type = EventTypeFactory(host=host)

        answer = client.post(f"/event-types/{event_type.pk}/{action}/", ACTIONS[action])

        assert answer["Location"] == f"/accounts/login/?next=/event-types/{event_type.pk}/{action}/"
        assert EventType.objects.get().visibility == "public"

    def test_event_type_action_on_another_hosts_is_not_found(self, host_client: Client, action: str) -> None:
        event_type = EventTypeFactory()

        answer = host_client.post(f"/event-types/{event_type.pk}/{action}/", ACTIONS[action])

        assert answer.status_code == 404
        assert EventType.objects.get().visibility == "public"

    def test_event_type_action_takes_no_get(self, host_client: Client, host: Host, action: str) -> None:
        event_type = EventTypeFactory(host=host)

        answer = host_client.get(f"/event-types/{event_type.pk}/{action}/", ACTIONS[action])

        assert answer.status_code == 405


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_visibility_is_changed(host_client: Client, host: Host, visibility: str) -> None:
    event_type = EventTypeFactory(host=host, title="Intro")

    answer = host_client.post(f"/event-types/{event_type.pk}/visibility/", {"visibility": visibility})

    event_type.refresh_from_db()
    assert event_type.visibility == visibility
    assert answer["Location"] == "/event-types/"
    [message] = host_client.get("/event-types/").context["messages"]
    assert str(message).startswith(f"“Intro” is {visibility}: ")


@pytest.mark.parametrize(("action", "field"), [("visibility", "visibility"), ("move", "direction")])
@pytest.mark.parametrize("nonsense", ["", "sideways", "\x00"])
def test_nonsense_changes_nothing(host_client: Client, host: Host, action: str, field: str, nonsense: str) -> None:
    event_type = EventTypeFactory(host=host)

    answer = host_client.post(f"/event-types/{event_type.pk}/{action}/", {field: nonsense})

    assert answer.status_code == 400
    event_type.refresh_from_db()
    assert event_type.visibility == "public"


def test_move_swaps_and_returns(host_client: Client, host: Host) -> None:
    first, second = EventTypeFactory(host=host), EventTypeFactory(host=host)

    answer = host_client.post(f"/event-types/{first.pk}/move/", {"direction": "down", "next": "/event-types/?page=2"})

    assert list(EventType.objects.owned_by(host)) == [second, first]
    assert answer["Location"] == "/event-types/?page=2"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)", "\\\\x.com", "home", "x"]
)
def test_move_never_leads_to_another_site(host_client: Client, host: Host, elsewhere: str) -> None:
    event_type = EventTypeFactory(host=host)

    answer = host_client.post(f"/event-types/{event_type.pk}/move/", {"direction": "up", "next": elsewhere})

    assert answer["Location"] == "/event-types/"


def test_duplicate_opens_the_copy(host_client: Client, host: Host) -> None:
    event_type = EventTypeFactory(host=host, title="Intro")

    answer = host_client.post(f"/event-types/{event_type.pk}/duplicate/")

    copy = EventType.objects.get(title="Intro (copy)")
    assert answer["Location"] == f"/event-types/{copy.pk}/setup/"
