"""The settings of a worker that gives up on a silent mail server after a second instead of twenty."""

from config import settings
from config.settings import *  # noqa: F403 - settings are made of all names

MAILER = settings.MAILERS["default"]
MAILERS = {"default": MAILER | {"OPTIONS": MAILER["OPTIONS"] | {"timeout": 1}}}
