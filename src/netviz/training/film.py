"""The film of a training: at which steps to keep a frame, and how good each frame was."""

from collections.abc import Iterator, Sequence

import numpy as np

from netviz.network.fast.forward import FastForward
from netviz.network.layers import Array
from netviz.network.network import Network
from netviz.network.softmax import cross_entropy
from netviz.training.batches import Examples, Labels, chunks


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
    """Return (accuracy, loss in nats) of each network on `examples`; all have the same layers."""
    if networks[0].convolutions:
        return [_score_of_maps(network, examples) for network in networks]
    logits_of = _wide if networks[0].reads_pixels and networks[0].is_dense else _each
    correct = np.zeros(len(networks), np.int64)
    loss = np.zeros(len(networks))
    for labels, answers in logits_of(networks, examples):
        for k, logits in enumerate(answers):
            correct[k] += np.count_nonzero(logits.argmax(axis=1) == labels)
            loss[k] += len(labels) * cross_entropy(logits, labels)
    count = len(examples)
    return [(int(c) / count, float(total) / count) for c, total in zip(correct, loss, strict=True)]


def _score_of_maps(network: Network, examples: Examples) -> tuple[float, float]:
    """Return (accuracy, loss in nats) of a convolutional network."""
    forward = FastForward(network)
    correct, loss = 0, 0.0
    for rows, labels in chunks(examples):
        logits = np.concatenate([logits.copy() for _, logits in forward.batches(rows)])
        correct += int(np.count_nonzero(logits.argmax(axis=1) == labels))
        loss += len(labels) * cross_entropy(logits, labels)
    return correct / len(examples), loss / len(examples)


Answers = Iterator[tuple[Labels, Iterator[Array]]]


def _each(networks: Sequence[Network], examples: Examples) -> Answers:
    """Yield labels and every network's logits, chunk by chunk."""
    for rows, labels in chunks(examples):
        pixels = rows / np.float32(255)
        yield labels, (network.logits(pixels) for network in networks)


def _wide(networks: Sequence[Network], examples: Examples) -> Answers:
    """As `_each`, for dense networks: rows meet the first layers of all in one wide product."""
    firsts = [network.dense[0] for network in networks]
    units = firsts[0].units
    weights = np.concatenate([first.weights for first in firsts], axis=1)
    weights /= np.float32(255)  # the rows are 0..255
    for rows, labels in chunks(examples):
        products = rows @ weights  # (rows, networks · units)
        yield (
            labels,
            (
                _rest(network, products[:, k * units : (k + 1) * units] + firsts[k].biases)
                for k, network in enumerate(networks)
            ),
        )


def _rest(network: Network, below: Array) -> Array:
    """Return the logits, given what the first dense layer makes of the pixels."""
    for layer in network.layers[network.first_weighted + 1 :]:
        below = layer.forward(below)
    return below
