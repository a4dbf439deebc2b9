"""What happens to a page's change when something else changes while it waits for the host's lock."""

import pytest
from django.test import Client

from eventtypes.models import EventType, Host
from eventtypes.services.event_types import change_setup
from eventtypes.services.locking import lock_host
from eventtypes.services.questions import questions_version
from tests.eventtypes.test_event_type_forms import LIMITS, SETUP
from tests.eventtypes.test_event_type_services import SETUP as INTRO
from tests.factories import EventTypeFactory, HostFactory, ScheduleFactory
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host() -> Host:
    """A host who is seen by other connections."""
    return HostFactory(username="ada")


def test_new_event_type_whose_slug_is_taken_meanwhile_is_refused(host_client: Client, host: Host) -> None:
    other = EventTypeFactory(host=host)

    with meanwhile(lambda: change_setup(event_type=other, setup=INTRO)):
        answer = host_client.post("/event-types/new/", SETUP)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"slug": ["Another event type of yours has this URL."]}
    assert EventType.objects.count() == 1


def test_event_type_whose_new_slug_is_taken_meanwhile_keeps_its_own(host_client: Client, host: Host) -> None:
    other, event_type = EventTypeFactory(host=host), EventTypeFactory(host=host, slug="mine")

    with meanwhile(lambda: change_setup(event_type=other, setup=INTRO)):
        answer = host_client.post(f"/event-types/{event_type.pk}/setup/", SETUP)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"slug": ["Another event type of yours has this URL."]}
    event_type.refresh_from_db()
    assert event_type.slug == "mine"


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("setup", SETUP),
        ("limits", LIMITS),
        ("questions", {"seen": questions_version([])}),
        ("visibility", {"visibility": "private"}),
        ("move", {"direction": "up"}),
        ("duplicate", {}),
    ],
)
def test_event_type_that_is_deleted_meanwhile_is_not_found(
    host_client: Client, host: Host, page: str, typed: dict[str, str]
) -> None:
    event_type = EventTypeFactory(host=host)

    def delete() -> None:
        lock_host(host.pk)
        EventType.objects.all().delete()

    with meanwhile(delete):
        answer = host_client.post(f"/event-types/{event_type.pk}/{page}/", typed)

    assert answer.status_code == 404
    assert EventType.objects.count() == 0


def test_schedule_that_is_deleted_meanwhile_is_refused(host_client: Client, host: Host) -> None:
    event_type, schedule = EventTypeFactory(host=host), ScheduleFactory(host=host)
    typed = {"schedule": schedule.pk}

    def delete() -> None:
        lock_host(host.pk)
        schedule.delete()

    with meanwhile(delete):
        answer = host_client.post(f"/event-types/{event_type.pk}/availability/", typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"schedule": ["Choose one of your schedules."]}
