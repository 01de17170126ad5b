"""The settings of an essay, `essay.toml`: its networks, their recipes, its sweeps."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path
from typing import Annotated, Literal

from netviz.datasets.catalogue import CATALOGUE
from netviz.datasets.description import OwnDataset
from netviz.errors import EssayError, Place, nearest_name, place_at
from netviz.essay.places import read_text
from netviz.essay.recipes import check_recipe
from netviz.limits import within_limits
from netviz.measurements.comparisons import BETWEEN
from netviz.network.layers import ActivationName
from netviz.network.written import read_layers
from netviz.records import AtMost, Count, RecordError, Seed, Within, out_of_range, record
from netviz.training.recipe import Recipe

SETTINGS_NAME = "essay.toml"
# A host, perhaps a port, and a path; marks that end an attribute or an address are none of it.
SITE_URL = re.compile(
    r"https?://(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-fA-F:.]+\])\.?(?::\d{1,5})?(?:/[\w.~!$&'()*+,;=:@%/-]*)?/"
)
OF_TRAINING = ("hidden", "seed", "more_seeds", "shuffled_labels", "shuffled_pixels", "recipe")
NAME_PATTERN = re.compile(r"[a-z][a-z0-9-]*")
SMALLEST = 1e-6  # deviation of pixels, and one over the largest: beyond, float32 loses the images
OF_WEIGHTS = (
    "accuracy",
    "pixel_mean",
    "pixel_deviation",
    "inverted",
    "colours",
    "normalisation_epsilon",
)
# Far more than an essay has use for; beyond them a build takes days, or all memory.
MOST_UNITS, MOST_LAYERS, MOST_SEEDS, MOST_SHAPES = 10_000, 20, 100, 200
HiddenLayers = Annotated[tuple[Annotated[int, Within(1, MOST_UNITS)], ...], AtMost(MOST_LAYERS)]
Seeds = Annotated[tuple[Seed, ...], AtMost(MOST_SEEDS)]
Share = Annotated[float, Within(0, 1, "0 to 1, such as 0.8867 for 88.67%")]


@dataclass(frozen=True)
class NetworkSettings:
    """One network: what it learns from, its shape, its recipe, and its seeds.

    Attributes:
        title: what captions call it, such as "one layer on MNIST".
        dataset: the data set that it learns from, by name.
        hidden: the units of each hidden layer, from the pixels on.
        activation: what hidden units apply to their sums; unless given, what a file of weights
            says, or else relu.
        seed: seed of the random numbers of the network that figures show.
        more_seeds: further seeds to train with, which show how much the accuracy owes to chance.
        shuffled_labels: train on labels that mean nothing, as the control of an experiment.
        shuffled_pixels: train and test on images whose pixels were all moved by one and the same
            shuffle, so that neighbours no longer are: the control of networks that look at
            neighbours.
        recipe: how it is trained.
        weights: instead of training, take those of this file, an `.npz`, `.safetensors` or
            `.onnx`, seen from the essay's folder; then it has no recipe, seed or `hidden`.
        answers: instead of weights, take what the network answered to the test images: an `.npz`
            with `logits` or `probabilities`, seen from the essay's folder.
        accuracy: the share of the test images that it classified correctly where it was trained, to
            the digits given, at least two; the build ends where netviz measures another.
        pixel_mean: the mean by which pixels of 0 to 1 were normalised where it was trained: one
            number, or one for each colour.
        pixel_deviation: the standard deviation, likewise; below 0 where more meant darker.
        inverted: whether 0 was white and 1 black there, before any normalisation.
        colours: how the numbers of an image in colour followed, "planes" (all of red first, as in
            PyTorch) or "pixels" (as in Keras), and those of maps where they are flattened; unless
            given, as the names of the weights tell.
        layers: in place of `hidden`, each layer as a text: "conv 5x5x8" (rows, columns, filters),
            with "stride 2", "padded" or "padded 1" after it; "pool 2" and "average 2", with
            "stride 1" after it; "global average", "batch norm", "relu", "tanh", "sigmoid",
            "flatten", "dense 100". A dense layer of one unit a class ends the network, written or
            not. With `weights`: likewise, with "padded 1" for the zeros on each side, and
            "conv 5x5x8: NAME" for the arrays that are meant; or, of dense layers alone, the names
            of layers and normalisations in order, and "activation" where it is applied. Needed for
            convolutions, and where the names in the file do not tell.
        normalisation_epsilon: the epsilon of its batch normalisations; unless given, the usual one
            of the framework (0.00001 in PyTorch and Flax, 0.001 in Keras).
    """

    title: str
    dataset: str
    hidden: HiddenLayers = ()
    activation: ActivationName | None = None
    seed: Seed = 1
    more_seeds: Seeds = ()
    shuffled_labels: bool = False
    shuffled_pixels: bool = False
    recipe: Recipe = field(default_factory=Recipe)
    weights: str | None = None
    answers: str | None = None
    accuracy: Share | None = None
    pixel_mean: float | tuple[float, ...] = 0.0
    pixel_deviation: float | tuple[float, ...] = 1.0
    inverted: bool = False
    colours: Literal["planes", "pixels"] | None = None
    layers: tuple[str, ...] = ()
    normalisation_epsilon: Annotated[float, Within(0, 1)] | None = None

    @property
    def seeds(self) -> tuple[int, ...]:
        """Every seed, the shown one first."""
        return (self.seed, *self.more_seeds)

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether a file of weights or answers takes the place of training."""
        return self.weights is not None or self.answers is not None


