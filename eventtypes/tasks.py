"""Mail as jobs: stored in the transaction of the request, sent by the worker, tried again for more than a day."""

from datetime import timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

MAIL_QUEUE = "mail"


class MailRetry(BaseRetryStrategy):
    """Try again after half a minute, then after twice as long each time, then every hour, for more than a day."""

    first_wait = timedelta(seconds=30)
    longest_wait = timedelta(hours=1)
    max_attempts = 32

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again after the job has failed `job.attempts` times before, or None to give up."""
        if job.attempts >= self.max_attempts:
            return None
        wait = min(self.first_wait * 2 ** min(job.attempts, 10), self.longest_wait)
        return RetryDecision(retry_in={"seconds": int(wait.total_seconds())})
