"""Networks whose layers the settings name in words: `layers = ["conv 5x5x8", "relu", …]`.

The words say what there is and in which order; the file has the arrays. Convolutions, dense layers
and batch normalisations of the file are put in the order of their numbers, each kind by itself, or,
where that does not tell, in the only order that the shapes leave. `"conv 5x5x8: stem"` names the
one that is meant. Every part of the file has its word, or ends the reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from netviz.elsewhere.allotment import allotted, named_apart
from netviz.elsewhere.channels_last import MLX_SAVES
from netviz.elsewhere.faults import fault
from netviz.elsewhere.parts import ACTIVATION, Dense, Filters, Numbers, Order, Scaling
from netviz.errors import DataError, listed
from netviz.network import layers as ours
from netviz.network.layers import Layer, Shape
from netviz.network.layers.windows import IMAGE
from netviz.network.network import ImageShape
from netviz.network.written import Written, fitted, read_layers, shape_in_words
from netviz.records import RecordError

Parts = Sequence[Dense | Filters | Scaling]
P = TypeVar("P", Dense, Filters, Scaling)
WITHOUT_FRAMEWORK = (
    'the setting colours = "planes" (map by map, as PyTorch flattens) or "pixels" (as Keras and'
    " Flax do)"
)


@dataclass(frozen=True)
class Said:
    """What is known of a network beside the arrays: its images, its classes, and its words.

    `order` is how numbers of images and maps follow where they are flattened; None where neither
    the settings nor the names of arrays tell.
    """

    image_shape: ImageShape
    classes: int
    texts: tuple[str, ...]
    order: Order | None


def are_words(texts: Sequence[str], parts: Parts) -> bool:
    """Say whether `texts` are layers in words, and not the names of the dense layers of a file."""
    names = {part.name for part in parts} | {ACTIVATION}
    if not texts or set(texts) <= names:
        return False
    if any(isinstance(part, Filters) for part in parts):
        return True
    try:
        read_layers([named_apart(text)[0] for text in texts])
    except RecordError:
        return False
    return True


def layers_of(parts: Parts, said: Said, file: Path) -> list[Layer]:
    """Return the layers that `said` names in words, with the arrays of `parts` of 64 bits.

    Raises:
        DataError: a text is no layer, a layer has no arrays or others than its text says, or some
            arrays belong to no layer.
    """
    words = _written(parts, said)
    names = [named_apart(text)[1] for text in said.texts] + [""] * (len(words) - len(said.texts))
    found = allotted(words, names, parts, file)
    _check_biases(words, found, file)
    made = _Made(said, file)
    for index, (written, part) in enumerate(zip(words, found, strict=True)):
        made.add(written, part, index)
    return made.layers


def _written(parts: Parts, said: Said) -> list[Written]:
    """Return the words, with the last dense layer, which need not be written."""
    try:
        words = list(read_layers([named_apart(text)[0] for text in said.texts]))
    except RecordError as error:
        raise _refused(error) from None
    dense = sum(isinstance(part, Dense) for part in parts)
    last = words[-1]
    if last.word == "dense" and not last.numbers:
        words[-1] = replace(last, numbers=(said.classes,))
    elif sum(one.word == "dense" for one in words) + 1 == dense:
        words.append(Written("the last, dense", "dense", (said.classes,)))
    return words


def _refused(error: RecordError) -> DataError:
    details = {name: getattr(error, name) for name in ("expected", "got", "nearest", "remedy")}
    return DataError(f"'layers': {error.problem}", **details)


def _check_biases(
    words: Sequence[Written], parts: Sequence[Dense | Filters | Scaling | None], file: Path
) -> None:
    """Refuse one layer without biases among others: they may be there under another name."""
    weighted = [part for part in parts if isinstance(part, Dense | Filters)]
    if all(part.bias is None for part in weighted):
        return
    following = [one.word for one in words[1:]] + [""]
    for part, after in zip(parts, following, strict=True):
        if isinstance(part, Dense | Filters) and part.bias is None and after != "batch norm":
            raise fault(
                file,
                f"{part.name} has no biases, though other layers have some",
                expected="biases for its units",
                got="none",
                remedy="If it has none, save zeros under the name that they would have.",
            )


# --- from a word and a part to a layer -------------------------------------------------------


@dataclass
class _Made:
    """The layers so far, and what arrives at the next one.

    `flattened` is the shape of the maps that were flattened, as long as their numbers still follow
    each other as the framework put them.
    """

    said: Said
    file: Path

    def __post_init__(self) -> None:
        self.layers: list[Layer] = []
        self.shape: Shape = self.said.image_shape
        self.flattened: Shape | None = None

    def add(self, written: Written, part: Dense | Filters | Scaling | None, index: int) -> None:
        try:
            layer, _ = fitted(written, self.shape, index)
        except RecordError as error:
            raise _refused(error) from None
        match layer, part:
            case ours.Convolution(), Filters():
                layer = self._convolution(layer, part, written)
            case ours.Dense(), Dense():
                layer = self._dense(layer, part)
            case ours.BatchNormalisation(), Scaling():
                layer = self._scaling(part)
        self._flatten(layer)
        self.layers.append(layer)
        self.shape = layer.output_shape(self.shape)

    def _flatten(self, layer: Layer) -> None:
        """Note whether numbers still follow as they were flattened above `layer`."""
        if isinstance(layer, ours.Flatten):
            self.flattened = self.shape
        elif isinstance(layer, ours.Dense | ours.GlobalAverage):
            self.flattened = None

    def _convolution(
        self, layer: ours.Convolution, part: Filters, written: Written
    ) -> ours.Convolution:
        weights = laid_out(part, layer.weights.shape, self.file)
        biases = np.zeros(layer.units) if part.bias is None else part.bias
        padding = layer.padding
        if written.is_padded and written.zeros is None and layer.stride > 1:
            padding = self._padding_with_stride(layer, part)
        return ours.Convolution(weights, biases, layer.stride, padding)

    def _padding_with_stride(self, layer: ours.Convolution, part: Filters) -> ours.Padding:
        """Return the zeros around an image where frameworks differ: Keras looks at its size."""
        of_keras = same_as_keras(self.shape, layer.size, layer.stride)
        sizes = set(layer.size)
        of_torch = layer.padding if all(size % 2 for size in sizes) else None
        if of_keras == of_torch or part.order == "pixels":
            return of_keras
        if part.order == "planes" and of_torch is not None:
            return of_torch
        raise fault(
            self.file,
            f"nothing tells how many zeros are around the image of {part.name}",
            expected="their number in 'layers', such as padded 1, which is that on each side",
            got="padded with a stride",
        )

    def _dense(self, layer: ours.Dense, part: Dense) -> ours.Dense:
        weights = laid_out(part, layer.weights.shape, self.file)
        biases = np.zeros(layer.units) if part.bias is None else part.bias
        return ours.Dense(self._by_pixel(weights), biases)

    def _scaling(self, part: Scaling) -> ours.ScaleShift:
        if part.size != self.shape[-1]:
            raise fault(
                self.file,
                f"{part.name} does not fit what arrives at it",
                expected=f"{self.shape[-1]} numbers, for {shape_in_words(self.shape)}",
                got=str(part.size),
            )
        return ours.ScaleShift(self._by_pixel(part.factor), self._by_pixel(part.offset))

    def _by_pixel(self, values: Numbers) -> Numbers:
        """Return `values`, one or one row for each flattened number, in netviz's order of these."""
        if self.flattened is None or len(self.flattened) != IMAGE:
            return values
        height, width, channels = self.flattened
        if channels == 1 or height * width == 1 or self.said.order == "pixels":
            return values
        if self.said.order is None:
            raise fault(
                self.file,
                "nothing tells how the numbers of maps follow where they are flattened",
                expected=WITHOUT_FRAMEWORK,
                got="neither",
            )
        planes = values.reshape(channels, height, width, *values.shape[1:])
        return np.moveaxis(planes, 0, 2).reshape(values.shape)


