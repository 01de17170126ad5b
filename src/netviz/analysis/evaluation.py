"""A network's answers to every image of a split, and the figures of merit that follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.dataset import Split, to_unit_range
from netviz.network.fast.forward import FastForward
from netviz.network.network import Network
from netviz.network.softmax import softmax

# Images scored at once: enough to keep the products efficient, few enough to stay in cache.
BATCH = 1000


@dataclass(frozen=True)
class Evaluation:
    """The answers of one network to one split.

    `logits` is (n, classes) float32, `labels` (n,) the true classes, `identity` the network's.
    """

    logits: NDArray[np.float32]
    labels: NDArray[np.intp]
    identity: str

    @property
    def classes(self) -> int:
        return int(self.logits.shape[1])

    @cached_property
    def probabilities(self) -> NDArray[np.float32]:
        """Softmax of the logits, (n, classes)."""
        return softmax(self.logits)

    @cached_property
    def predictions(self) -> NDArray[np.intp]:
        """The most probable class of each image, (n,)."""
        predictions: NDArray[np.intp] = self.logits.argmax(axis=1)
        return predictions

    @cached_property
    def confidences(self) -> NDArray[np.float32]:
        """The probability given to the predicted class, (n,)."""
        confidences: NDArray[np.float32] = self.probabilities.max(axis=1)
        return confidences

    @cached_property
    def correct(self) -> NDArray[np.bool_]:
        return np.equal(self.predictions, self.labels)

    @cached_property
    def accuracy(self) -> float:
        """The share of images whose most probable class is the true one."""
        return float(self.correct.mean())


def evaluate(network: Network, split: Split) -> Evaluation:
    """Score every image of `split` with `network`."""
    logits = np.concatenate([logits for _, logits in _answers(network, split)])
    return Evaluation(logits, split.labels.astype(np.intp), network.identity)


def evaluate_with_features(
    network: Network, split: Split
) -> tuple[Evaluation, NDArray[np.float32]]:
    """Score every image of `split`; return also what the last layer reads, (n, units)."""
    features, logits = map(np.concatenate, zip(*_answers(network, split), strict=True))
    return Evaluation(logits, split.labels.astype(np.intp), network.identity), features


def features_of(network: Network, split: Split) -> NDArray[np.float32]:
    """Return what the last layer of `network` makes its logits of, for every image, (n, units)."""
    return np.concatenate([features for features, _ in _answers(network, split)])


def _answers(
    network: Network, split: Split
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Yield what the last layer takes and gives, (rows, units) and (rows, classes)."""
    if network.convolutions:
        for features, logits in FastForward(network).batches(split.pixels):
            yield features.copy(), logits.copy()
        return
    for start in range(0, len(split), BATCH):
        pixels = to_unit_range(split.pixels[start : start + BATCH])
        features, logits = network.outputs(pixels)[-2:]
        yield features, logits
