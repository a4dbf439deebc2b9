"""The admin of event types with their links beside them: the same rules as everywhere, in words."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from eventtypes.models import EventType, Visibility
from privatelinks.admin import MAX_INLINE_LINKS
from privatelinks.models import LinkEvent, PrivateLink
from privatelinks.services.reviving import end_link
from privatelinks.services.uses import spend_use
from tests.factories import BookingFactory, EventTypeFactory, HostFactory, PrivateLinkFactory, ScheduleFactory
from tests.privatelinks.admin_pages import EVENT_TYPES, YESTERDAY, change, errors_of, fields_of

pytestmark = pytest.mark.django_db


class TestEventTypes:
    def test_untouched_form_changes_nothing(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create(reminder_minutes=[1440, 60])
        PrivateLinkFactory.create(event_type=event_type, expires_at=YESTERDAY, max_uses=3, usage_count=3)
        before = list(EventType.objects.values()), list(PrivateLink.objects.values())

        response = change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/")

        assert response.status_code == 302
        assert (list(EventType.objects.values()), list(PrivateLink.objects.values())) == before

    @pytest.mark.parametrize(
        ("typed", "reminders", "errors"),
        [
            ("1440, 60", [1440, 60], []),
            ("", [], []),
            ("60, 0", [5], ["Item 2 in the array did not validate:"]),
            ("4, 3, 2, 1", [5], ["At most 3 reminders are possible."]),
        ],
    )
    def test_reminders_are_changed_by_the_same_rules(
        self, staff_client: Client, typed: str, reminders: list[int], errors: list[str]
    ) -> None:
        event_type = EventTypeFactory.create(reminder_minutes=[5])

        response = change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/", reminder_minutes=typed)

        event_type.refresh_from_db()
        assert event_type.reminder_minutes == reminders
        assert (errors_of(response) if errors else []) == errors

    def test_links_are_changed_added_and_deleted_inline(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create()
        link = PrivateLinkFactory.create(event_type=event_type, name="Old", max_uses=5)
        gone = PrivateLinkFactory.create(event_type=event_type)
        booking = BookingFactory.create(event_type=event_type, private_link=gone, holds_use=True)
        path = f"{EVENT_TYPES}{event_type.pk}/change/"
        fields = fields_of(staff_client.get(path))
        spend_use(link, timezone.now())

        staff_client.post(
            path,
            fields
            | {"private_links-0-name": "Renamed", "private_links-1-DELETE": "on", "private_links-TOTAL_FORMS": "3"}
            | {
                "private_links-2-name": "New",
                "private_links-2-max_uses": "2",
                "private_links-2-expires_on": "2999-08-31",
            }
            | {"private_links-0-expires_on": "2999-08-31", "private_links-0-expires_time": "14:00"},
        )

        links = event_type.private_links.order_by("pk").values_list("name", "max_uses", "usage_count")
        assert list(links) == [("Renamed", 5, 1), ("New", 2, 0)]
        assert [link.expires_at for link in event_type.private_links.order_by("pk")] == [
            datetime(2999, 8, 31, 12, tzinfo=UTC),
            datetime(2999, 8, 31, 22, tzinfo=UTC),
        ]
        booking.refresh_from_db()
        assert (booking.private_link, booking.holds_use) == (None, False)
        (changes,) = LinkEvent.objects.values_list("changes", flat=True)
        assert changes == {"name": ["Old", "Renamed"], "expires_at": [None, "2999-08-31T12:00:00+00:00"]}

    def test_refused_link_stores_nothing_at_all(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create(title="Old")
        PrivateLinkFactory.create(event_type=event_type, max_uses=5, usage_count=3)

        response = change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/", title="New", links_0_max_uses="2")

        assert errors_of(response) == ["The link has been used 3 times already. Allow at least as many."]
        event_type.refresh_from_db()
        assert event_type.title == "Old"

    def test_former_slug_goes_on_redirecting(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create(slug="old")

        change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/", slug="new")

        event_type.refresh_from_db()
        assert (event_type.slug, event_type.former_slugs) == ("new", ["old"])

    def test_slug_of_another_event_type_of_the_host_is_refused(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create()
        EventTypeFactory.create(host=event_type.host, slug="taken")

        response = change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/", slug="taken")

        assert errors_of(response) == ["Another event type of yours has this URL."]

    def test_schedule_of_another_host_is_refused(self, staff_client: Client) -> None:
        event_type, foreign = EventTypeFactory.create(), ScheduleFactory.create()

        response = change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/", schedule=foreign.pk)

        assert errors_of(response) == ["Choose one of the options."]

    def test_event_type_is_added_for_a_host_with_a_schedule_of_the_same(self, staff_client: Client) -> None:
        schedule, foreign = ScheduleFactory.create(), ScheduleFactory.create()
        path = f"{EVENT_TYPES}add/"
        fields = fields_of(staff_client.get(path))
        fields |= {"host": schedule.host_id, "title": "Made by staff", "slug": "made", "visibility": "private"}

        refused = staff_client.post(path, fields | {"schedule": foreign.pk})
        staff_client.post(path, fields | {"schedule": schedule.pk})

        assert errors_of(refused) == ["Choose a schedule of the host."]
        event_type = EventType.objects.get()
        assert (event_type.host, event_type.title) == (schedule.host, "Made by staff")
        assert event_type.visibility == Visibility.PRIVATE

    def test_host_of_an_event_type_stays(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create()

        change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/", host=HostFactory.create().pk)

        assert EventType.objects.get(pk=event_type.pk).host == event_type.host

    @pytest.mark.parametrize("in_bulk", [True, False])
    def test_deleting_takes_the_links_along_and_keeps_the_bookings(self, staff_client: Client, in_bulk: bool) -> None:
        link = PrivateLinkFactory.create()
        pk = link.event_type.pk
        booking = BookingFactory.create(event_type=link.event_type, private_link=link, holds_use=True)

        if in_bulk:
            staff_client.post(EVENT_TYPES, {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
        else:
            staff_client.post(f"{EVENT_TYPES}{pk}/delete/", {"post": "yes"})

        booking.refresh_from_db()
        assert (EventType.objects.count(), PrivateLink.objects.count()) == (0, 0)
        assert (booking.event_type, booking.private_link, booking.holds_use) == (None, None, False)

    def test_more_links_than_a_page_can_carry_are_left_to_their_own_admin(self, staff_client: Client) -> None:
        event_type = EventTypeFactory.create()
        PrivateLinkFactory.create_batch(MAX_INLINE_LINKS + 1, event_type=event_type)

        response = change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/", title="Renamed")

        assert response.status_code == 302
        assert EventType.objects.get(pk=event_type.pk).title == "Renamed"
        assert event_type.private_links.count() == MAX_INLINE_LINKS + 1


def test_event_type_is_saved_beside_a_link_that_has_ended(staff_client: Client) -> None:
    event_type = EventTypeFactory.create()
    link = PrivateLinkFactory.create(event_type=event_type)
    end_link(link=link)

    response = change(staff_client, f"{EVENT_TYPES}{event_type.pk}/change/", title="Another title")

    event_type.refresh_from_db()
    assert (response.status_code, event_type.title) == (302, "Another title")
