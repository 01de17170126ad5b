"""Signatures that tell what this user's builds kept from what came with a checkout.

A checkout, an archive or a pull request may bring a whole `build/`, with results of steps whose
hashes are right and whose numbers are invented. So what is kept for later builds carries an
HMAC-SHA-256 under a key that only this user has. The key lies in the user's own folder of caches;
who keeps a cache from machine to machine keeps that folder with it.
"""

import hashlib
import hmac
import os
import secrets
import stat
import sys
from pathlib import Path

from netviz.folders import default_cache_dir

KEY_BYTES = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def user_folder() -> Path:
    """Return the folder where only this user writes: NETVIZ_CACHE_DIR, or the system's for caches.

    A folder within a checkout is passed over, since anything in it may have come with it.
    """
    named = default_cache_dir().absolute()
    if not os.environ.get("NETVIZ_CACHE_DIR") or not _is_in_checkout(named):
        return named
    from platformdirs import user_cache_path  # noqa: PLC0415 - rarely needed

    return user_cache_path("netviz")


def private_name(name: str) -> str:
    """Return `name` with this user's number: several users may share a folder of caches."""
    return name if sys.platform == "win32" else f"{name}-{os.getuid()}"


def user_key() -> bytes:
    """Return this user's key, which is made when first asked for.

    A key that others could read or have written is replaced. Where none can be kept, each call
    returns a new one: then nothing that is kept is used again.
    """
    file = user_folder() / private_name("key")
    try:
        if (found := _read_private(file)) is not None:
            return found
        _make(file)
        found = _read_private(file)
    except OSError:
        found = None
    return found or secrets.token_bytes(KEY_BYTES)


def seal_of(key: bytes, content: bytes) -> str:
    """Return the seal of `content` in hexadecimal digits."""
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def is_sealed(key: bytes, content: bytes, seal: object) -> bool:
    """Say whether `seal` is that of `content`; anything but the right text is not."""
    return (
        isinstance(seal, str)
        and seal.isascii()
        and hmac.compare_digest(seal_of(key, content), seal)
    )


def is_private(status: os.stat_result) -> bool:
    """Say whether a file or folder is this user's alone, as far as the system knows of users."""
    if sys.platform == "win32":
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & OTHERS


def _is_in_checkout(folder: Path) -> bool:
    return any((one / ".git").exists() for one in (folder, *folder.parents))


def _read_private(file: Path) -> bytes | None:
    """Return the key in `file`; None where there is none, or one that may not be secret."""
    try:
        status = file.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode) or not is_private(status) or status.st_size != KEY_BYTES:
        return None
    return file.read_bytes()


def _make(file: Path) -> None:
    """Write a new key to `file`, unless another build has just done so."""
    file.parent.mkdir(parents=True, exist_ok=True)
    replaces = os.path.lexists(file)
    fresh = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
        if replaces:
            fresh.replace(file)
        else:
            _link(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)


def _link(fresh: Path, file: Path) -> None:
    """Give a key its name, where no other build was first: theirs is in use already."""
    try:
        os.link(fresh, file)
    except FileExistsError:
        return
    except OSError:  # a disk without hard links
        fresh.replace(file)
