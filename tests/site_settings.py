"""The settings of a site for tests: the real ones, but passwords are quick to check, as in the tests' own process."""

from config.settings import *  # noqa: F403 - settings are made of all names

PASSWORD_HASHERS = ["tests.passwords.QuickPasswordHasher"]
