"""Jobs by the clock that keep the house: what a dead worker left is done again, what is done or over is removed."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from eventtypes.services.rate_limits import forget_old_counts

SUCCEEDED_KEPT_HOURS = 24
FAILED_KEPT_HOURS = 30 * 24


@app.periodic(cron="*/2 * * * *")
@app.task(name="eventtypes.retry_stalled_jobs", queueing_lock="eventtypes.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put back the jobs of workers that give no sign of life; a mail may go out twice then, with one Message-ID."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="eventtypes.delete_finished_jobs", queueing_lock="eventtypes.delete_finished_jobs", pass_context=True)
async def delete_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that are done after a day, and those that failed for good after a month."""
    jobs = context.app.job_manager
    await jobs.delete_old_jobs(nb_hours=SUCCEEDED_KEPT_HOURS)
    await jobs.delete_old_jobs(
        nb_hours=FAILED_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="*/15 * * * *")
@app.task(name="eventtypes.delete_old_counts", queueing_lock="eventtypes.delete_old_counts")
def delete_old_counts(timestamp: int) -> None:
    """Delete what was counted for limits whose period is over."""
    forget_old_counts()
