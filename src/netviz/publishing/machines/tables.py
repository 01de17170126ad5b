"""The rows of an HTML table with a word in each column, which is all that markdown can show.

A number belongs to the heading above it. So a cell that goes over several columns or rows takes as
many places here, and no row is shorter than another: markdown would move what follows to the left,
and drop what is beyond the head.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from netviz.publishing.machines.tree import Node

WIDEST, TALLEST = 1000, 65534  # columns and rows that a cell may go over (HTML, "td")
GROUPS = ("thead", "tbody", "tfoot")
# Characters that a table may repeat; a cell beyond takes one place. No table of a stranger grows
# without end.
MOST_REPEATED = 1_000_000


@dataclass(frozen=True)
class Cell:
    """A cell, with how many columns and rows it goes over."""

    node: Node
    columns: int
    rows: int


def captions(table: Node) -> Iterator[Node]:
    """Yield what a page shows above the rows of `table`."""
    yield from (one for one in table.children if isinstance(one, Node) and one.name == "caption")


def table_rows(table: Node) -> list[list[Cell]]:
    """Return the cells of each row of `table`; none goes over the end of its group of rows."""
    groups: list[list[Node]] = [[]]
    for one in table.all("tr", *GROUPS):
        if one.name == "tr":
            groups[-1].append(one)
        else:
            groups += [list(one.all("tr")), []]
    return [
        [_cell(cell, len(group) - place) for cell in row.all("th", "td")]
        for group in groups
        for place, row in enumerate(group)
    ]


def covered(rows: Sequence[Sequence[Cell]], said: Callable[[Node], str]) -> list[list[str]]:
    """Return what stands in each column of each row; `said` writes a cell.

    The first row, which markdown takes as head, has as many columns as the longest.
    """
    left = MOST_REPEATED
    lines: list[list[str]] = []
    above: dict[int, tuple[int, str]] = {}  # by column: the row in which a cell ends, and its words
    for number, row in enumerate(rows):
        above = {column: found for column, found in above.items() if found[0] > number}
        covering = {column: words for column, (_, words) in above.items()}
        line: list[str] = []
        for cell in row:
            while len(line) in covering:
                line.append(covering[len(line)])
            words = said(cell.node)
            first = len(line)
            line.append(words)
            left -= (len(words) + 1) * (cell.columns * cell.rows - 1)
            if left >= 0:
                line += [words] * (cell.columns - 1)
                ends = number + cell.rows, words
                above.update(dict.fromkeys(range(first, len(line)), ends))
        line += [covering.get(at, "") for at in range(len(line), max(covering, default=-1) + 1)]
        lines.append(line)
    if lines:
        lines[0] += [""] * (max(map(len, lines)) - len(lines[0]))
    return lines


def _cell(node: Node, rows_left: int) -> Cell:
    columns = _span(node, "colspan", WIDEST) or 1
    rows = _span(node, "rowspan", TALLEST) or rows_left  # none: all that are left
    return Cell(node, columns, min(rows, rows_left))


def _span(node: Node, attribute: str, most: int) -> int:
    """Return how many columns or rows an attribute says; one where it says nothing."""
    written = node.get(attribute).strip()
    return min(int(written), most) if written.isdecimal() and len(written) < 10 else 1
