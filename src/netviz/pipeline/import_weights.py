"""Read a network that was trained elsewhere: data set and file → network and one frame."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from netviz.datasets.dataset import Dataset
from netviz.datasets.store import open_dataset
from netviz.elsewhere.expected import Expected
from netviz.elsewhere.parts import Order
from netviz.elsewhere.reader import read_foreign
from netviz.engine.graph import Artifact, Input, Step
from netviz.errors import Place
from netviz.limits import reading
from netviz.network.layers import ActivationName
from netviz.records import record
from netviz.training.trained import save_trained
from netviz.training.trainer import taken


@dataclass(frozen=True)
class Weights:
    """A file of a network trained elsewhere: its folder and digest, and where settings name it.

    `may_have_learnt` where netviz itself chose the test images of the network's data set.
    """

    artifact: Artifact
    place: Place
    may_have_learnt: bool


@dataclass(frozen=True)
class Import:
    """The name of a file of weights, and what its author says of the network (see `Expected`)."""

    file: str
    activation: ActivationName | None
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    is_inverted: bool
    layers: tuple[str, ...]
    epsilon: float | None
    colours: Order | None


@dataclass(frozen=True)
class Given:
    """What a step that reads weights finds: the images, the file, and what the network must be."""

    dataset: Dataset
    file: Path
    expected: Expected


def import_step(name: str, said: Import, weights: Weights, dataset: Input) -> Step:
    """Return the step that imports the weights of the network `name`."""
    title = f"import the weights of {name}"
    return weights_step(title, said, weights, dataset, function=f"{__name__}:import_weights")


def weights_step(
    name: str, said: Import, weights: Weights, dataset: Input, *, function: str
) -> Step:
    """Return the step `name`, whose `function` reads `weights` for the images of `dataset`."""
    return Step(
        name=name,
        function=function,
        parameters=asdict(said),
        inputs={"dataset": dataset, "weights": weights.artifact},
        place=weights.place,
    )


def import_weights(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Read the network in `weights` for the images of `dataset`."""
    given = given_to(inputs, parameters)
    with reading(given.file):
        network = read_foreign(given.file, given.expected)
    save_trained(taken(network, given.dataset.train), folder)


def given_to(inputs: Mapping[str, Any], parameters: Mapping[str, Any]) -> Given:
    """Return what the inputs and parameters of a step made by `weights_step` stand for."""
    dataset = open_dataset(inputs["dataset"])
    description = dataset.description
    said = asdict(record(Import, parameters))
    file = inputs["weights"] / said.pop("file")
    expected = Expected(description.image_shape, len(description.class_names), **said)
    return Given(dataset, file, expected)
