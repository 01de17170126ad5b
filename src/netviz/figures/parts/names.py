"""Names of classes where room is short: cut in the middle, or as a few letters."""

from collections.abc import Sequence

CUT = "…"


def shortened(name: str, most: int) -> str:
    """Return `name` in at most `most` characters (3 or more), its middle left out if need be.

    Long names of one data set often begin alike, or end alike, but seldom both.
    """
    if len(name) <= most:
        return name
    kept = most - len(CUT)
    head, tail = kept - kept // 3, kept // 3
    return f"{name[:head].rstrip()}{CUT}{name[-tail:].lstrip() if tail else ''}"


def are_words(names: Sequence[str]) -> bool:
    """Return True if some name is longer than a digit or two letters, and so needs more room."""
    return max(map(len, names)) > 2


def initials(names: Sequence[str], most: int = 2) -> list[str]:
    """Return for each name its shortest beginning that no other has, at most `most` letters.

    Where some have none, each is given its number from 1 instead, so that all are of one kind.
    """
    letters = ["".join(filter(str.isalnum, name)) for name in names]
    marks = [_beginning(letters, place, most) for place in range(len(names))]
    if all(marks):
        return marks
    return [str(number) for number in range(1, len(names) + 1)]


def _beginning(letters: Sequence[str], place: int, most: int) -> str:
    """Return the shortest beginning of one word that no other has; empty if it is too long."""
    own = letters[place]
    others = [other.casefold() for number, other in enumerate(letters) if number != place]
    for length in range(1, min(most, len(own)) + 1):
        start = own[:length]
        if not any(other.startswith(start.casefold()) for other in others):
            return start[0].upper() + start[1:]
    return ""
