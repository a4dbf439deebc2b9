"""The settings of a site that logs all it can, and mails its errors to an administrator."""

from typing import Any

from config import settings
from config.settings import *  # noqa: F403 - settings are made of all names

ADMINS = ["admin@sidedoor.example"]
USUAL: dict[str, Any] = settings.LOGGING
LOGGING = USUAL | {
    "handlers": USUAL["handlers"]
    | {
        "admins": {
            "class": "config.redaction.RedactingAdminEmailHandler",
            "formatter": "redacting",
            "level": "ERROR",
            "include_html": True,
        },
    },
    "root": {"handlers": ["console", "admins"], "level": "DEBUG"},
    "loggers": {"django": {"handlers": []}, "procrastinate": {"level": "DEBUG"}},
}
