"""Errors about an author's own file of weights, which never advise to delete it."""

from collections.abc import Sequence
from pathlib import Path

from netviz.errors import DataError, Place


def fault(  # noqa: PLR0913 - all but one are named parts of one message
    file: Path,
    problem: str,
    *,
    expected: str | None = None,
    got: str | None = None,
    nearest: str | None = None,
    remedy: str | None = None,
) -> DataError:
    """Return the error that `file` causes; the parts are those of `NetvizError`."""
    return DataError(
        problem, place=Place(file), expected=expected, got=got, nearest=nearest, remedy=remedy
    )


def quoted(names: Sequence[str]) -> str:
    """Return `names` as a list of TOML."""
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
