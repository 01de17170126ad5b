"""How unexpected exceptions are reported: one line, and a file with the traceback."""

import contextlib
import io
import os
import platform
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netviz import __version__
from netviz.engine.disk import disk_faults
from netviz.errors import NetvizError, Place, SiteError


def as_fault(error: Exception) -> NetvizError:
    """Return `error` as a message for the user: what the system refused, or a bug of netviz."""
    if isinstance(error, NetvizError):
        return error
    if isinstance(error, OSError):
        return _refused(error)
    if isinstance(error, MemoryError):
        return SiteError("the memory of this machine ran out", remedy="Close other programs.")
    said = " ".join(traceback.format_exception_only(error)).strip()
    said = "; ".join(line.strip() for line in said.splitlines())
    trace = "".join(traceback.format_exception(error))
    kept = _kept(trace)
    written = f"The traceback is in {kept}." if kept else f"The traceback is:\n{trace}"
    return SiteError(f"this is a fault of netviz: {said}", remedy=f"{written} Please report it.")


def hang_up() -> None:
    """Point an output stream that was closed at the null device, so that its flush cannot fail."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def open_streams() -> None:
    """Let a message get out, whatever alphabet its stream has; a missing stream leads nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8", newline="\n"))  # noqa: SIM115 - for as long as it runs
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Let the signal that asks a process to end be answered as Ctrl-C is: all is cleared up."""
    if threading.current_thread() is not threading.main_thread():  # no signal gets there
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _refused(error: OSError) -> NetvizError:
    """Return what the system would not do, and with which file."""
    try:
        with disk_faults(Path(error.filename or "")):
            raise error
    except SiteError as known:
        if not error.filename:
            known.place = None
        return known
    except OSError:
        place = Place(error.filename) if error.filename else None
        return SiteError(f"the system refuses: {error.strerror or error}", place=place)


def _kept(trace: str) -> str | None:
    """Write a traceback to a new file that only this user can read; return its path."""
    about = f"netviz {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    try:
        descriptor, file = tempfile.mkstemp(prefix="netviz-", suffix=".txt")
        with os.fdopen(descriptor, "wb") as stream:
            text = f"{about}{sys.argv}\n\n{trace}"
            stream.write(text.encode(errors="backslashreplace"))
    except OSError:
        return None
    return file