def same_as_keras(below: Shape, size: tuple[int, int], stride: int) -> ours.Padding:
    """Return the padding called "same" there: as much as it takes, the odd row and column last."""
    needed = [
        max((-(-length // stride) - 1) * stride + side - length, 0)
        for length, side in zip(below[:2], size, strict=True)
    ]
    before = [one // 2 for one in needed]
    return before[0], before[1], needed[0] - before[0], needed[1] - before[1]


def laid_out(part: Dense | Filters, shape: Shape, file: Path) -> Numbers:
    """Return the weights of `part` as netviz has them, units last, if they are of `shape`.

    Raises:
        DataError: they are of another shape, or could be laid out in two ways.
    """
    ways = [part.is_transposed] if part.is_transposed is not None else [False, True]
    fitting = [way for way in ways if turned(part.weight, is_transposed=way).shape == shape]
    if len(fitting) == 1:
        return turned(part.weight, is_transposed=fitting[0])
    if fitting:
        raise fault(
            file,
            f"neither name nor shape tells how {part.name} is laid out",
            expected="a name that says it: 0.weight as in PyTorch, 0/kernel as in Keras",
            got=str(part.weight.shape),
        )
    raise fault(
        file,
        f"{part.name} does not fit its layer",
        expected=listed([str(untold(shape, is_transposed=way)) for way in ways]),
        got=str(part.weight.shape),
        remedy=MLX_SAVES if _has_channels_last(part, shape) else None,
    )


def _has_channels_last(part: Dense | Filters, shape: Shape) -> bool:
    """Say whether filters named as in PyTorch would fit as MLX lays them out."""
    is_named = isinstance(part, Filters) and bool(part.is_transposed)
    return is_named and part.weight.transpose(1, 2, 3, 0).shape == shape


def turned(weight: Numbers, *, is_transposed: bool) -> Numbers:
    """Return weights with the units last: (inputs, units) or (rows, columns, channels, filters)."""
    if not is_transposed:
        return weight
    return weight.T if weight.ndim == 2 else weight.transpose(2, 3, 1, 0)


def untold(shape: Shape, *, is_transposed: bool) -> Shape:
    """Return the shape in the file of weights that are of `shape` here."""
    if not is_transposed:
        return shape
    return shape[::-1] if len(shape) == 2 else (shape[3], shape[2], shape[0], shape[1])
