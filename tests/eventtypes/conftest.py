"""Fixtures for the tests of eventtypes: mails that were queued can be sent."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import Max
from procrastinate.contrib.django.models import ProcrastinateJob

from eventtypes.tasks import send_account_mail
from tests.due_jobs import do_due_jobs


@pytest.fixture
def queued_mails(db: None, mailoutbox: list[EmailMessage]) -> Callable[[], list[EmailMessage]]:
    """Return what sends the mails about accounts that have been queued since, and returns them in order."""
    last_before = ProcrastinateJob.objects.aggregate(last=Max("pk", default=0))["last"]

    def send() -> list[EmailMessage]:
        mailoutbox.clear()
        queued = ProcrastinateJob.objects.filter(pk__gt=last_before, task_name=send_account_mail.name)
        for job in queued.order_by("pk"):
            send_account_mail(**job.args)
        return mailoutbox

    return send


@pytest.fixture
def empty_queue(transactional_db: None) -> Iterator[None]:
    """Begin and end without jobs: a test that commits has to see to it, as their tables are not flushed."""
    _empty_queue()
    yield
    _empty_queue()


@pytest.fixture
def run_jobs(empty_queue: None) -> Callable[[], None]:
    """Return what lets a real worker do the jobs that are due."""
    return do_due_jobs


def _empty_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers, procrastinate_workers CASCADE")
    # Nor is the table of what accounts count.
    cache.clear()
