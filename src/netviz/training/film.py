"""The film of a training: at which steps to keep a frame, and how good each frame was."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.network.activations import ACTIVATIONS
from netviz.network.network import Network
from netviz.network.softmax import cross_entropy
from netviz.training.batches import Examples, chunks


def frame_steps(steps: int, frames: int) -> tuple[int, ...]:
    """Return up to `frames` step counts from 0 to `steps`, close together at first.

    Most of what can be seen happens in the first steps, so the counts after 0 grow
    geometrically. One frame alone is the last.
    """
    if frames == 1:
        return (steps,)
    chosen = [0]
    for step in np.geomspace(steps, 1, min(frames - 1, steps))[::-1]:
        chosen.append(max(chosen[-1] + 1, round(float(step))))
    return tuple(chosen)


def score(networks: Sequence[Network], examples: Examples) -> list[tuple[float, float]]:
    """Return (accuracy, loss in nats) of each network on `examples`.

    The networks share one architecture: the rows are read once and meet the first layers of
    all networks in one wide product.
    """
    units = networks[0].weights[0].shape[1]
    first = np.concatenate([network.weights[0] for network in networks], axis=1)
    first /= np.float32(255)  # the rows are 0..255
    correct = np.zeros(len(networks), np.int64)
    loss = np.zeros(len(networks))
    for rows, labels in chunks(examples):
        products = rows @ first  # (rows, networks · units)
        for k, network in enumerate(networks):
            logits = _rest(network, products[:, k * units : (k + 1) * units])
            correct[k] += np.count_nonzero(logits.argmax(axis=1) == labels)
            loss[k] += len(rows) * cross_entropy(logits, labels)
    count = len(examples)
    return [(int(c) / count, float(total) / count) for c, total in zip(correct, loss, strict=True)]


def _rest(network: Network, first_product: NDArray[Any]) -> NDArray[Any]:
    """Return the logits, given what the first layer's weights make of the pixels."""
    forward = ACTIVATIONS[network.architecture.activation].forward
    z = first_product + network.biases[0]
    for weight, bias in zip(network.weights[1:], network.biases[1:], strict=True):
        z = forward(z) @ weight + bias
    return z
