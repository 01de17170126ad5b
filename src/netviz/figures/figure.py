"""What a figure is: the contract between a figure's folder and the build.

A figure is a folder named by its word. Its module declares `Arguments`, a frozen dataclass of
what an author may write in the call, and two functions:

    needs(arguments) -> Needs             which networks, data sets and sweeps it reads
    draw(arguments, materials, output) -> dict[str, Json]

`draw` computes everything: it writes pictures and late data through `output` and returns the
context of the figure's Jinja fragment. The context must have `finding`, the text alternative
that states what the figure shows, and `caption`, used where the author wrote none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from PIL import Image

from netviz.analysis.evaluation import Evaluation
from netviz.analysis.sweep import Sweep
from netviz.datasets.dataset import Dataset
from netviz.training.trained import Trained

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True)
class Needs:
    """The names of what a figure reads; the build makes these first."""

    networks: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    sweeps: tuple[str, ...] = ()


@dataclass(frozen=True)
class NetworkMaterial:
    """One network as a figure sees it: its title, training, data, and answers to the test set."""

    name: str
    title: str
    trained: Trained
    dataset: Dataset
    evaluation: Evaluation


@dataclass(frozen=True)
class Materials:
    """What a figure asked for, by name. The data sets of its networks are always there."""

    networks: Mapping[str, NetworkMaterial] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    sweeps: Mapping[str, Sweep] = field(default_factory=dict)


class Output(Protocol):
    """Where a figure puts its files. Each method returns the name the page will know it by.

    Names are unique within one figure; in the page they are looked up with
    `{{ asset("name") }}`, which gives the relative URL of the hashed file.
    """

    def picture(self, name: str, image: Image.Image) -> str:
        """Write a lossless picture; `name` has no ending."""
        ...

    def data(self, name: str, value: Json) -> str:
        """Write late data: a classic script that hands `value` to the page when loaded."""
        ...


class FigureModule(Protocol):
    """A figure's Python module."""

    Arguments: type[Any]

    def needs(self, arguments: Any) -> Needs: ...  # noqa: ANN401 - each figure has its own type

    def draw(
        self,
        arguments: Any,  # noqa: ANN401 - as above
        materials: Materials,
        output: Output,
    ) -> dict[str, Json]: ...
