"""Accounts, as far as they are not django-allauth's: an e-mail address that staff has set."""

from allauth.account.models import EmailAddress
from django.db import transaction

from eventtypes.models import Host


def is_email_taken(email: str, *, by_other_than: Host) -> bool:
    """Tell whether another account has the address, confirmed or not, in capitals or not."""
    addresses = EmailAddress.objects.filter(email__iexact=email).exclude(user_id=by_other_than.pk)
    hosts = Host.objects.filter(email__iexact=email).exclude(pk=by_other_than.pk)
    return bool(email) and (addresses.exists() or hosts.exists())


@transaction.atomic
def follow_email(*, host: Host) -> None:
    """Make the address in `host.email` the one in use, not confirmed yet; the one in use before is dropped."""
    EmailAddress.objects.filter(user=host, primary=True).delete()
    if host.email:
        EmailAddress.objects.update_or_create(user=host, email=host.email, defaults={"primary": True})