@dataclass(frozen=True)
class SweepSettings:
    """One sweep: the same recipe over several shapes and seeds.

    Attributes:
        dataset: the data set that all its networks learn from, by name.
        shapes: the hidden layers of each network, as in `hidden` of a network.
        seeds: each shape is trained once from each.
        activation: what hidden units apply to their sums.
        recipe: how they are trained, all alike.
    """

    dataset: str
    shapes: Annotated[tuple[HiddenLayers, ...], AtMost(MOST_SHAPES)]
    seeds: Seeds
    activation: ActivationName = "relu"
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(frozen=True)
class Settings:
    """What an essay is made of.

    Attributes:
        site_url: where the site will be published, with a slash at its end; empty where nobody
            knows yet. Feed, sitemap and canonical links need it.
        sample: build from the few hundred images that come with netviz, not from the whole data.
        pages: the pages besides index.md, without their ending, in the order of the navigation;
            those that are not named follow by name.
        page_budget_kb: what a page may weigh before its reader does anything, in kilobytes
            compressed; `netviz check` holds it to that.
        picture_budget_kb: what the pictures of the author's own on a page may weigh in kilobytes.
        datasets: the data sets that the essay brings along, by name.
        networks: the networks to train, by name.
        sweeps: the sweeps over shapes, by name.
    """

    site_url: str = ""
    sample: bool = False
    pages: tuple[str, ...] = ()
    page_budget_kb: Count = 350
    picture_budget_kb: Count = 2000
    datasets: dict[str, OwnDataset] = field(default_factory=dict)
    networks: dict[str, NetworkSettings] = field(default_factory=dict)
    sweeps: dict[str, SweepSettings] = field(default_factory=dict)

    @property
    def used_datasets(self) -> tuple[str, ...]:
        """The names of the data sets that networks and sweeps read, in order of first use."""
        names = [network.dataset for network in self.networks.values()]
        names += [sweep.dataset for sweep in self.sweeps.values()]
        return tuple(dict.fromkeys(names))


@within_limits
def read_settings(file: Path) -> Settings:
    """Read `essay.toml`.

    Raises:
        EssayError: the file is missing, is not TOML, or a setting is unknown or of the wrong
            type; the error names file and line.
    """
    if file.exists() and not file.is_file():
        raise EssayError(
            "the settings are no file", place=Place(file), remedy="Remove it, or move it away."
        )
    try:
        text = read_text(file)
        return _settings(text)
    except FileNotFoundError:
        raise EssayError(
            "there is no essay here",
            place=Place(file),
            expected=f"a file named {SETTINGS_NAME}",
            remedy="Name the folder of one, with --essay where a command takes that,"
            " or start one with: netviz new NAME",
        ) from None
    except NotADirectoryError:
        raise EssayError(
            "an essay is a folder, and this is a file",
            place=Place(file.parent),
            remedy=f"Name its folder: {file.parent.parent}",
        ) from None
    except tomllib.TOMLDecodeError as error:
        problem, place = _toml_fault(file, text, str(error))
        raise EssayError(f"not valid TOML: {problem}", place=place) from None
    except (ValueError, RecursionError) as error:  # a number or a nesting beyond all bounds
        raise EssayError(f"not valid TOML: {error}", place=Place(file, 1)) from None
    except RecordError as error:
        raise error.at(place_of(file, text, error.path)) from None


