"""Train a network: data set → network, history and film (`training.trained.load_trained`)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from netviz.datasets.dataset import Dataset, Split
from netviz.datasets.store import open_dataset
from netviz.engine.graph import Input, Step
from netviz.errors import DataError, Place
from netviz.network.layers import ActivationName
from netviz.network.network import Network, dense_network
from netviz.network.written import network_of_layers
from netviz.records import record
from netviz.training.recipe import Recipe
from netviz.training.trained import save_trained
from netviz.training.trainer import train as train_network


@dataclass(frozen=True)
class Training:
    """All that decides a training besides its data: recipe, seed, and the layers to start from.

    These are `layers` as the settings write them; where they are empty, dense layers with `hidden`
    units and an `activation` between them. With `shuffled_labels` the labels are permuted first:
    the control of an experiment.
    """

    recipe: Recipe
    seed: int
    hidden: tuple[int, ...] = ()
    activation: ActivationName = "relu"
    layers: tuple[str, ...] = ()
    shuffled_labels: bool = False

    def start(self, dataset: Dataset) -> Network:
        """Return the untrained network for the images and classes of `dataset`."""
        image_shape = dataset.description.image_shape
        classes = len(dataset.description.class_names)
        if self.layers:
            return network_of_layers(self.layers, image_shape, classes)
        return dense_network(image_shape, self.hidden, classes, self.activation)


def training_step(name: str, training: Training, dataset: Input) -> Step:
    """Return the step that trains the network `name` from one seed."""
    return Step(
        name=f"train {name}, seed {training.seed}",
        function=f"{__name__}:train",
        parameters=asdict(training),
        inputs={"dataset": dataset},
        weight=20.0 if training.layers else 3.0 if training.hidden else 1.0,
    )


def train(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Train one network on `dataset`."""
    dataset = open_dataset(inputs["dataset"])
    training = record(Training, parameters)
    split = dataset.train
    if training.shuffled_labels:
        labels = np.random.default_rng(training.seed).permutation(split.labels)
        split = Split(split.images, labels)
    try:
        trained = train_network(training.start(dataset), training.recipe, split, training.seed)
    except DataError as error:
        raise error.at(Place(f"the data set {dataset.description.title!r}")) from None
    save_trained(trained, folder)
