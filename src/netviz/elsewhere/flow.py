"""What flows through a graph while it is translated: the layers so far, and where numbers lie.

Graphs turn maps, flatten them in one order or another, and add axes of size 1. A network here has
one order: row, column, channel. So each value of the graph is an array that holds, in place of
numbers, their places in that order. Turning, flattening and reshaping are then done to this array,
and nothing is left to guess when weights meet it.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.bounds import MOST_NUMBERS
from netviz.elsewhere.assembly import MOST_OUTPUTS
from netviz.elsewhere.faults import fault
from netviz.elsewhere.graph import Node
from netviz.elsewhere.hints import ANSWERS
from netviz.elsewhere.parts import LARGEST_FLOAT, MATRIX, Numbers
from netviz.errors import DataError
from netviz.network.layers import (
    Dense,
    Flatten,
    GlobalAverage,
    Layer,
    Padding,
    ScaleShift,
    Shape,
)
from netviz.network.layers.windows import IMAGE
from netviz.network.written import shape_in_words

Places = NDArray[np.intp]

MOST_MADE = 2 * MOST_NUMBERS  # weights that are cast and put into layers are made twice
NO_MARGIN: Padding = (0, 0, 0, 0)
OF_SCALING = 4  # arrays of the size of a value are made to scale it


def places_of(shape: Shape) -> Places:
    """Return the value that a layer of `shape` gives; maps by channel, row and column."""
    places = np.arange(math.prod(shape)).reshape(1, *shape)
    return places.transpose(0, 3, 1, 2) if len(shape) == IMAGE else places


@dataclass
class Flow:
    """The layers so far, the shape that they give, and the value that the graph has there.

    Attributes:
        name: of the value, in the graph.
        places: the value, (1, …), each number's place among those of `shape` flattened.
        shape: what the last layer gives for one image.
        constants: the arrays that are known, by name.
        batch: the first side of what goes in, None where it is open.
        softmax: the softmax that ended the network, if there was one.
        margin: zeros that the graph has put around the maps since, for the convolution to come.
        made: how many numbers the nodes so far have made, in constants, layers and places.
    """

    file: Path
    name: str
    places: Places
    shape: Shape
    constants: dict[str, NDArray[Any]]
    batch: int | None
    layers: list[Layer] = field(default_factory=list)
    softmax: Node | None = None
    margin: Padding = NO_MARGIN
    made: int = 0

    def refused(
        self,
        node: Node,
        why: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        remedy: str | None = None,
    ) -> DataError:
        """Return the error that `node` cannot be run as it is meant."""
        problem = f"{node.called} {why}"
        return fault(self.file, problem, expected=expected, got=got, remedy=remedy)

    @property
    def sides(self) -> tuple[int, ...]:
        """The shape of the value in the graph, with the zeros around it."""
        top, left, bottom, right = self.margin
        if not any(self.margin):
            return self.places.shape
        images, channels, height, width = self.places.shape
        return images, channels, height + top + bottom, width + left + right

    # --- what a node takes -------------------------------------------------------------------

    def constant(self, node: Node, number: int) -> NDArray[Any] | None:
        """Return the input `number` of `node`; None where it has none.

        Raises:
            DataError: the input is no constant, but computed from the image.
        """
        name = node.inputs[number] if number < len(node.inputs) else ""
        if not name:
            return None
        if name not in self.constants:
            raise self.refused(node, f"does not know its input {name!r} beforehand", remedy=ANSWERS)
        return self.constants[name]

    def floats(self, node: Node, number: int) -> Numbers | None:
        """Return the input `number` of `node` as floats of 64 bits, all of them finite."""
        found = self.constant(node, number)
        if found is None:
            return None
        with np.errstate(invalid="ignore"):  # a NaN that signals is refused as any other
            array = found.astype(np.float64)
        if not array.size or not (np.abs(array) <= LARGEST_FLOAT).all():
            what = f"has numbers in {node.inputs[number]!r} that are no floats of 32 bits, or none"
            raise self.refused(node, what)
        return array

    def needed(self, node: Node, number: int) -> Numbers:
        """Return what `floats` does, of an input that must be there."""
        found = self.floats(node, number)
        if found is None:
            raise self.refused(node, f"has no input {number}")
        return found

    def count(self, node: Node, numbers: int) -> None:
        """Add what `node` makes to the numbers of all nodes; refuse more than `MOST_MADE`."""
        self.made += numbers
        if self.made > MOST_MADE:
            most = f"at most {MOST_MADE:,} in all nodes"
            raise self.refused(node, "makes too many numbers", expected=most)

    # --- what a node makes -------------------------------------------------------------------

    def add(self, node: Node, layer: Layer) -> None:
        """Put `layer` upon those so far, whose numbers then follow as they do here."""
        try:
            shape = layer.output_shape(self.shape)
        except ValueError as error:
            raise self.refused(node, f"does not fit: {error}") from None
        if math.prod(shape) > MOST_OUTPUTS:
            most = f"at most {MOST_OUTPUTS:,}"
            got = f"{math.prod(shape):,}"
            raise self.refused(node, "gives too many numbers", expected=most, got=got)
        self.count(node, sum(one.size for one in layer.arrays.values()))
        self.layers.append(layer)
        self.shape = shape
        self.places = places_of(shape)

    def check_maps(self, node: Node) -> None:
        """Refuse a value that is no maps by channel, row and column, as operations of ONNX want."""
        if len(self.shape) == IMAGE and np.array_equal(self.places, places_of(self.shape)):
            return
        raise self.refused(
            node,
            "does not get images by channel, row and column",
            got=f"shape {self.places.shape[1:]}, made of {shape_in_words(self.shape)}",
        )

    def dense(self, node: Node, weights: Numbers, biases: Numbers) -> None:
        """Put a dense layer upon all numbers, of which `weights` (numbers, units) has a row each.

        The rows follow the value, as `places` has it.
        """
        if len(weights) != self.places.size:
            got = f"{self.places.size} numbers"
            raise self.refused(node, "does not fit", expected=f"{len(weights)} numbers", got=got)
        places = self.places.ravel()
        if len(self.shape) == IMAGE:
            self.add(node, Flatten())
        turned = np.empty_like(weights)
        turned[places] = weights
        self.add(node, Dense(turned, biases))

    def scale(self, node: Node, factor: Numbers, offset: Numbers) -> None:
        """Multiply each number by `factor` and add `offset`, both of the shape of the value."""
        self.count(node, OF_SCALING * self.places.size)
        values = []
        for full in (factor, offset):
            ours = np.empty(self.places.size)
            ours[self.places.ravel()] = np.broadcast_to(full, self.places.shape).ravel()
            values.append(ours)
        if len(self.shape) == IMAGE:
            values = self._on_maps(node, values)
        self.layers.append(ScaleShift(*values))

    def _on_maps(self, node: Node, values: list[Numbers]) -> list[Numbers]:
        """Return one of `values` for each channel; of rows, flatten them here too."""
        rows = [one.reshape(-1, self.shape[2]) for one in values]
        if all((one == one[0]).all() for one in rows):
            return [np.array(one[0]) for one in rows]
        if self.places.ndim != MATRIX:
            raise self.refused(
                node,
                "has other numbers at each place of a map",
                expected="one number, or one for each channel",
                remedy=ANSWERS,
            )
        places = self.places
        self.add(node, Flatten())
        self.places = places
        return values

    def average(self, node: Node) -> None:
        """Put the mean of each map upon those so far; the value is then (1, channels)."""
        self.add(node, GlobalAverage())