@lru_cache(maxsize=4)
def _settings(text: str) -> Settings:
    """Return the settings that a file's text makes; a preview asks for them at every edit."""
    tables = tomllib.loads(text)
    for kind in ("datasets", "networks", "sweeps"):
        _check_names(kind, tables.get(kind))
    settings = record(Settings, tables)
    _check_values(settings)
    return settings


def _check_names(kind: str, table: object) -> None:
    for name in table if isinstance(table, Mapping) else ():
        if not NAME_PATTERN.fullmatch(name):
            raise RecordError(
                f"{name!r} cannot be a name",
                (kind, name),
                expected="small letters, digits and hyphens, a letter first",
            )
        if kind == "networks" and BETWEEN in name:  # two comparisons could have one name
            raise RecordError(
                f"{name!r} is the name of a comparison", (kind, name), expected="another name"
            )


def _check_values(settings: Settings) -> None:
    """Refuse what a single number or text may be, but not here or not together."""
    if settings.site_url and not SITE_URL.fullmatch(settings.site_url):
        raise RecordError(
            "'site_url' is not the address of a site",
            ("site_url",),
            expected="https://…/, with a slash at its end",
            got=repr(settings.site_url),
        )
    for name, dataset in settings.datasets.items():
        path = ("datasets", name)
        if name in CATALOGUE:
            raise RecordError(f"{name!r} is a data set of netviz", path, expected="another name")
        _check_inside((*path, "path"), dataset.path)
        _check_classes((*path, "classes"), dataset.classes)
    for name, network in settings.networks.items():
        check_recipe(
            ("networks", name, "recipe"), network.recipe, network.layers, bool(network.hidden)
        )
        _check_weights(("networks", name), network)
    for name, sweep in settings.sweeps.items():
        check_recipe(("sweeps", name, "recipe"), sweep.recipe, (), any(sweep.shapes))


def _check_classes(path: tuple[str, ...], classes: tuple[str, ...]) -> None:
    """Refuse names of classes that a reader could not tell apart."""
    names = [unicodedata.normalize("NFC", name).strip() for name in classes]
    for number, name in enumerate(names):
        if not name:
            raise RecordError(
                "a class has no name", path, expected="a name for each", got=f"'' at {number}"
            )
        if name in names[:number]:
            got = f"{name!r} at {names.index(name)} and {number}"
            raise RecordError(
                "two classes have one name", path, expected="a name for each", got=got
            )


def _check_inside(path: tuple[str, ...], named: str) -> None:
    if "\0" in named:  # which ends a path for the system, though not for Python
        raise RecordError(f"{path[-1]!r} is no path", path, got=repr(named))
    if Path(named).is_absolute() or ".." in Path(named).parts:
        raise RecordError(
            f"{path[-1]!r} leads out of the essay's folder",
            path,
            expected="a file or folder in it",
            got=repr(named),
        )


def _check_weights(path: tuple[str, ...], network: NetworkSettings) -> None:
    """Refuse settings of training where nothing is trained, and the other way round."""
    plain = NetworkSettings(network.title, network.dataset)
    if network.answers is not None:
        _check_inside((*path, "answers"), network.answers)
        without_accuracy = (name for name in OF_WEIGHTS if name != "accuracy")
        of_others: tuple[str, ...] = (
            *OF_TRAINING,
            "activation",
            "weights",
            "layers",
            *without_accuracy,
        )
        remedy = "The answers are all that is known of this network."
    elif network.weights is not None:
        _check_inside((*path, "weights"), network.weights)
        of_others, remedy = OF_TRAINING, "The file of weights decides."
    else:
        _check_layers(path, network)
        of_others, remedy = OF_WEIGHTS, "It belongs to weights trained elsewhere."
    for name in of_others:
        if getattr(network, name) != getattr(plain, name):
            raise RecordError(f"{name!r} has no meaning here", (*path, name), remedy=remedy)
    _check_normalisation(path, network)


