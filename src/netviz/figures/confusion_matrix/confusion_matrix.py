"""The confusion matrix: a table of counts, and behind each cell the images that it counts.

Rows are actual classes, columns predicted ones. A second network may be compared: the page then
switches between the two and their difference, and shows which images moved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.confusion import Confusion, confusion, flips
from netviz.analysis.evaluation import Evaluation
from netviz.errors import EssayError
from netviz.figures.figure import (
    Asset,
    Cell,
    Config,
    Drawing,
    Json,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.cells import (
    MOST,
    ORDERS,
    cell_strip,
    samples_of,
    write_cells,
    write_sheet,
)
from netviz.figures.parts.names import are_words, shortened
from netviz.figures.states import Setting, cells, choice, words
from netviz.figures.words import Said, number, say, sentences

SHADES = 20
FEW = 5  # classes, whose names have room beside and above the cells
MOST_LETTERS = 28  # of a name beside a row, so that rows stay of one height
MANY = 16  # classes; a table of more scrolls sideways


@dataclass(frozen=True)
class Arguments:
    """`compare` names a second network for the same data."""

    network: NetworkName
    compare: NetworkName | None = None


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the matrices and the images behind their cells.

    Raises:
        EssayError: the two networks read different data.
    """
    compared = [materials.networks[name] for name in _names(arguments)]
    first = compared[0]
    _check(arguments, compared)
    matrices = [confusion(material.evaluation) for material in compared]
    names = first.dataset.description.class_names
    shown = _shown(first, matrices[0])
    for material, matrix in zip(compared, matrices, strict=True):
        output.table(material.name, _table(names, matrix))
    return Drawing(
        finding=_finding(first, matrices[0]),
        caption=_caption(compared),
        states=_states(arguments, names),
        context={
            "classes": list(names),
            "words": are_words(names),
            "short": [shortened(name, MOST_LETTERS) for name in names],
            "few": len(names) <= FEW,
            "many": len(names) > MANY,
            "width": first.dataset.description.image_shape[1],
            "height": first.dataset.description.image_shape[0],
            "matrices": [
                _matrix(material, matrix)
                for material, matrix in zip(compared, matrices, strict=True)
            ],
            "shown": list(shown),
            "changes": _changes(compared) if len(compared) > 1 else None,
            "strip": cell_strip(first, output, "shown", samples_of(first, "surest", *shown)),
        },
        config={
            "classes": list(names),
            "width": first.dataset.description.image_shape[1],
            "height": first.dataset.description.image_shape[0],
            "matrices": [
                _numbers(material, matrix)
                for material, matrix in zip(compared, matrices, strict=True)
            ],
            "samples": [_samples(material, output) for material in compared],
            "moved": _moved(compared, output) if len(compared) > 1 else None,
            "shown": list(shown),
        },
    )


def _states(arguments: Arguments, names: Sequence[str]) -> tuple[Setting, ...]:
    """Return what a reader can set."""
    network, moved = [], []
    if arguments.compare is not None:
        network = [choice("network", [*_names(arguments), "difference"])]
        moved = [choice("moved", ["came", "left"])]
    cell = cells("cell", words(names), words(names))
    shown = choice("cells", ["counts", "shares"])
    return (*network, cell, choice("images", ORDERS), *moved, shown)


def _names(arguments: Arguments) -> list[str]:
    return [name for name in (arguments.network, arguments.compare) if name is not None]


def _check(arguments: Arguments, compared: Sequence[NetworkMaterial]) -> None:
    if arguments.network == arguments.compare:
        raise EssayError(
            f"{arguments.network!r} is compared with itself", expected="another network"
        )
    if len({material.dataset.digest for material in compared}) > 1:
        raise EssayError(
            f"{arguments.network!r} and {arguments.compare!r} cannot be compared",
            expected="two networks for one data set",
            got=" and ".join(material.dataset.description.title for material in compared),
        )


def shade(share: float, largest: float) -> int:
    """Return the shade of a cell, 0 to 20, for its share of the largest one."""
    return round(SHADES * share / largest) if largest and not np.isnan(share) else 0


def _matrix(material: NetworkMaterial, matrix: Confusion) -> dict[str, Json]:
    """Return one network's matrix with its shades and margins."""
    shares = matrix.row_shares
    mistakes = shares.copy()
    np.fill_diagonal(mistakes, np.nan)
    worst = 0.0 if np.isnan(mistakes).all() else float(np.nanmax(mistakes))
    rows: list[Json] = [
        [
            {"count": int(count), "shade": shade(share, 1.0 if row == column else worst)}
            for column, (count, share) in enumerate(zip(counts, in_row, strict=True))
        ]
        for row, (counts, in_row) in enumerate(zip(matrix.counts, shares, strict=True))
    ]
    return {
        **_numbers(material, matrix),
        "rows": rows,
        "worst": worst,
    }


