"""The site with a counter for limits that reads, adds one and writes, for the control of the test about limits."""

from datetime import timedelta

from config.wsgi import application

# isort: split
# Models can be imported only now that Django is set up.
from bookings.views import limits
from eventtypes.clock import database_now
from eventtypes.models import RequestCount
from eventtypes.rates import Rate
from eventtypes.services.rate_limits import TooOftenError

__all__ = ["application"]


def count_request(*, action: str, subject: str, rate: Rate | None) -> None:
    """Count as somebody would who has not thought of two at once."""
    if rate is None:
        return
    values = {"count": 0, "ends_at": database_now() + timedelta(hours=1)}
    counted, _is_new = RequestCount.objects.get_or_create(key=f"{action} {subject}"[:64], defaults=values)
    counted.count += 1
    counted.save()
    if counted.count > rate.times:
        raise TooOftenError(1)


vars(limits).update(count_request=count_request)
