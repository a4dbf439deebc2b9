"""The site without the guards of booking, for the controls of race tests: no lock is taken.

The constraints go with `guards.without_constraints`. What such a site gets wrong, the guards get right.
"""

from config.wsgi import application

# isort: split
# Models can be imported only now that Django is set up.
from bookings.services import booking, locking

__all__ = ["application"]

vars(booking).update(lock_host=lambda _host_id: None, lock_links=list)
vars(locking).update(take_locks=lambda _booking: None)
