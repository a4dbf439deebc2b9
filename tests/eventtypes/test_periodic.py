"""Jobs by the clock, done by a real worker: what a dead worker left, and what is done."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from eventtypes.periodic import delete_finished_jobs, retry_stalled_jobs
from eventtypes.tasks import AccountMail, queue_account_mail, send_account_mail

MAIL = AccountMail(["ada@example.com"], "A subject", "A body", "<1.2.3@example.com>")


def execute(sql: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def leave_to_a_worker(*, last_sign_of_life: str) -> int:
    """Queue a mail that a worker has begun to send, and return the job's id."""
    queue_account_mail(MAIL)
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)", last_sign_of_life)
    execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)")
    return int(ProcrastinateJob.objects.get().pk)


def finish(job_id: int, *, status: str, ago: str) -> None:
    execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", status, job_id)
    execute("UPDATE procrastinate_events SET at = now() - %s::interval WHERE job_id = %s", ago, job_id)


def queue() -> int:
    queue_account_mail(MAIL)
    return int(ProcrastinateJob.objects.latest("pk").pk)


def test_mail_that_a_dead_worker_left_is_sent(run_jobs: Callable[[], None], mailoutbox: list[EmailMessage]) -> None:
    job_id = leave_to_a_worker(last_sign_of_life="5 minutes")
    app.configure_task(retry_stalled_jobs.name).defer(timestamp=0)

    run_jobs()
    run_jobs()

    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == ["<1.2.3@example.com>"]
    assert ProcrastinateJob.objects.get(pk=job_id).status == "succeeded"


def test_mail_that_a_living_worker_is_sending_is_left_to_it(
    run_jobs: Callable[[], None], mailoutbox: list[EmailMessage]
) -> None:
    job_id = leave_to_a_worker(last_sign_of_life="5 seconds")
    app.configure_task(retry_stalled_jobs.name).defer(timestamp=0)

    run_jobs()
    run_jobs()

    assert mailoutbox == []
    assert ProcrastinateJob.objects.get(pk=job_id).status == "doing"


def test_finished_jobs_are_deleted_in_time(run_jobs: Callable[[], None]) -> None:
    succeeded_long_ago, succeeded_lately, failed, failed_long_ago, waiting = (queue() for _ in range(5))
    finish(succeeded_long_ago, status="succeeded", ago="25 hours")
    finish(succeeded_lately, status="succeeded", ago="23 hours")
    finish(failed, status="failed", ago="29 days")
    finish(failed_long_ago, status="failed", ago="31 days")
    execute("UPDATE procrastinate_jobs SET scheduled_at = now() + '1 hour'::interval WHERE id = %s", waiting)
    app.configure_task(delete_finished_jobs.name).defer(timestamp=0)

    run_jobs()

    left = ProcrastinateJob.objects.filter(task_name=send_account_mail.name).order_by("pk")
    assert [job.pk for job in left] == [succeeded_lately, failed, waiting]


@pytest.mark.parametrize("task", [retry_stalled_jobs, delete_finished_jobs])
def test_job_by_the_clock_is_known_to_the_worker(task: object) -> None:
    assert task in [periodic.task for periodic in app.periodic_registry.periodic_tasks.values()]
