"""Jobs by the clock about private links: hosts are told in the morning which of theirs expire soon."""

import logging

from django.db import OperationalError
from procrastinate.contrib.django import app

from eventtypes.clock import database_now
from eventtypes.models import Host
from privatelinks.services.expiry_digest import hosts_to_tell, tell_of_expiry

logger = logging.getLogger(__name__)


# Time zones differ from each other by quarters of an hour.
@app.periodic(cron="*/15 * * * *")
@app.task(name="privatelinks.tell_hosts_of_expiry", queueing_lock="privatelinks.tell_hosts_of_expiry")
def tell_hosts_of_expiry(timestamp: int) -> None:
    """Tell each host whose morning it is; who is busy now, and so locked, is told by the next run."""
    for host in hosts_to_tell(database_now()):
        try:
            tell_of_expiry(host=host)
        except Host.DoesNotExist:
            continue
        except OperationalError:
            logger.warning("Host %d is not told yet of the links that expire.", host.pk, exc_info=True)
