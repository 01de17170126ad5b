"""Where in a markdown text, as its author wrote it, code and formulas are."""

from itertools import accumulate

from netviz.essay.fences import Fence, fences
from netviz.essay.inline import open_formulas, spans

Region = tuple[int, int]


def line_starts(text: str) -> list[int]:
    """Return where each line of `text` starts, and where one after the last would."""
    return list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))


def fenced(text: str) -> tuple[list[Region], list[int]]:
    """Return where fenced code is, and where a fence begins that is never closed."""
    starts = line_starts(text)
    closed: list[Region] = []
    left_open: list[int] = []
    for found in fences(text.split("\n")):
        if isinstance(found, Fence):
            closed.append((starts[found.first], min(starts[found.last + 1], len(text))))
        else:
            left_open.append(starts[found])
    return closed, left_open


def without(text: str, regions: list[Region]) -> str:
    """Return `text`, as long as it was, with spaces for all but the line ends of `regions`."""
    parts: list[str] = []
    place = 0
    for start, end in regions:
        blank = "\n".join(" " * len(line) for line in text[start:end].split("\n"))
        parts += [text[place:start], blank]
        place = end
    return "".join([*parts, text[place:]])


def code_regions(text: str) -> list[Region]:
    """Return where code is, fenced or within a line, in order."""
    closed, _ = fenced(text)
    within = spans(without(text, closed))
    return sorted([*closed, *((one.start, one.end) for one in within if one.kind == "code")])


def code_and_formulas(text: str) -> list[Region]:
    """Return where code and formulas are, in order."""
    closed, _ = fenced(text)
    within = spans(without(text, closed))
    return sorted([*closed, *((one.start, one.end) for one in within)])


def left_open(text: str) -> tuple[list[int], list[int]]:
    """Return where fences and where displayed formulas begin that never end."""
    closed, fences_open = fenced(text)
    return fences_open, open_formulas(without(text, closed))
