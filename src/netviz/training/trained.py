"""What training leaves behind: the network, its history and its film, on disk and back."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.errors import DataError, Place
from netviz.network.network import Network
from netviz.network.storage import REMEDY, load, read_arrays, save
from netviz.records import RecordError, record
from netviz.training.recipe import Recipe

NETWORK_FILE = "network.npz"
FILM_FILE = "film.npz"
HISTORY_FILE = "training.json"


@dataclass(frozen=True)
class Frame:
    """One checkpoint: after `step` updates, the first layer's weights and how good they were.

    `filters` is (units, height, width, channels) float32, folded to pixels in 0..1;
    `accuracy` and `loss` are those on the validation split.
    """

    step: int
    filters: NDArray[np.float32]
    accuracy: float
    loss: float


@dataclass(frozen=True)
class Trained:
    """A trained network with the recipe and seed it came from, and its film.

    One that was trained elsewhere has neither, was validated on nothing, and its film has one
    frame; both counts are then 0.
    """

    network: Network
    recipe: Recipe | None
    seed: int | None
    steps: int
    train_count: int
    validation_count: int
    train_accuracy: float
    validation_accuracy: float | None
    film: tuple[Frame, ...]


@dataclass(frozen=True)
class _History:
    """The part of `Trained` that is kept as JSON."""

    identity: str
    recipe: Recipe | None
    seed: int | None
    steps: int
    train_count: int
    validation_count: int
    train_accuracy: float
    validation_accuracy: float | None


def save_trained(trained: Trained, folder: Path) -> None:
    """Write `trained` to `folder`: the same training gives the same bytes."""
    save(trained.network, folder / NETWORK_FILE)
    frames = trained.film
    with (folder / FILM_FILE).open("wb") as stream:
        np.savez(
            stream,
            allow_pickle=False,
            steps=np.array([frame.step for frame in frames], np.int64),
            filters=np.array([frame.filters for frame in frames], np.float32),
            accuracies=np.array([frame.accuracy for frame in frames], np.float64),
            losses=np.array([frame.loss for frame in frames], np.float64),
        )
    history = _History(
        identity=trained.network.identity,
        recipe=trained.recipe,
        seed=trained.seed,
        steps=trained.steps,
        train_count=trained.train_count,
        validation_count=trained.validation_count,
        train_accuracy=trained.train_accuracy,
        validation_accuracy=trained.validation_accuracy,
    )
    text = json.dumps(asdict(history), indent=2, allow_nan=False)
    (folder / HISTORY_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


def load_trained(folder: Path) -> Trained:
    """Read what `save_trained` wrote.

    Raises:
        DataError: a file is missing or damaged, or the three do not belong together.
    """
    network = load(folder / NETWORK_FILE)
    history = _load_history(folder / HISTORY_FILE)
    if history.identity != network.identity:
        raise DataError(
            "the history is another network's",
            place=Place(folder / HISTORY_FILE),
            expected=f"identity {network.identity[:12]}",
            got=history.identity[:12],
            remedy=REMEDY,
        )
    return Trained(
        network=network,
        recipe=history.recipe,
        seed=history.seed,
        steps=history.steps,
        train_count=history.train_count,
        validation_count=history.validation_count,
        train_accuracy=history.train_accuracy,
        validation_accuracy=history.validation_accuracy,
        film=_load_film(folder / FILM_FILE, network),
    )


def _load_history(file: Path) -> _History:
    try:
        return record(_History, json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecordError) as error:
        raise DataError(
            "not a readable training history", place=Place(file), got=str(error), remedy=REMEDY
        ) from None


def _load_film(file: Path, network: Network) -> tuple[Frame, ...]:
    arrays = read_arrays(file)
    final = network.filters()
    count = len(arrays.get("steps", ()))
    expected: dict[str, tuple[type[Any], tuple[int, ...]]] = {
        "steps": (np.int64, (count,)),
        "filters": (np.float32, (count, *final.shape)),
        "accuracies": (np.float64, (count,)),
        "losses": (np.float64, (count,)),
    }
    for name, (dtype, shape) in expected.items():
        array = arrays.get(name)
        if array is None or array.dtype != dtype or array.shape != shape or not count:
            raise DataError(
                f"the film's {name} do not fit the network",
                place=Place(file),
                expected=f"{np.dtype(dtype)} {shape}",
                got="nothing" if array is None else f"{array.dtype} {array.shape}",
                remedy=REMEDY,
            )
    if not np.array_equal(arrays["filters"][-1], final):
        raise DataError(
            "the film does not end with the network's weights", place=Place(file), remedy=REMEDY
        )
    return tuple(
        Frame(int(step), filters, float(accuracy), float(loss))
        for step, filters, accuracy, loss in zip(
            arrays["steps"], arrays["filters"], arrays["accuracies"], arrays["losses"], strict=True
        )
    )
