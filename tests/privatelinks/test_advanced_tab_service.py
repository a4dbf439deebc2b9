"""Saving the Advanced tab: all of it or nothing, only what was changed, and never the counter."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from eventtypes.models import EventType, Visibility
from privatelinks.models import PrivateLink
from privatelinks.services.advanced_tab import (
    EditsRefusedError,
    LinkEdit,
    save_advanced_tab,
    switch_private_links,
)
from privatelinks.services.limits import LinkChanges
from privatelinks.services.uses import spend_use
from tests.factories import BookingFactory, EventTypeFactory, PrivateLinkFactory

NOW = datetime.now(UTC)
TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event_type() -> EventType:
    event_type: EventType = EventTypeFactory.create()
    return event_type


def stored(link: PrivateLink) -> PrivateLink:
    return PrivateLink.objects.get(pk=link.pk)


def messages_of(refusal: pytest.ExceptionInfo[EditsRefusedError]) -> dict[int, dict[str, list[str]]]:
    return {place: error.message_dict for place, error in refusal.value.errors.items()}


def test_saving_adds_changes_and_deletes_links_and_sets_who_can_reach_the_event_type(event_type: EventType) -> None:
    changed, deleted, untouched = PrivateLinkFactory.create_batch(3, event_type=event_type)
    edits = [
        LinkEdit({"name": "Renamed", "max_uses": 7}, changed.pk),
        LinkEdit({}, deleted.pk, is_deleted=True),
        LinkEdit({}, untouched.pk),
        LinkEdit({"name": "Brand new", "max_uses": None, "expires_at": TOMORROW}),
    ]

    save_advanced_tab(event_type=event_type, visibility=Visibility.PRIVATE, edits=edits)

    links = event_type.private_links.order_by("pk").values_list("name", "max_uses", "expires_at")
    assert list(links) == [("Renamed", 7, None), (untouched.name, 1, None), ("Brand new", None, TOMORROW)]
    assert EventType.objects.get(pk=event_type.pk).visibility == Visibility.PRIVATE


def test_one_refused_edit_and_nothing_is_stored(event_type: EventType) -> None:
    good, bad, deleted = PrivateLinkFactory.create_batch(3, event_type=event_type)
    edits = [
        LinkEdit({"name": "Renamed"}, good.pk),
        LinkEdit({"expires_at": YESTERDAY}, bad.pk),
        LinkEdit({}, deleted.pk, is_deleted=True),
        LinkEdit({"name": "Brand new"}),
    ]

    with pytest.raises(EditsRefusedError) as refusal:
        save_advanced_tab(
            event_type=event_type, visibility=Visibility.PRIVATE, private_links_enabled=False, edits=edits
        )

    message = "This has passed already. Choose a later date, or leave it blank for no limit."
    assert messages_of(refusal) == {1: {"expires_at": [message]}}
    names = event_type.private_links.order_by("pk").values_list("name", flat=True)
    assert list(names) == [good.name, bad.name, deleted.name]
    event_type.refresh_from_db()
    assert (event_type.visibility, event_type.private_links_enabled) == (Visibility.PUBLIC, True)


def test_every_refused_edit_is_told_at_once(event_type: EventType) -> None:
    used, other = PrivateLinkFactory.create_batch(2, event_type=event_type, max_uses=5, usage_count=3)
    edits = [
        LinkEdit({"max_uses": 2, "expires_at": YESTERDAY}, used.pk),
        LinkEdit({"max_uses": 4}, other.pk),
        LinkEdit({"max_uses": 0}),
    ]

    with pytest.raises(EditsRefusedError) as refusal:
        save_advanced_tab(event_type=event_type, edits=edits)

    passed = "This has passed already. Choose a later date, or leave it blank for no limit."
    assert messages_of(refusal) == {
        0: {
            "max_uses": ["The link has been used 3 times already. Allow at least as many."],
            "expires_at": [passed],
        },
        2: {"max_uses": ["Allow at least one use, or leave it blank for no limit."]},
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"max_uses": 3}, {"max_uses": 3}),
        ({"max_uses": None}, {"max_uses": None}),
        ({"expires_at": None}, {"expires_at": None}),
        ({"expires_at": TOMORROW}, {"expires_at": TOMORROW}),
        ({"opens_at": TOMORROW, "expires_at": None}, {"opens_at": TOMORROW, "expires_at": None}),
        ({"name": ""}, {"name": ""}),
        ({"is_paused": True}, {"is_paused": True}),
        ({"returns_uses": True}, {"returns_uses": True}),
    ],
)
def test_ended_link_can_be_changed_and_revived(
    event_type: EventType, changes: LinkChanges, expected: dict[str, object]
) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, max_uses=2, usage_count=2, expires_at=YESTERDAY)

    save_advanced_tab(event_type=event_type, edits=[LinkEdit(changes, link.pk)])

    assert {field: getattr(stored(link), field) for field in expected} == expected


def test_values_that_do_not_differ_are_not_judged(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, expires_at=YESTERDAY)

    save_advanced_tab(event_type=event_type, edits=[LinkEdit({"name": "Late", "expires_at": YESTERDAY}, link.pk)])

    assert (stored(link).name, stored(link).expires_at) == ("Late", YESTERDAY)


def test_only_what_is_named_is_written(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, max_uses=5)
    PrivateLink.objects.filter(pk=link.pk).update(max_uses=9, is_paused=True)

    save_advanced_tab(event_type=event_type, edits=[LinkEdit({"name": "Renamed"}, link.pk)])

    assert (stored(link).name, stored(link).max_uses, stored(link).is_paused) == ("Renamed", 9, True)


def test_booking_made_meanwhile_keeps_its_use(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, max_uses=5)
    spend_use(link, timezone.now())

    save_advanced_tab(event_type=event_type, edits=[LinkEdit({"max_uses": 7, "name": "Renamed"}, link.pk)])

    assert (stored(link).usage_count, stored(link).max_uses) == (1, 7)


def test_uses_are_judged_by_the_bookings_made_meanwhile(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, max_uses=5)
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=1)

    with pytest.raises(EditsRefusedError) as refusal:
        save_advanced_tab(event_type=event_type, edits=[LinkEdit({"max_uses": 0}, link.pk)])
    PrivateLink.objects.filter(pk=link.pk).update(usage_count=2)
    with pytest.raises(EditsRefusedError) as second_refusal:
        save_advanced_tab(event_type=event_type, edits=[LinkEdit({"max_uses": 1}, link.pk)])

    assert messages_of(refusal)[0] == {"max_uses": ["Allow at least one use, or leave it blank for no limit."]}
    assert messages_of(second_refusal)[0] == {
        "max_uses": ["The link has been used 2 times already. Allow at least as many."]
    }


def test_opening_after_the_expiry_is_refused_beside_what_was_changed(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, opens_at=TOMORROW)

    with pytest.raises(EditsRefusedError) as refusal:
        save_advanced_tab(event_type=event_type, edits=[LinkEdit({"expires_at": TOMORROW}, link.pk)])

    assert messages_of(refusal)[0] == {"expires_at": ["The link must open before it expires."]}


def test_dates_that_no_calendar_needs_are_refused(event_type: EventType) -> None:
    far = datetime(3000, 1, 1, tzinfo=UTC)

    with pytest.raises(EditsRefusedError) as refusal:
        save_advanced_tab(event_type=event_type, edits=[LinkEdit({"opens_at": far, "expires_at": far})])

    message = "Choose a date before the year 3000."
    assert messages_of(refusal)[0] == {"opens_at": [message], "expires_at": [message]}


def test_changing_a_link_that_was_deleted_meanwhile_is_refused(event_type: EventType) -> None:
    gone, kept = PrivateLinkFactory.create_batch(2, event_type=event_type)
    PrivateLink.objects.filter(pk=gone.pk).delete()

    with pytest.raises(EditsRefusedError) as refusal:
        save_advanced_tab(
            event_type=event_type, edits=[LinkEdit({"name": "A"}, gone.pk), LinkEdit({"name": "B"}, kept.pk)]
        )

    assert refusal.value.errors[0].messages == [
        "This link has been deleted meanwhile, so your changes to it cannot be saved. Delete the row to go on."
    ]
    assert stored(kept).name == kept.name


def test_deleting_a_link_that_was_deleted_meanwhile_is_done_already(event_type: EventType) -> None:
    gone, kept = PrivateLinkFactory.create_batch(2, event_type=event_type)
    PrivateLink.objects.filter(pk=gone.pk).delete()

    save_advanced_tab(
        event_type=event_type, edits=[LinkEdit({}, gone.pk, is_deleted=True), LinkEdit({"name": "B"}, kept.pk)]
    )

    assert stored(kept).name == "B"


def test_link_of_another_event_type_can_be_neither_changed_nor_deleted(event_type: EventType) -> None:
    foreign = PrivateLinkFactory.create(event_type__host=event_type.host)

    with pytest.raises(EditsRefusedError):
        save_advanced_tab(event_type=event_type, edits=[LinkEdit({"name": "Mine"}, foreign.pk)])
    save_advanced_tab(event_type=event_type, edits=[LinkEdit({}, foreign.pk, is_deleted=True)])

    assert stored(foreign).name == foreign.name


def test_link_deleted_and_changed_by_the_same_form_is_refused(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type)
    edits = [LinkEdit({}, link.pk, is_deleted=True), LinkEdit({"name": "Both"}, link.pk)]

    with pytest.raises(EditsRefusedError):
        save_advanced_tab(event_type=event_type, edits=edits)

    assert stored(link).name == link.name


def test_new_row_that_is_marked_deleted_makes_no_link(event_type: EventType) -> None:
    save_advanced_tab(event_type=event_type, edits=[LinkEdit({}, is_deleted=True)])

    assert event_type.private_links.count() == 0


def test_deleted_link_leaves_its_bookings_and_its_name_in_them(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type, name="Beta", max_uses=5, usage_count=1)
    booking = BookingFactory.create(event_type=event_type, private_link=link, private_link_name="Beta", holds_use=True)

    save_advanced_tab(event_type=event_type, edits=[LinkEdit({}, link.pk, is_deleted=True)])

    booking.refresh_from_db()
    assert (booking.private_link, booking.private_link_name, booking.holds_use) == (None, "Beta", False)
    assert booking.status == "confirmed"


def test_first_switch_on_adds_one_link(event_type: EventType) -> None:
    EventType.objects.update(private_links_enabled=False)

    switch_private_links(event_type=event_type, is_on=True)

    link = event_type.private_links.get()
    assert (link.max_uses, link.expires_at) == (1, None)


def test_switching_on_again_brings_back_the_same_links(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type)

    switch_private_links(event_type=event_type, is_on=False)
    live_while_off = PrivateLink.objects.live(NOW).exists()
    switch_private_links(event_type=event_type, is_on=True)

    assert live_while_off is False
    assert list(event_type.private_links.all()) == [link]
    assert stored(link).hash == link.hash


def test_switching_on_together_with_a_new_row_adds_only_that_one(event_type: EventType) -> None:
    EventType.objects.update(private_links_enabled=False)

    save_advanced_tab(event_type=event_type, private_links_enabled=True, edits=[LinkEdit({"name": "First"})])

    assert list(event_type.private_links.values_list("name", flat=True)) == ["First"]


def test_deleting_the_last_link_while_switched_on_adds_none(event_type: EventType) -> None:
    link = PrivateLinkFactory.create(event_type=event_type)

    save_advanced_tab(event_type=event_type, private_links_enabled=True, edits=[LinkEdit({}, link.pk, is_deleted=True)])

    assert event_type.private_links.count() == 0


def test_what_is_not_named_of_the_event_type_stays_as_others_set_it(event_type: EventType) -> None:
    EventType.objects.update(visibility=Visibility.UNLISTED, title="Changed meanwhile")

    save_advanced_tab(event_type=event_type, private_links_enabled=False)

    fresh = EventType.objects.get(pk=event_type.pk)
    assert (fresh.visibility, fresh.title) == (Visibility.UNLISTED, "Changed meanwhile")
    assert fresh.private_links_enabled is False


def test_event_type_that_is_gone_cannot_be_saved(event_type: EventType) -> None:
    EventType.objects.filter(pk=event_type.pk).delete()

    with pytest.raises(EventType.DoesNotExist):
        save_advanced_tab(event_type=event_type, visibility=Visibility.PRIVATE)
