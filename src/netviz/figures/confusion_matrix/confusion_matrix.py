"""The confusion matrix: a table of counts, and behind each cell the images that it counts.

Rows are actual classes, columns predicted ones. A second network may be compared: the page then
switches between the two and their difference, and shows which images moved. An author chooses
which of these tables is shown first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from netviz.analysis.confusion import Confusion, confusion, flips
from netviz.errors import EssayError
from netviz.figures.confusion_matrix.moves import most_came, moves_strip, write_moves
from netviz.figures.confusion_matrix.tables import difference_table, matrix_numbers, matrix_table
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
from netviz.figures.parts.cells import ORDERS, cell_strip, samples_of, write_cells
from netviz.figures.parts.names import are_words, shortened
from netviz.figures.states import Setting, cells, choice, words
from netviz.figures.words import Said, number, say, sentences

View: TypeAlias = Literal["network", "compare", "difference"]
VIEWS: tuple[View, ...] = ("network", "compare", "difference")
FEW = 5  # classes, whose names have room beside and above the cells
MOST_LETTERS = 28  # of a name beside a row, so that rows stay of one height
MANY = 16  # classes; a table of more scrolls sideways


@dataclass(frozen=True)
class Arguments:
    """`compare` names a second network for the same data.

    `opens_on` says what is shown first: the matrix of `network` or of `compare`, or their
    difference.
    """

    network: NetworkName
    compare: NetworkName | None = None
    opens_on: View = "network"


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw the matrices and the images behind their cells.

    Raises:
        EssayError: the two networks read different data, or of one alone there is no such table.
    """
    compared = [materials.networks[name] for name in _names(arguments)]
    _check(arguments, compared)
    opens_on = VIEWS.index(arguments.opens_on)
    matrices = [confusion(material.evaluation) for material in compared]
    first = compared[0]
    names = first.dataset.description.class_names
    for material, matrix in zip(compared, matrices, strict=True):
        output.table(material.name, _counts(names, matrix))
    tables = _tables(compared, matrices)
    moved = write_moves((first, compared[1]), output) if len(compared) > 1 else None
    changes = _changes(compared) if len(compared) > 1 else None
    shown, strip = _shown(compared, matrices, opens_on, output)
    return Drawing(
        finding=(
            _gain(compared, matrices, changes)
            if changes and opens_on == len(compared)
            else _finding(compared[opens_on], matrices[opens_on])
        ),
        caption=_caption(compared, opens_on),
        states=_states(arguments, names),
        context={
            "classes": list(names),
            "words": are_words(names),
            "short": [shortened(name, MOST_LETTERS) for name in names],
            "few": len(names) <= FEW,
            "many": len(names) > MANY,
            "width": first.dataset.description.image_shape[1],
            "height": first.dataset.description.image_shape[0],
            "opening": tables[opens_on],
            "others": [
                table for place, table in enumerate(tables[: len(compared)]) if place != opens_on
            ],
            "titles": [material.title for material in compared],
            "shown": list(shown),
            "changes": changes,
            "strip": strip,
        },
        config={
            "classes": list(names),
            "width": first.dataset.description.image_shape[1],
            "height": first.dataset.description.image_shape[0],
            "matrices": [
                matrix_numbers(material, matrix)
                for material, matrix in zip(compared, matrices, strict=True)
            ],
            "samples": [_samples(material, output) for material in compared],
            "moved": moved,
            "view": opens_on,
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
    if arguments.opens_on != "network" and arguments.compare is None:
        raise EssayError(
            f"a figure of one network cannot open on {arguments.opens_on!r}",
            expected='a second network, compare="NAME"',
        )


def _tables(
    compared: Sequence[NetworkMaterial], matrices: Sequence[Confusion]
) -> list[dict[str, Json]]:
    """Return each network's table and, of two, that of their difference."""
    tables = [
        matrix_table(material, matrix) for material, matrix in zip(compared, matrices, strict=True)
    ]
    if len(compared) > 1:
        tables.append(difference_table((compared[0], compared[1]), (matrices[0], matrices[1])))
    return tables


def _counts(names: Sequence[str], matrix: Confusion) -> Iterator[Sequence[Cell]]:
    """Yield the counts, a row for each actual class and a column for each predicted one."""
    yield ["actual / predicted", *names]
    for name, row in zip(names, matrix.counts, strict=True):
        yield [name, *map(int, row)]


def _samples(material: NetworkMaterial, output: Output) -> Config:
    """Write the sheets and the index of one network's cells; return where they are."""
    sheets, cells = write_cells(material, output, material.name)
    index = output.data(f"samples-{material.name}", {"cells": cells})
    return {"sheets": sheets, "index": Asset(index)}


def _changes(compared: Sequence[NetworkMaterial]) -> dict[str, int]:
    """Return how many images only the second network, and only the first, classifies correctly."""
    changes = flips(compared[0].evaluation, compared[1].evaluation)
    return {"to_right": len(changes.to_right), "to_wrong": len(changes.to_wrong)}


def _shown(
    compared: Sequence[NetworkMaterial],
    matrices: Sequence[Confusion],
    opens_on: int,
    output: Output,
) -> tuple[tuple[int, int], dict[str, Config]]:
    """Write the images that are shown first; return their cell, and what the template needs."""
    if opens_on == len(compared):
        both = (compared[0], compared[1])
        cell = most_came(both)
        return cell, moves_strip(both, output, "shown", *cell)
    material = compared[opens_on]
    cell = _largest_confusion(material, matrices[opens_on])
    return cell, cell_strip(material, output, "shown", samples_of(material, "surest", *cell))


def _largest_confusion(material: NetworkMaterial, matrix: Confusion) -> tuple[int, int]:
    """Return the largest cell beside the diagonal; of a network that is always right, any cell."""
    if matrix.pairs:
        return matrix.pairs[0].actual, matrix.pairs[0].predicted
    return int(material.evaluation.labels[0]), int(material.evaluation.predictions[0])


def _gain(
    compared: Sequence[NetworkMaterial], matrices: Sequence[Confusion], changes: Mapping[str, int]
) -> Said:
    return say(
        "{second} reads {after} of {count} test images correctly, {first} {before}: {right} "
        "that were misread are now right, and {wrong} that were right are now misread.",
        second=compared[1].title,
        after=number(matrices[1].accuracy, ".1%"),
        count=number(matrices[1].total),
        first=compared[0].title,
        before=number(matrices[0].accuracy, ".1%"),
        right=number(changes["to_right"]),
        wrong=number(changes["to_wrong"]),
    )


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


def _caption(compared: Sequence[NetworkMaterial], opens_on: int) -> Said:
    dataset = compared[0].dataset.description.title
    if opens_on == len(compared):
        return sentences(
            say(
                "How many more test images of {dataset} each cell holds, or how many fewer, when "
                "{second} reads them instead of {first}. Pick a cell to see which came into it.",
                dataset=dataset,
                second=compared[1].title,
                first=compared[0].title,
            ),
            say("A switch shows the matrix of each."),
        )
    images = say(
        "Test images of {dataset} by actual and predicted class, as read by {network}. Pick a cell "
        "to see its images.",
        dataset=dataset,
        network=compared[opens_on].title,
    )
    both = say("A switch shows the other network, and the difference.")
    return sentences(images, both if len(compared) > 1 else None)
