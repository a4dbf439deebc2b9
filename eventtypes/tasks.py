"""Mail as jobs: stored in the transaction of the request, sent by the worker, tried again for more than a day."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core.mail import EmailMessage
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from eventtypes.mail_refusals import is_refused_for_good
from eventtypes.sealing import seal, unseal

MAIL_QUEUE = "mail"


class MailRetry(BaseRetryStrategy):
    """Try again after half a minute, then after twice as long each time, then every hour, for more than a day.

    What the mail server refuses for good is not tried again.
    """

    first_wait = timedelta(seconds=30)
    longest_wait = timedelta(hours=1)
    max_attempts = 32

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again after the job has failed `job.attempts` times before, or None to give up."""
        if job.attempts >= self.max_attempts or is_refused_for_good(exception):
            return None
        wait = min(self.first_wait * 2 ** min(job.attempts, 10), self.longest_wait)
        return RetryDecision(retry_in={"seconds": int(wait.total_seconds())})


@dataclass(frozen=True, slots=True)
class AccountMail:
    """A mail about somebody's account, with the Message-ID that it keeps however often it is sent."""

    to: list[str]
    subject: str
    body: str
    message_id: str


def queue_account_mail(mail: AccountMail) -> None:
    """Queue the mail; it is sent if, and only if, the transaction commits.

    It is sealed: it may hold a link that resets a password, and jobs are written to the worker's log.
    """
    send_account_mail.defer(sealed=seal(asdict(mail)))


@app.task(name="eventtypes.send_account_mail", queue=MAIL_QUEUE, retry=MailRetry())
def send_account_mail(*, sealed: str) -> None:
    """Send one mail about an account; sent again, it has the same Message-ID."""
    mail = AccountMail(**unseal(sealed))
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    EmailMessage(mail.subject, mail.body, to=mail.to, headers=headers).send()
