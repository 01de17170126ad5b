"""What is said of the weights of single neurons."""

import math
from collections.abc import Sequence

import numpy as np

from netviz.figures.words import Number, Said, number, say, sentences
from netviz.network.network import Floats, Network

INPUT = "Input {number}: the pixel in row {row}, column {column}, with {weights} to the next layer."
INPUT_IN_COLOUR = (
    (
        "Input {number}: the red of the pixel in row {row}, column {column}, "
        "with {weights} to the next layer."
    ),
    (
        "Input {number}: the green of the pixel in row {row}, column {column}, "
        "with {weights} to the next layer."
    ),
    (
        "Input {number}: the blue of the pixel in row {row}, column {column}, "
        "with {weights} to the next layer."
    ),
)


def note(network: Network, layer: int, unit: int, names: Sequence[str]) -> Said:
    """Say of a neuron what its weights are."""
    if layer == 0:
        return _input_note(network, unit)
    if layer == len(network.dense) - 1:
        return sentences(_unit_note(network, layer, unit, names), _votes(network, unit, names))
    return _unit_note(network, layer, unit, names)


def _input_note(network: Network, unit: int) -> Said:
    _, width, channels = network.image_shape
    pixel, channel = divmod(unit, channels)
    row, column = divmod(pixel, width)
    weights = network.dense[0].weights
    return say(
        INPUT_IN_COLOUR[channel] if channels == len(INPUT_IN_COLOUR) else INPUT,
        number=_numbered(unit),
        row=number(row + 1),
        column=number(column + 1),
        weights=_range(weights[unit], limit_of(weights)),
    )


def _unit_note(network: Network, layer: int, unit: int, names: Sequence[str]) -> Said:
    below = network.dense[layer - 1]
    bias = float(below.biases[unit])
    parts: dict[str, Said] = {
        "weights": _range(below.weights[:, unit], limit_of(below.weights)),
        "bias": signed(bias, abs(bias)),
    }
    if layer == len(network.dense):
        parts["class"] = names[unit]
        return say("The output for {class}: {weights}, bias {bias}.", **parts)
    return say("Hidden unit {number}: {weights}, bias {bias}.", **parts, number=_numbered(unit))


def _votes(network: Network, unit: int, names: Sequence[str]) -> Said:
    """Say to which outputs the weights of a unit of the last hidden layer are largest."""
    votes, limit = network.dense[-1].weights[unit], limit_of(network.dense[-1].weights)
    most, least = int(votes.argmax()), int(votes.argmin())
    return say(
        "Of the outputs its weight is highest to {most} ({high}) and lowest to {least} ({low}).",
        most=names[most],
        high=signed(votes[most], limit),
        least=names[least],
        low=signed(votes[least], limit),
    )


def _range(weights: Floats, limit: float) -> Said:
    low, high = signed(weights.min(), limit), signed(weights.max(), limit)
    if len(weights) == 1:
        return say("one weight of {weight}", weight=low)
    return say(
        "{count} weights from {low} to {high}", count=number(len(weights)), low=low, high=high
    )


def _numbered(unit: int) -> Number:
    """Return the number of a neuron as an index, from 1."""
    return number(unit + 1, "d")


def limit_of(weights: Floats) -> float:
    """Return the size of the largest of `weights`."""
    return float(np.abs(weights).max())


def signed(value: float | np.floating, limit: float) -> Number:
    """Return a number with its sign, and decimals enough for two digits of the `limit`."""
    places = max(2, 1 - math.floor(math.log10(limit))) if limit else 2
    return number(float(value), f"+.{places}f")
