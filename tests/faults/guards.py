"""Taking the database's guards away from a test database, and putting them back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import BaseConstraint, Model

from bookings.models import Booking, Move
from privatelinks.models import PrivateLink

# The site without its locks.
UNGUARDED = "tests.faults.unguarded_wsgi:application"

type Guards = list[tuple[type[Model], str]]

GUARDS: Guards = [
    (PrivateLink, "private_link_not_used_more_than_allowed"),
    (Booking, "booking_host_not_booked_twice"),
    (Move, "move_changes_a_booking_once"),
]


@contextmanager
def without_constraints(guards: Guards = GUARDS) -> Iterator[None]:
    """Drop the constraints that stand behind the locks; put them back on an emptied database."""
    with connection.schema_editor() as editor:
        for model, name in guards:
            editor.remove_constraint(model, _constraint(model, name))
    try:
        yield
    finally:
        _empty_tables()
        with connection.schema_editor() as editor:
            for model, name in guards:
                editor.add_constraint(model, _constraint(model, name))


def _constraint(model: type[Model], name: str) -> BaseConstraint:
    return next(constraint for constraint in model._meta.constraints if constraint.name == name)


def _empty_tables() -> None:
    """Remove the rows that the constraints would refuse."""
    tables = ", ".join(model._meta.db_table for model in (Booking, PrivateLink))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")
