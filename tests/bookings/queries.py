"""Counting queries as the promises about pages do: without the beginnings and ends of transactions."""

from django.test.utils import CaptureQueriesContext

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")


def count_queries(captured: CaptureQueriesContext) -> int:
    """Return the number of queries that were made while the context was open."""
    return sum(not query["sql"].startswith(NOT_COUNTED) for query in captured.captured_queries)
