"""What a host says about themselves: name, username, time zone, the text on the public page; and which mails to get."""

from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from django.db import transaction

from eventtypes.models import Host
from eventtypes.services.locking import lock_host


@dataclass(frozen=True, slots=True)
class Profile:
    """What others see of a host, and the zone of the host's dashboard."""

    name: str
    username: str
    time_zone: ZoneInfo
    welcome: str


@transaction.atomic
def change_profile(*, host: Host, profile: Profile) -> None:
    """Store the profile; with another username, the host's public pages move to another address.

    Raises:
        IntegrityError: Another host has just taken the username.
    """
    lock_host(host.pk)
    host = Host.objects.get(pk=host.pk)
    values = asdict(profile)
    for name, value in values.items():
        setattr(host, name, value)
    host.save(update_fields=list(values))


@transaction.atomic
def change_notifications(*, host: Host, wants_expiry_digest: bool) -> None:
    """Store which mails the host wants beside those about bookings."""
    lock_host(host.pk)
    Host.objects.filter(pk=host.pk).update(wants_expiry_digest=wants_expiry_digest)
