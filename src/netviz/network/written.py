"""Layers as an author writes them: `["conv 5x5x8", "pool 2", "relu", "flatten", "dense"]`.

Each text is a word, its numbers and its options. What a text says is known by itself; whether
a layer can take what the one below it gives is known once the shape of the images is.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from netviz.errors import nearest_name
from netviz.network.layers import (
    Activation,
    AveragePool,
    BatchNormalisation,
    Convolution,
    Dense,
    Flatten,
    GlobalAverage,
    Layer,
    MaxPool,
    Padding,
    Shape,
    same_padding,
)
from netviz.network.layers.windows import IMAGE
from netviz.network.network import ImageShape, Network
from netviz.records import RecordError

MOST_LAYERS = 100
MOST_IN_A_NUMBER = 10_000
MOST_WEIGHTS = 20_000_000  # of a layer: beyond, a build takes days, or all memory
NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Written:
    """What one text says: its word, the numbers after it, and its options.

    `zeros` are the rows and columns of zeros on each side, where they are numbered.
    """

    text: str
    word: str
    numbers: tuple[int, ...]
    stride: int | None = None
    is_padded: bool = False
    zeros: int | None = None


@dataclass(frozen=True)
class Word:
    """A word for a layer.

    Attributes:
        example: what a right text with this word looks like.
        counts: how many numbers may follow it.
        options: which options may.
        make: from the text and the shape below to the layer; ValueError where they do not fit.
    """

    example: str
    counts: tuple[int, ...]
    options: tuple[str, ...]
    make: Callable[[Written, Shape], Layer]


# --- from a word to a layer --------------------------------------------------------------------


def _convolution(written: Written, below: Shape) -> Layer:
    _image(below)
    rows, columns, filters = written.numbers
    weights = np.zeros((rows, columns, below[2], filters), np.float32)
    return Convolution(
        weights, np.zeros(filters, np.float32), written.stride or 1, _padding(written)
    )


def _padding(written: Written) -> Padding:
    if written.zeros is not None:
        return (written.zeros,) * 4
    rows, columns, _ = written.numbers
    return same_padding((rows, columns)) if written.is_padded else (0, 0, 0, 0)


def _max_pool(written: Written, below: Shape) -> Layer:
    _image(below)
    return MaxPool(written.numbers[0], written.stride or written.numbers[0])


def _average_pool(written: Written, below: Shape) -> Layer:
    _image(below)
    return AveragePool(written.numbers[0], written.stride or written.numbers[0])


def _global_average(written: Written, below: Shape) -> Layer:  # noqa: ARG001 - as every word
    _image(below)
    return GlobalAverage()


def _batch_normalisation(written: Written, below: Shape) -> Layer:  # noqa: ARG001 - as every word
    return BatchNormalisation(np.ones(below[-1], np.float32), np.zeros(below[-1], np.float32))


def _flatten(written: Written, below: Shape) -> Layer:  # noqa: ARG001 - as every word
    _image(below)
    return Flatten()


def _dense(written: Written, below: Shape) -> Layer:
    if len(below) == IMAGE:
        raise ValueError("a dense layer takes one row of numbers: put flatten or global average")
    (units,) = written.numbers
    return Dense(np.zeros((below[0], units), np.float32), np.zeros(units, np.float32))


def _image(below: Shape) -> None:
    if len(below) != IMAGE:
        raise ValueError("it takes rows and columns, and they were given up below it")


STRIDE, PADDED = "stride", "padded"
WORDS: dict[str, Word] = {
    "conv": Word("conv 5x5x8", (3,), (STRIDE, PADDED), _convolution),
    "pool": Word("pool 2", (1,), (STRIDE,), _max_pool),
    "average": Word("average 2", (1,), (STRIDE,), _average_pool),
    "global average": Word("global average", (0,), (), _global_average),
    "batch norm": Word("batch norm", (0,), (), _batch_normalisation),
    "relu": Word("relu", (0,), (), lambda _written, _below: Activation("relu")),
    "tanh": Word("tanh", (0,), (), lambda _written, _below: Activation("tanh")),
    "sigmoid": Word("sigmoid", (0,), (), lambda _written, _below: Activation("sigmoid")),
    "flatten": Word("flatten", (0,), (), _flatten),
    "dense": Word("dense 100", (0, 1), (), _dense),
}


# --- from a text to its parts ------------------------------------------------------------------


def read_layers(texts: Sequence[str]) -> tuple[Written, ...]:
    """Return what each of `texts` says.

    Raises:
        RecordError: a text has no such word, or not its numbers and options; `path` is its index.
    """
    if len(texts) > MOST_LAYERS:
        raise RecordError(
            "there are too many layers", expected=f"at most {MOST_LAYERS}", got=str(len(texts))
        )
    written = tuple(_read(text, str(index)) for index, text in enumerate(texts))
    for index, one in enumerate(written[:-1]):
        if one.word == "dense" and not one.numbers:
            _refuse(
                index, one.text, "only the last layer has its units from the classes", "dense 100"
            )
    return written


def _read(text: str, index: str) -> Written:
    word, rest = _word(text, index)
    entry = WORDS[word]
    sizes = [] if not rest or not rest[0][:1].isdigit() else rest.pop(0).split("x")
    numbers = tuple(int(size) for size in sizes if NUMBER.fullmatch(size))
    if len(numbers) != len(sizes) or len(numbers) not in entry.counts:
        _refuse(index, text, "the numbers are not those of such a layer", entry.example)
    stride, zeros, is_padded = None, None, False
    while rest:
        option = rest.pop(0)
        if option not in entry.options:
            _unknown_option(index, text, option, entry)
        if option == PADDED:
            is_padded = True
            zeros = int(rest.pop(0)) if rest and NUMBER.fullmatch(rest[0]) else None
        elif rest and NUMBER.fullmatch(rest[0]):
            stride = int(rest.pop(0))
        else:
            _refuse(index, text, "the stride has no number", f"{entry.example} stride 2")
    for number in (*numbers, *(one for one in (stride, zeros) if one is not None)):
        if not 1 <= number <= MOST_IN_A_NUMBER:
            _refuse(index, text, "a number is out of range", f"1 to {MOST_IN_A_NUMBER}")
    return Written(text, word, numbers, stride, is_padded, zeros)


def _word(text: str, index: str) -> tuple[str, list[str]]:
    """Return the word that `text` begins with, and what follows it."""
    parts = text.split()
    for count in (2, 1):
        if (word := " ".join(parts[:count])) in WORDS:
            return word, parts[count:]
    first = " ".join(part for part in parts[:2] if part.isalpha()) or text
    raise RecordError(
        f"{text!r} is no layer",
        (index,),
        expected="one of " + ", ".join(WORDS),
        nearest=nearest_name(first, WORDS),
    )


def _unknown_option(index: str, text: str, option: str, entry: Word) -> NoReturn:
    raise RecordError(
        f"{text!r} has an unknown option {option!r}",
        (index,),
        expected=" or ".join({STRIDE: "stride 2", PADDED: PADDED}[one] for one in entry.options)
        or f"{entry.example} alone",
        nearest=nearest_name(option, entry.options),
    )


def _refuse(index: str | int, text: str, problem: str, expected: str) -> NoReturn:
    raise RecordError(f"{text!r}: {problem}", (str(index),), expected=expected)


# --- from texts to a network -------------------------------------------------------------------


def network_of_layers(texts: Sequence[str], image_shape: ImageShape, classes: int) -> Network:
    """Return a network of the layers that `texts` names, one upon the other, its weights zero.

    A dense layer of one unit a class ends it, whether it is written or not.

    Raises:
        RecordError: a text is wrong, or its layer cannot take what arrives there; `path` is its
            index.
    """
    layers = tuple(layer for layer, _ in arriving(texts, image_shape, classes))
    return Network(image_shape, layers)


def arriving(
    texts: Sequence[str], image_shape: ImageShape, classes: int
) -> Iterator[tuple[Layer, Shape]]:
    """Yield each layer of `network_of_layers` with the shape that arrives at it.

    Raises:
        RecordError: as `network_of_layers`.
    """
    written = list(read_layers(texts))
    if written and written[-1].word == "dense":
        last = len(written) - 1
        if written[-1].numbers not in ((), (classes,)):
            _refuse(last, texts[-1], "the last layer has one unit a class", f"dense {classes}")
        written.pop()
    last = min(len(written), len(texts) - 1)
    shape: Shape = image_shape
    for index, one in enumerate([*written, Written("the last, dense", "dense", (classes,))]):
        layer, above = fitted(one, shape, min(index, max(last, 0)))
        yield layer, shape
        shape = above


def fitted(written: Written, below: Shape, index: int) -> tuple[Layer, Shape]:
    """Return the layer of a text and the shape that it gives for what is of the shape `below`.

    Raises:
        RecordError: the layer cannot take that shape, or gets too many weights; `path` is `index`.
    """
    if _weights(written, below) > MOST_WEIGHTS:
        _refuse(index, written.text, "it has too many weights", f"at most {MOST_WEIGHTS:,}")
    try:
        layer = WORDS[written.word].make(written, below)
        return layer, layer.output_shape(below)
    except ValueError as error:
        raise RecordError(
            f"{written.text!r} does not fit here: {error}",
            (str(index),),
            got=f"{shape_in_words(below)} arriving",
        ) from None


def _weights(written: Written, below: Shape) -> int:
    return math.prod(written.numbers) * below[-1] if written.word in ("conv", "dense") else 0


def shape_in_words(shape: Shape) -> str:
    """Return what settings call a shape: "24 by 24 in 8 maps", or "100 numbers"."""
    if len(shape) == IMAGE:
        height, width, channels = shape
        return f"{height} by {width} in {channels} map{'s' if channels > 1 else ''}"
    return f"{math.prod(shape)} numbers"
