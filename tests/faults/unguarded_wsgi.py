"""The site without the guards of booking, for the controls of race tests: no lock is taken.

The constraints go with `guards.without_constraints`. What such a site gets wrong, the guards get right.
"""

import bookings.services.booking
from config.wsgi import application

__all__ = ["application"]

bookings.services.booking.lock_host = lambda _host_id: None
bookings.services.booking.lock_links = lambda link_ids: list(link_ids)
