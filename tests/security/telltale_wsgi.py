"""The site with a page of dead links that tells them apart, for the control of the test that measures its time.

It takes longer for a link that there is than for one that there is not: the database hands dead links over, and what
they are made of is looked at for so many seconds more.
"""

import os
import time

from config.wsgi import application

# isort: split
# Models can be imported only now that Django is set up.
from privatelinks.models import PrivateLink
from privatelinks.models.private_link import PrivateLinkQuerySet

__all__ = ["application"]

DELAY = float(os.environ["DELAY"])


def live(links: PrivateLinkQuerySet, now: object) -> PrivateLinkQuerySet:
    """Leave out no link."""
    return links


def is_live(link: PrivateLink, now: object) -> bool:
    """Take a moment to find a link dead."""
    time.sleep(DELAY)
    return False


PrivateLinkQuerySet.live = live  # type: ignore[assignment, method-assign]
PrivateLink.is_live = is_live  # type: ignore[assignment, method-assign]
