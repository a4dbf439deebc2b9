"""Every mail that the site sends: of each kind, to each side, before and after a change, with what a text can say."""

from collections.abc import Iterator
from pathlib import Path

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.emails import MailKind, booking_mail
from bookings.guest_emails import guest_mail
from bookings.models import Booking, Move, Party
from eventtypes.clock import database_now
from eventtypes.tasks import send_account_mail
from privatelinks.emails import expiry_digest_mail
from privatelinks.invitations import Invitation, link_mail
from privatelinks.models import PrivateLink
from tests.security.one_of_everything import Everything

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SUBJECT = "_subject.txt"


def every_mail(everything: Everything, text: str = "Ada & Co") -> list[EmailMessage]:
    """Return one of each; those about links and accounts say the text where their sender says something."""
    return [*_about_the_booking(everything), *_about_the_link(everything, text), *_about_the_account(everything, text)]


def _about_the_booking(everything: Everything) -> Iterator[EmailMessage]:
    booking = Booking.objects.select_related("host", "private_link__event_type").get(pk=everything.booking.pk)
    booking.guests, booking.spent_last_use = ["guest@example.com"], True
    former = {"former_starts_at": booking.starts_at, "former_ends_at": booking.ends_at, "was_confirmed": True}
    Move.objects.get_or_create(booking=booking, ics_sequence=1, by=Party.HOST, defaults={"at": database_now()} | former)
    for kind in MailKind:
        for change in (0, 1):
            for party in Party:
                yield booking_mail(booking, kind, party, change)
            guests = guest_mail(booking, kind, booking.guests[0], change)
            if guests is not None:
                yield guests


def _about_the_link(everything: Everything, text: str) -> Iterator[EmailMessage]:
    now = database_now()
    link = PrivateLink.objects.with_event_type().get(pk=everything.link.pk)
    yield expiry_digest_mail(everything.host, [link], now.date(), now)
    yield link_mail(link, Invitation(str(everything.booking.uid), "iris@example.com", text), now)


def _about_the_account(everything: Everything, text: str) -> list[EmailMessage]:
    """Return the mails of all templates, as the worker sends them."""
    host, before = everything.host, len(mail.outbox)
    address, _ = EmailAddress.objects.get_or_create(user=host, email=host.email)
    adapter = get_adapter()
    key = f"{user_pk_to_url_str(host)}-{default_token_generator.make_token(host)}"
    values = {
        "user": host,
        "username": host.username,
        "activate_url": adapter.get_email_confirmation_url(None, EmailConfirmationHMAC.create(address)),
        "password_reset_url": adapter.get_reset_password_from_key_url(key),
        "signup_url": f"{settings.SITE_URL}{reverse('account_signup')}",
        "user_agent": text,
        "ip": "192.0.2.1",
        "timestamp": database_now(),
        **dict.fromkeys(("from_email", "to_email", "deleted_email"), host.email),
    }
    for file in sorted(TEMPLATES.glob(f"*/email/*{SUBJECT}")):
        adapter.send_mail(str(file.relative_to(TEMPLATES)).removesuffix(SUBJECT), host.email, values)
    for job in ProcrastinateJob.objects.filter(task_name=send_account_mail.name).order_by("pk"):
        send_account_mail(**job.args)
    return list(mail.outbox[before:])
