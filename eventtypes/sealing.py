"""Seals what nobody may read on its way through the job table and the worker's log: encrypted with SECRET_KEY."""

import base64
import json
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(value: Any) -> str:
    """Return a text that only this site can read; the value may be whatever JSON can hold."""
    return _box().encrypt(json.dumps(value).encode()).decode()


def unseal(text: str) -> Any:
    """Return what was sealed, also with a former key.

    Raises:
        InvalidToken: It was not sealed here.
    """
    return json.loads(_box().decrypt(text))


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(sha256(f"eventtypes.sealing:{secret}".encode()).digest())
