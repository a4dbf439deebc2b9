"""The worker in the process of the tests: a real one, on the real queue, without the second that a process takes."""

from collections.abc import Sequence

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def do_due_jobs(queues: Sequence[str] | None = None) -> None:
    """Let a worker do the jobs of the queues, or all, that are due, and end.

    The test must commit what it queues (`django_db(transaction=True)`), and empty the queue afterwards.
    """
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()):
        app.run_worker(queues=queues, wait=False, listen_notify=False, install_signal_handlers=False)
