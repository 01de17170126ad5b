"""What a figure is: the contract between a figure's folder and the build.

A figure is a folder named by its word. Its module declares `Arguments`, a frozen dataclass of
what an author may write in the call, and one function:

    draw(arguments, materials, output) -> Drawing

The types of the arguments say what the figure reads: `network: NetworkName`,
`sweeps: tuple[SweepName, ...]`. The build makes these first and gives them to `draw`, which
computes everything: it writes pictures and late data through `output` and returns the finding, the
caption, what a reader can set, the context of the figure's Jinja fragment and the configuration of
its script.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Protocol, TypeAlias, Union, get_args, get_origin
from typing import get_type_hints as hints_of

from PIL import Image

from netviz.analysis.spread import Spread, spread
from netviz.analysis.sweep import Sweep
from netviz.datasets.dataset import Dataset
from netviz.figures.states import Setting
from netviz.figures.words import Joined, Number, Said, Words
from netviz.measurements.material import NetworkMaterial
from netviz.records import Json

__all__ = [
    "Asset",
    "Cell",
    "Config",
    "DatasetName",
    "Drawing",
    "FigureModule",
    "Json",
    "Materials",
    "NetworkMaterial",
    "NetworkName",
    "Output",
    "Reference",
    "References",
    "SeededNetworkName",
    "SweepName",
    "references",
]

Config: TypeAlias = (
    "bool | int | float | str | Asset | Number | Words | Joined"
    " | Sequence[Config] | Mapping[str, Config] | None"
)
Cell: TypeAlias = str | int | float | None  # of a table; None is empty


@dataclass(frozen=True)
class Reference:
    """What a text among the arguments names; `kind` is a field of `References`."""

    kind: Literal["networks", "datasets", "sweeps", "seeds"]


NetworkName: TypeAlias = Annotated[str, Reference("networks")]
# A network whose accuracy from all of its seeds is read too.
SeededNetworkName: TypeAlias = Annotated[str, Reference("networks"), Reference("seeds")]
DatasetName: TypeAlias = Annotated[str, Reference("datasets")]
SweepName: TypeAlias = Annotated[str, Reference("sweeps")]


@dataclass(frozen=True)
class References:
    """The names of what a figure reads, each once, in the order of its arguments."""

    networks: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    sweeps: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()


def references(arguments: Any) -> References:  # noqa: ANN401 - each figure has its own type
    """Return what `arguments` name, by the types of their fields."""
    found: dict[str, dict[str, None]] = {one.name: {} for one in fields(References)}
    for kind, name in _references(type(arguments), arguments):
        found[kind][name] = None
    return References(**{kind: tuple(names) for kind, names in found.items()})


def _references(hint: Any, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any annotation and its value
    """Yield kind and name of each reference in `value`, which is annotated with `hint`."""
    if isinstance(value, str):
        kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
        marks = (mark for kind in kinds for mark in getattr(kind, "__metadata__", ()))
        yield from ((mark.kind, value) for mark in marks if isinstance(mark, Reference))
    elif get_origin(hint) in (Union, UnionType):
        for kind in get_args(hint):
            yield from _references(kind, value)
    elif isinstance(value, tuple):
        kinds = get_args(hint)
        each = kinds[:1] * len(value) if Ellipsis in kinds else kinds
        for kind, item in zip(each, value, strict=False):  # a union may hold other tuples
            yield from _references(kind, item)
    elif is_dataclass(value) and isinstance(hint, type):
        hints = hints_of(hint, include_extras=True)
        for one in fields(value):
            yield from _references(hints[one.name], getattr(value, one.name))


@dataclass(frozen=True)
class Materials:
    """What a figure asked for, by name. The data sets of its networks are always there.

    `accuracies` holds for each `SeededNetworkName` those on the test set, one a seed.
    """

    networks: Mapping[str, NetworkMaterial] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    sweeps: Mapping[str, Sweep] = field(default_factory=dict)
    accuracies: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def accuracy(self, name: str) -> Spread:
        """Return the accuracy of a network over its seeds; over one where no others are known."""
        known = self.accuracies.get(name) or (self.networks[name].evaluation.accuracy,)
        return spread(known)


@dataclass(frozen=True)
class Asset:
    """The address of a file that the figure wrote under `name`, known when the page is composed."""

    name: str


@dataclass(frozen=True)
class Drawing:
    """What a figure draws besides its files.

    Attributes:
        finding: the text alternative, a sentence or more that states what the figure shows. Like
            the caption it is made with `figures.words`, so that each language can say it.
        caption: used where the author wrote none.
        states: what a reader can set, in the order in which the page sets it.
        context: what the figure's Jinja fragment knows, beside `config`.
        config: what the figure's script finds in `this.config`.
    """

    finding: Said
    caption: Said
    states: tuple[Setting, ...] = ()
    context: Mapping[str, Config] = field(default_factory=dict)
    config: Mapping[str, Config] = field(default_factory=dict)


class Output(Protocol):
    """Where a figure puts its files. Each method returns the name the page will know it by.

    Names are unique within one figure. In the fragment they are looked up with
    `{{ asset("name") }}`, which gives the relative URL of the hashed file; in the configuration
    `Asset("name")` stands for that URL.
    """

    def picture(self, name: str, image: Image.Image) -> str:
        """Write a lossless picture; `name` has no ending."""
        ...

    def data(self, name: str, value: Json) -> str:
        """Write late data: a classic script that hands `value` to the page when loaded."""
        ...

    def table(self, name: str, rows: Iterable[Sequence[Cell]]) -> str:
        """Write numbers for readers to take along, as CSV; the first row names the columns."""
        ...

    def animation(self, name: str, frames: Sequence[Image.Image]) -> str:
        """Write two frames or more, of one size, for readers to take along; no page shows them."""
        ...


class FigureModule(Protocol):
    """A figure's Python module."""

    Arguments: type[Any]

    def draw(
        self,
        arguments: Any,  # noqa: ANN401 - each figure has its own type
        materials: Materials,
        output: Output,
    ) -> Drawing: ...
