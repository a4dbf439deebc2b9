"""Limits on how often something may be done, counted by the database for all processes and machines together."""

from django.db import connection
from django.utils.crypto import salted_hmac

from eventtypes.clock import database_now
from eventtypes.models import RequestCount
from eventtypes.rates import Rate

# One statement: two requests at the same moment are two, whoever of them is first.
COUNT = """
    INSERT INTO eventtypes_requestcount AS counted (key, count, ends_at)
    VALUES (%(key)s, 1, clock_timestamp() + %(seconds)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN counted.ends_at > clock_timestamp() THEN counted.count + 1 ELSE 1 END,
        ends_at = CASE WHEN counted.ends_at > clock_timestamp() THEN counted.ends_at ELSE excluded.ends_at END
    RETURNING count, ceil(extract(epoch FROM ends_at - clock_timestamp()))::int
"""


class TooOftenError(Exception):
    """It was done too often; `retry_after` says in how many seconds it can be done again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


def count_request(*, action: str, subject: str, rate: Rate | None) -> None:
    """Count that the subject (an address) asks for the action once more (one query); without a rate, do nothing.

    It is counted in a transaction of its own, if no other one is going on: what fails afterwards was asked for, too.

    Raises:
        TooOftenError: That is more often than the rate allows.
    """
    if rate is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": _key(action, subject), "seconds": rate.period.total_seconds()})
        count, seconds_left = cursor.fetchone()
    if count > rate.times:
        raise TooOftenError(max(1, seconds_left))


def forget_requests(*, action: str, subject: str) -> None:
    """Forget how often the subject has asked for the action."""
    RequestCount.objects.filter(key=_key(action, subject)).delete()


def forget_old_counts() -> int:
    """Delete the counts whose period is over, and return how many there were."""
    deleted, _by_model = RequestCount.objects.filter(ends_at__lte=database_now()).delete()
    return deleted


def _key(action: str, subject: str) -> str:
    """Return a fingerprint that says neither."""
    return salted_hmac("eventtypes.rate_limits", f"{action} {subject}", algorithm="sha256").hexdigest()
