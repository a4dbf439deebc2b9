"""The lock on a host, the first of every transaction that books, or changes what can be booked.

Locks are taken in one order: host row, private link rows by pk, booking. What was read before a lock is stale.
"""

from django.db import connection

from eventtypes.models import Host


def lock_host(host_id: int) -> None:
    """Hold the host's row until the end of the transaction, and wait for no lock of it longer than ten seconds.

    Raises:
        Host.DoesNotExist: The host has been deleted.
        OperationalError: Somebody else held the lock for ten seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
    Host.objects.select_for_update(no_key=True).values_list("pk").get(pk=host_id)
