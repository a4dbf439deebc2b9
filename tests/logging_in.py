"""Logging in, for tests that are not about it."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from eventtypes.models import Host


def log_in(client: Client, host: Host) -> None:
    """Give the client a session of the host's, by two statements; Django's `force_login` has a dozen."""
    session = SessionStore()
    session[SESSION_KEY] = str(host.pk)
    [session[BACKEND_SESSION_KEY]] = settings.AUTHENTICATION_BACKENDS
    session[HASH_SESSION_KEY] = host.get_session_auth_hash()
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
