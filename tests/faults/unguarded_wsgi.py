"""The site without the guards of booking, for the controls of race tests: no lock is taken.

The constraints go with `guards.without_constraints`. What such a site gets wrong, the guards get right.
"""

from bookings.services import booking
from config.wsgi import application

__all__ = ["application"]

vars(booking).update(lock_host=lambda _host_id: None, lock_links=list)
