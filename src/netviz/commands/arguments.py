"""What the arguments of commands may be, and how one is written in a command to be copied."""

import argparse
import os
import shlex
from pathlib import Path

LAST_PORT = 65535


def positive(text: str) -> int:
    """Return a whole number of 1 or more."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected 1 or more")
    return number


def port(text: str) -> int:
    """Return the number of a port; 0 is any that is free."""
    number = int(text)
    if not 0 <= number <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"expected 0 to {LAST_PORT}")
    return number


def site_folder(text: str) -> Path:
    """Return the folder of a site, which netviz replaces whole and so must have for itself."""
    folder = Path(text)
    if Path.cwd().is_relative_to(os.path.abspath(folder)) or folder.name in {"", ".."}:  # noqa: PTH100 - with links as they are
        raise argparse.ArgumentTypeError("expected a folder of its own, such as build/site")
    return folder


def pasted(path: Path) -> str:
    """Return `path` as it can be given to a command."""
    return shlex.quote(f"./{path}" if str(path).startswith("-") else str(path))
