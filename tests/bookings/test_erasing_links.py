"""Erasing a person from private links: their settings, their history, their names, and mails that send them."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking
from bookings.services.erasing import erase_invitee
from bookings.traces import Counts
from eventtypes.models import Host
from privatelinks.link_history import link_history
from privatelinks.models import LinkEvent, PrivateLink
from privatelinks.services.links import change_link
from privatelinks.tasks import send_link_mail
from tests.bookings.booking_forms import NOW
from tests.bookings.erasing_scene import IRIS, afterwards, met, sealed, sent, settings_of
from tests.factories import BookingFactory, HostFactory

__all__ = ["afterwards", "met", "sent"]


def kinds(link: PrivateLink) -> list[str]:
    return list(link.events.order_by("pk").values_list("kind", flat=True))


def test_link_for_the_person_is_for_nobody(link: PrivateLink, host: Host, clock: None) -> None:
    change_link(link=link, changes={"name": "Iris, trial", "invitee_name": "Iris", "invitee_email": "Iris@example.com"})

    erased = erase_invitee(email=IRIS, host=host)

    assert erased.links == 1
    assert settings_of(link) == ("", "", "", [], False)
    assert kinds(link) == ["changed", "changed"]


def test_history_of_a_link_keeps_its_form(link: PrivateLink, host: Host, clock: None) -> None:
    change_link(link=link, changes={"invitee_name": "Iris", "invitee_email": IRIS, "name": "Iris’ link", "max_uses": 3})
    change_link(link=link, changes={"invitee_name": "Bo", "invitee_email": "bo@example.com", "name": "Bo"})

    erase_invitee(email=IRIS, host=host)

    first, second = link.events.order_by("pk")
    assert first.changes == {
        "name": ["For Grace", ""],
        "max_uses": [1, 3],
        "invitee_name": ["", ""],
        "invitee_email": ["", ""],
    }
    assert second.changes == {"name": ["", "Bo"], "invitee_name": ["", "Bo"], "invitee_email": ["", "bo@example.com"]}
    assert settings_of(link) == ("Bo", "Bo", "bo@example.com", [], False)


def test_link_that_would_be_open_to_everybody_is_paused(link: PrivateLink, host: Host, clock: None) -> None:
    change_link(link=link, changes={"allowed_invitees": [IRIS]})

    erase_invitee(email="IRIS@example.com", host=host)

    assert settings_of(link) == ("For Grace", "", "", [], True)
    assert kinds(link) == ["changed", "changed", "paused"]
    assert link.events.order_by("pk")[0].changes == {"allowed_invitees": [[], []]}


def test_link_for_others_too_goes_on(link: PrivateLink, host: Host, clock: None) -> None:
    change_link(link=link, changes={"allowed_invitees": [IRIS, "@example.com"]})

    erase_invitee(email=IRIS, host=host)

    assert settings_of(link) == ("For Grace", "", "", ["@example.com"], False)


def test_link_of_a_domain_is_nobodys(link: PrivateLink, host: Host, clock: None) -> None:
    change_link(link=link, changes={"allowed_invitees": ["@example.com"]})

    assert erase_invitee(email=IRIS, host=host).links == 0
    assert settings_of(link) == ("For Grace", "", "", ["@example.com"], False)


def test_link_that_was_named_after_who_booked_through_it_is_not_any_more(
    met: Booking, link: PrivateLink, host: Host
) -> None:
    Booking.objects.filter(pk=met.pk).update(private_link_name="For IRIS INVITEE")
    other = BookingFactory(
        event_type=met.event_type,
        invitee_email="bo@example.com",
        private_link=link,
        private_link_name="For IRIS INVITEE",
    )
    PrivateLink.objects.filter(pk=link.pk).update(name="Iris Invitee (2)")

    erase_invitee(email=IRIS, host=host)

    assert settings_of(link)[0] == ""
    assert Booking.objects.get(pk=other.pk).private_link_name == "Private link"


def test_part_of_a_word_names_nobody(met: Booking, link: PrivateLink, host: Host) -> None:
    Booking.objects.filter(pk=met.pk).update(invitee_name="Al")
    PrivateLink.objects.filter(pk=link.pk).update(name="Alps 2027")

    erase_invitee(email=IRIS, host=host)

    assert settings_of(link)[0] == "Alps 2027"


def test_admin_log_forgets_what_the_link_was_called(link: PrivateLink, host: Host, clock: None) -> None:
    change_link(link=link, changes={"name": "Für Iris", "invitee_name": "Iris", "invitee_email": IRIS})
    link.refresh_from_db()
    message = [{"changed": {"name": "private link", "object": "Für Iris", "fields": ["Name"]}}]
    for changed in (link, link.event_type):
        LogEntry.objects.log_actions(host.pk, [changed], CHANGE, message, single_object=True)

    erase_invitee(email=IRIS, host=host)

    entries = LogEntry.objects.order_by("pk").values_list("object_repr", "change_message")
    about_link = '[{"changed": {"name": "private link", "object": "Private link", "fields": ["Name"]}}]'
    assert list(entries) == [("Private link", about_link), ("Discovery call", about_link)]


def test_link_on_its_way_does_not_arrive(sent: PrivateLink, host: Host) -> None:
    erased = erase_invitee(email=IRIS, host=host)

    assert erased == Counts(bookings=0, guest_of=0, links=1, mails=1)
    assert [(each["recipient"], each["text"]) for each in sealed()] == [
        ("", ""),
        ("bo@example.com", "Dear bo@example.com"),
    ]
    assert list(LinkEvent.objects.order_by("pk").values_list("recipient", flat=True)) == ["", "bo@example.com"]
    for job in ProcrastinateJob.objects.filter(task_name=send_link_mail.name):
        send_link_mail(**job.args)
    assert [each.to for each in mail.outbox] == [["bo@example.com"]]


def test_history_says_that_somebody_was_erased(sent: PrivateLink, host: Host) -> None:
    erase_invitee(email=IRIS, host=host)

    link = PrivateLink.objects.with_event_type().get()
    told = [entry.text for entry in link_history(link, list(LinkEvent.objects.newest_first()), NOW)]
    assert told == ["Sent to bo@example.com", "Sent to somebody who was erased", "Created"]


def test_mail_with_another_hosts_link_stays(sent: PrivateLink) -> None:
    stranger = HostFactory()

    assert erase_invitee(email=IRIS, host=stranger) == Counts(0, 0, 0, 0)
    assert [each["recipient"] for each in sealed()] == ["Iris@example.com", "bo@example.com"]
