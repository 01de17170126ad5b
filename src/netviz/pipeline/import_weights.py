"""Read a network that was trained elsewhere: data set and file → network and one frame."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from netviz.datasets.description import Description
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


def import_step(name: str, said: Import, weights: Weights, dataset: Input) -> Step:
    """Return the step that imports the weights of the network `name`."""
    return Step(
        name=f"import the weights of {name}",
        function=f"{__name__}:import_weights",
        parameters=asdict(said),
        inputs={"dataset": dataset, "weights": weights.artifact},
        place=weights.place,
    )


def import_weights(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Read the network in `weights` for the images of `dataset`."""
    dataset = open_dataset(inputs["dataset"])
    said = record(Import, parameters)
    file = inputs["weights"] / said.file
    with reading(file):
        network = read_foreign(file, expected_of(said, dataset.description))
    save_trained(taken(network, dataset.train), folder)


def expected_of(said: Import, description: Description) -> Expected:
    """Return what the network must be for images of that description, as its author says."""
    more = asdict(said)
    del more["file"]
    return Expected(description.image_shape, len(description.class_names), **more)