def _check_layers(path: tuple[str, ...], network: NetworkSettings) -> None:
    """Refuse texts that are no layers, and settings that say again what they say."""
    try:
        read_layers(network.layers)
    except RecordError as error:
        raise error.below((*path, "layers")) from None
    for name in ("hidden", "activation"):
        if network.layers and getattr(network, name):
            remedy = "The list 'layers' says it: leave one of the two out."
            raise RecordError(f"{name!r} has no meaning here", (*path, name), remedy=remedy)


def _check_normalisation(path: tuple[str, ...], network: NetworkSettings) -> None:
    """Refuse numbers by which no pixels can have been normalised."""
    for mean in as_row(network.pixel_mean):
        Within(-1 / SMALLEST, 1 / SMALLEST).check(mean, (*path, "pixel_mean"))
    for deviation in as_row(network.pixel_deviation):
        expected = f"{SMALLEST:g} to {1 / SMALLEST:g}, or as much below 0"
        if not SMALLEST <= abs(deviation) <= 1 / SMALLEST:
            raise out_of_range(deviation, (*path, "pixel_deviation"), expected)
    for name in ("pixel_mean", "pixel_deviation"):
        count = len(as_row(getattr(network, name)))
        if count not in (1, 3):
            raise out_of_range(count, (*path, name), "one number, or one for each of 3 colours")


def as_row(value: float | tuple[float, ...]) -> tuple[float, ...]:
    """Return one number or several as several."""
    return value if isinstance(value, tuple) else (value,)


def network_named(settings: Settings, name: str) -> NetworkSettings:
    """Return the settings of the network `name`.

    Raises:
        EssayError: there is no such network; the nearest name is given.
    """
    if name not in settings.networks:
        raise EssayError(
            f"unknown network {name!r}",
            expected="one of " + ", ".join(settings.networks),
            nearest=nearest_name(name, settings.networks),
            remedy=f"Networks are declared in {SETTINGS_NAME}.",
        )
    return settings.networks[name]


def _toml_fault(file: Path, text: str, message: str) -> tuple[str, Place]:
    """Return what `tomllib` says is wrong, and where; at the end of the document: its last line."""
    problem, _, where = message.rpartition(" (at ")
    if match := re.match(r"line (\d+), column (\d+)", where):
        return problem, Place(file, int(match[1]), int(match[2]))
    return problem or message, place_at(file, text, len(text.rstrip()))


def place_of(file: Path, text: str, path: tuple[str, ...]) -> Place:
    """Return the place of the key `path` in the TOML `text` of `file`, or else of its table.

    `tomllib` keeps no positions, so the lines are searched for table headers and keys. A path
    that goes on with a number means that entry of a list of texts.
    """
    table: tuple[str, ...] = ()
    found = Place(file)
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if table == path[: len(table)]:
                found = Place(file, number, header.start(1) + 1)
        elif key := re.match(r"\s*([\w\"'.-]+)\s*=", line):
            full = (*table, *(part.strip("\"'") for part in key[1].split(".")))
            if full == path[: len(full)]:
                found = Place(file, number, key.start(1) + 1)
                return _place_of_entry(file, text, found, path[len(full) :])
    return found


def _place_of_entry(file: Path, text: str, key: Place, rest: tuple[str, ...]) -> Place:
    """Return the place of the text that `rest` names in the list at `key`, or else of the key."""
    if len(rest) != 1 or not rest[0].isdigit() or key.line is None:
        return key
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: key.line - 1])
    found = re.finditer(r"#[^\n]*|\"[^\"\n]*\"|'[^'\n]*'|\]", text[start:])
    strings = takewhile(lambda one: one[0] != "]", (one for one in found if one[0][0] != "#"))
    entry = next(islice(strings, int(rest[0]), None), None)
    return place_at(file, text, start + entry.start()) if entry else key
