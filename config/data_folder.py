"""The folder in which an installation keeps what it makes: the embedded database, mail in files, its own secrets."""

import os
import secrets
from pathlib import Path


def data_folder() -> Path:
    """Return the folder, which SIDEDOOR_DATA moves."""
    default = Path(__file__).resolve().parent.parent / ".data"
    return Path(os.environ.get("SIDEDOOR_DATA") or default).expanduser().resolve()


def kept_secret(name: str) -> str:
    """Return the random secret of that name, made the first time it is asked for. Only its owner may read it."""
    path = data_folder() / name
    if not path.exists():
        _store_unless_there(path, secrets.token_urlsafe(50 if name == "secret_key" else 9))
    return path.read_text(encoding="ascii")


def ensure_secret_key() -> None:
    """Set SECRET_KEY to the one that the data folder keeps, unless it is set."""
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = kept_secret("secret_key")


def _store_unless_there(path: Path, text: str) -> None:
    """Write the file whole or not at all; of several processes that do so at once, the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="ascii")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
