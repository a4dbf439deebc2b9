"""What staff do to links from their list in the admin: paused, resumed, ended and deleted, also many at once."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privatelinks.models import LinkEvent, LinkEventKind, PrivateLink
from privatelinks.services.history import remember
from tests.factories import BookingFactory, HostFactory, PrivateLinkFactory
from tests.privatelinks.admin_pages import LINKS, NOW, act, stored

pytestmark = pytest.mark.django_db


class TestPrivateLinks:
    @pytest.mark.parametrize(("action", "is_paused"), [("pause", True), ("resume", False)])
    def test_links_are_paused_and_resumed(self, staff_client: Client, action: str, is_paused: bool) -> None:
        links = PrivateLinkFactory.create_batch(2, is_paused=not is_paused)
        other = PrivateLinkFactory.create(is_paused=not is_paused)

        response = staff_client.post(LINKS, {"action": action, "_selected_action": [link.pk for link in links]})

        assert [stored(link).is_paused for link in [*links, other]] == [is_paused, is_paused, not is_paused]
        assert [str(message) for message in get_messages(response.wsgi_request)] == [f"2 links are {action}d."]

    def test_links_are_ended_now(self, staff_client: Client) -> None:
        links = [PrivateLinkFactory.create(opens_at=NOW + timedelta(days=1)), PrivateLinkFactory.create()]
        other = PrivateLinkFactory.create()

        response = act(staff_client, "end", links)

        assert [stored(link).state(timezone.now()) for link in [*links, other]] == ["expired", "expired", "active"]
        assert [str(message) for message in get_messages(response.wsgi_request)] == ["2 links have ended."]

    @pytest.mark.parametrize(
        ("action", "was_paused", "kind", "note"),
        [
            ("pause", False, "paused", "Paused."),
            ("resume", True, "resumed", "Resumed."),
            ("end", False, "ended", "Ended."),
        ],
    )
    def test_bulk_action_is_in_the_links_history_and_in_the_admins_own(
        self, staff_client: Client, action: str, was_paused: bool, kind: str, note: str
    ) -> None:
        links = PrivateLinkFactory.create_batch(2, is_paused=was_paused)

        act(staff_client, action, links)

        assert list(LinkEvent.objects.order_by("pk").values_list("private_link", "kind")) == [
            (link.pk, kind) for link in sorted(links, key=lambda link: -link.pk)
        ]
        logged = LogEntry.objects.values_list("object_id", "action_flag", "change_message")
        assert set(logged) == {(str(link.pk), CHANGE, note) for link in links}

    def test_deleting_in_bulk_is_in_the_admins_own_history(self, staff_client: Client) -> None:
        links = PrivateLinkFactory.create_batch(2)

        staff_client.post(
            LINKS, {"action": "delete_selected", "_selected_action": [link.pk for link in links], "post": "yes"}
        )

        logged = LogEntry.objects.values_list("object_id", "action_flag")
        assert set(logged) == {(str(link.pk), DELETION) for link in links}

    @pytest.mark.parametrize("action", ["pause", "resume", "end", "delete_selected"])
    def test_bulk_action_takes_the_locks_of_hosts_before_those_of_links(
        self, staff_client: Client, action: str
    ) -> None:
        # Made in the order that is not the hosts'.
        hosts = HostFactory.create_batch(2)
        links = [PrivateLinkFactory.create(event_type__host=host, is_paused=action == "resume") for host in hosts[::-1]]

        with CaptureQueriesContext(connection) as queries:
            act(staff_client, action, links, post="yes")

        locks = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
        tables = ["host" if 'FROM "eventtypes_host"' in lock else "link" for lock in locks]
        if action == "delete_selected":
            assert tables == ["host", "host", "link"]
            assert [str(host.pk) in lock for host, lock in zip(hosts, locks, strict=False)] == [True, True]
        else:
            # Each link is a transaction of its own, so that none waits with another's locks in hand.
            assert tables == ["host", "link"] * 2

    @pytest.mark.parametrize("permission", ["view", "change"])
    def test_bulk_actions_need_the_permission_to_change(self, client: Client, permission: str) -> None:
        link = PrivateLinkFactory.create()
        staff = HostFactory.create(is_staff=True)
        staff.user_permissions.set(Permission.objects.filter(codename=f"{permission}_privatelink"))
        client.force_login(staff)

        act(client, "end", [link])

        assert (stored(link).expires_at is not None) is (permission == "change")

    @pytest.mark.parametrize("in_bulk", [True, False])
    def test_deleting_keeps_the_bookings(self, staff_client: Client, in_bulk: bool) -> None:
        link = PrivateLinkFactory.create(name="Beta")
        remember(link, LinkEventKind.PAUSED, NOW)
        booking = BookingFactory.create(
            event_type=link.event_type, private_link=link, private_link_name="Beta", holds_use=True
        )

        if in_bulk:
            staff_client.post(LINKS, {"action": "delete_selected", "_selected_action": [link.pk], "post": "yes"})
        else:
            staff_client.post(f"{LINKS}{link.pk}/delete/", {"post": "yes"})

        booking.refresh_from_db()
        assert PrivateLink.objects.count() == 0
        assert (booking.private_link, booking.private_link_name, booking.holds_use) == (None, "Beta", False)


def test_bulk_action_counts_those_that_it_made_a_difference_to(staff_client: Client) -> None:
    links = [PrivateLinkFactory.create(is_paused=True), PrivateLinkFactory.create()]

    response = act(staff_client, "pause", links)

    assert [str(message) for message in get_messages(response.wsgi_request)] == ["1 link is paused."]
    assert LogEntry.objects.count() == 1
