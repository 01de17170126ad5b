"""Evaluate a network: data set and training → logits of the test set, moved, and units silenced."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import Evaluation, evaluate_with_features
from netviz.analysis.evaluation import evaluate as evaluate_network
from netviz.analysis.hidden import Survival, survival
from netviz.analysis.moving import accuracies_at_distances
from netviz.datasets.dataset import Dataset
from netviz.datasets.store import open_dataset
from netviz.elsewhere.answers import identity_of
from netviz.engine.graph import Input, Step
from netviz.training.trained import load_trained


def evaluation_step(name: str, training: Step, dataset: Input) -> Step:
    """Return the step that scores the test images with the network that `training` makes."""
    return Step(
        name=f"evaluate {name}",
        function=f"{__name__}:evaluate",
        inputs={"dataset": dataset, "training": training},
    )


def evaluate(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 - every step has the same form
    """Score the test images of `dataset` with the network of `training`."""
    dataset = open_dataset(inputs["dataset"])
    network = load_trained(inputs["training"]).network
    features = None
    if network.has_hidden_units:
        evaluation, features = evaluate_with_features(network, dataset.test)
    else:
        evaluation = evaluate_network(network, dataset.test)
    np.save(folder / "logits.npy", evaluation.logits)
    np.save(folder / "moved.npy", accuracies_at_distances(network, dataset.test, evaluation))
    if features is not None:
        left = survival(
            evaluation.logits,
            features,
            network.dense[-1].weights,
            evaluation.labels,
            network.feature_units,
        )
        np.savez(folder / "survival.npz", whole=left.whole, without=left.without)


def load_evaluation(folder: Path, dataset: Dataset, identity: str | None = None) -> Evaluation:
    """Read the answers to the test images of `dataset`, of the network of that `identity`.

    None where only its answers are known, which then name it.
    """
    logits = np.load(folder / "logits.npy", allow_pickle=False)
    labels = dataset.test.labels.astype(np.intp)
    return Evaluation(logits, labels, identity or identity_of(logits))


def load_moved(folder: Path) -> NDArray[np.float64] | None:
    """Read the accuracy on images moved to the left by each of `moving.DISTANCES`.

    None of a network that cannot be asked about them, since only its answers are known.
    """
    file = folder / "moved.npy"
    return np.load(file, allow_pickle=False) if file.is_file() else None


def load_survival(folder: Path) -> Survival | None:
    """Read what is left without each hidden unit; None of a network without such units."""
    file = folder / "survival.npz"
    if not file.is_file():
        return None
    with np.load(file, allow_pickle=False) as arrays:
        return Survival(arrays["whole"], arrays["without"])
