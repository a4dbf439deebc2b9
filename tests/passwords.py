"""Passwords that are quick to check: the site's own way of storing them, with a single iteration."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickPasswordHasher(PBKDF2PasswordHasher):
    """Makes hashes that the real site understands, for tests only."""

    iterations = 1