def _numbers(material: NetworkMaterial, matrix: Confusion) -> dict[str, Json]:
    return {
        "title": material.title,
        "counts": [[int(count) for count in row] for row in matrix.counts],
        "recall": _plain(matrix.recall),
        "precision": _plain(matrix.precision),
        "accuracy": matrix.accuracy,
        "total": matrix.total,
    }


def _table(names: Sequence[str], matrix: Confusion) -> Iterator[Sequence[Cell]]:
    """Yield the counts, a row for each actual class."""
    yield ["actual", *names]
    for name, row in zip(names, matrix.counts, strict=True):
        yield [name, *map(int, row)]


def _plain(shares: NDArray[np.float64]) -> list[Json]:
    return [None if np.isnan(share) else float(share) for share in shares]


def _samples(material: NetworkMaterial, output: Output) -> Config:
    """Write the sheets and the index of one network's cells; return where they are."""
    sheets, cells = write_cells(material, output, material.name)
    index = output.data(f"samples-{material.name}", {"cells": cells})
    return {"sheets": sheets, "index": Asset(index)}


def _changes(compared: Sequence[NetworkMaterial]) -> dict[str, Json]:
    """Return how many images only the second network, and only the first, classifies correctly."""
    changes = flips(compared[0].evaluation, compared[1].evaluation)
    return {"to_right": len(changes.to_right), "to_wrong": len(changes.to_wrong)}


def _moved(compared: Sequence[NetworkMaterial], output: Output) -> Config:
    """Write the images that the second network reads differently; return where they are."""
    first, second = (material.evaluation for material in compared)
    name = f"moved-{compared[0].name}-{compared[1].name}"
    sheets: list[Config] = []
    cells: list[Json] = []
    for actual in range(first.classes):
        row = [
            (_moves(first, second, actual, cell), _moves(second, first, actual, cell))
            for cell in range(first.classes)
        ]
        chosen = np.concatenate([part.shown for pair in row for part in pair])
        sheet = write_sheet(output, f"{name}-{actual}", compared[0].dataset.test.images, chosen)
        slots = iter(sheet.slots if sheet else ())
        sheets.append(sheet.config if sheet else None)
        cells.append([[part.json(slots) for part in pair] for pair in row])
    return {"sheets": [sheets], "index": Asset(output.data(name, {"cells": cells}))}


@dataclass(frozen=True)
class _Moves:
    """Images of a cell of one matrix that the other network reads as something else.

    `total` in all; `shown` (k,) some of them, and `elsewhere` (k,) what the other reads them as.
    """

    total: int
    shown: NDArray[np.intp]
    elsewhere: NDArray[np.intp]

    def json(self, slots: Iterator[int]) -> dict[str, Json]:
        """Return the moves as the page reads them, taking each image's slot from `slots`."""
        images: list[Json] = [[next(slots), other] for other in self.elsewhere.tolist()]
        return {"total": self.total, "images": images}


def _moves(before: Evaluation, after: Evaluation, actual: int, predicted: int) -> _Moves:
    """Return the images that come into a cell when `after` answers in place of `before`."""
    inside = (after.labels == actual) & (after.predictions == predicted)
    moved = np.flatnonzero(inside & (before.predictions != predicted))
    surest = moved[np.argsort(-after.confidences[moved], kind="stable")][:MOST]
    return _Moves(len(moved), surest, before.predictions[surest])


def _shown(material: NetworkMaterial, matrix: Confusion) -> tuple[int, int]:
    """Return the cell whose images are shown first: the largest confusion, if there is any."""
    if matrix.pairs:
        return matrix.pairs[0].actual, matrix.pairs[0].predicted
    return int(material.evaluation.labels[0]), int(material.evaluation.predictions[0])


def _finding(material: NetworkMaterial, matrix: Confusion) -> Said:
    names = material.dataset.description.class_names
    overall = say(
        "{network} reads {share} of {count} test images correctly.",
        network=material.title,
        share=number(matrix.accuracy, ".1%"),
        count=number(matrix.total),
    )
    if not matrix.pairs:
        return overall
    pair = matrix.pairs[0]
    best, worst = int(np.nanargmax(matrix.recall)), int(np.nanargmin(matrix.recall))
    most = say(
        "It most often reads {actual} as {predicted}, {count} times; it finds {best} of {first} "
        "and {worst} of {last}.",
        actual=names[pair.actual],
        predicted=names[pair.predicted],
        count=number(pair.count, "d"),
        best=number(matrix.recall[best], ".1%"),
        first=names[best],
        worst=number(matrix.recall[worst], ".1%"),
        last=names[worst],
    )
    return sentences(overall, most)


def _caption(compared: Sequence[NetworkMaterial]) -> Said:
    images = say(
        "Test images of {dataset} by actual and predicted class, as read by {network}. Pick a cell "
        "to see its images.",
        dataset=compared[0].dataset.description.title,
        network=compared[0].title,
    )
    both = say("A switch shows the second network, and the difference.")
    return sentences(images, both if len(compared) > 1 else None)
