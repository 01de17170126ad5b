"""What every framework here does alike: it answers images, and leaves files as people save them.

A module beside this one runs in the environment of the frameworks, without netviz and pytest:

    python -m tests.elsewhere.frameworks.pytorch FOLDER

It leaves a folder for each network: the file that netviz is to read, the images with what the
framework answers to them, and what an author says of the network.
"""

import contextlib
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, int, int]
Gives = Literal["logits", "probabilities", "log probabilities"]

DOCS = Path(__file__).parents[3] / "docs"
GREY: Shape = (28, 28, 1)
COLOUR: Shape = (16, 16, 3)
COUNT = 60  # images of each network
CLASSES = 10


@dataclass(frozen=True)
class Said:
    """What is known of a network beside its file.

    Attributes:
        form: how it was saved, as the table of the documentation has it.
        file: the file's name.
        shape: (height, width, channels) of its images.
        classes: how many.
        gives: what the framework's answers are.
        settings: what an author has to say in `essay.toml`.
        why: why netviz refuses it, in a few words; empty where it is read.
        reason: what the message of the refusal has to say, as a regular expression.
    """

    form: str
    file: str
    shape: Shape = GREY
    classes: int = CLASSES
    gives: Gives = "logits"
    settings: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    reason: str = ""


def images_of(shape: Shape, count: int = COUNT) -> Array:
    """Return images of bytes: noise that is brighter at one side, as drawings are."""
    rng = np.random.default_rng(5)
    height, width, channels = shape
    ramp = np.linspace(0, 1, height)[:, None] * np.linspace(1, 0, width)
    turned = np.stack([np.rot90(ramp, k) for k in range(4)])[rng.integers(0, 4, count)]
    noise = rng.random((count, height, width, channels))
    tints = rng.uniform(0.3, 1, (count, 1, 1, channels))
    return np.rint(255 * tints * (0.6 * turned[..., None] + 0.4 * noise)).astype(np.uint8)


def pixels_of(shape: Shape, count: int = COUNT) -> Array:
    """Return them as floats of 0 to 1."""
    return (images_of(shape, count) / 255).astype(np.float32)


def labels_of(pixels: Array, classes: int = CLASSES) -> Array:
    """Return a class for each image that can be learnt: how bright its upper left corner is."""
    corner = pixels[:, : pixels.shape[1] // 2, : pixels.shape[2] // 2].mean(axis=(1, 2, 3))
    return np.asarray(np.argsort(np.argsort(corner)) * classes // len(pixels))


class Keeper:
    """Keeps one network after another in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(
        self, name: str, said: Said, write: Callable[[], object], answer: Callable[[Array], Array]
    ) -> None:
        """Let `write` save the network in its folder, and `answer` say what it gives.

        `answer` takes pixels of 0 to 1, (n, height, width, channels).
        """
        place = self.folder / name.replace(" ", "-")
        place.mkdir(parents=True)
        with contextlib.chdir(place):
            write()
            pixels = pixels_of(said.shape)
            answers = np.asarray(answer(pixels), np.float64)
            np.savez("answers.npz", pixels=pixels, answers=answers)
            Path("said.json").write_text(json.dumps(asdict(said)), encoding="utf-8")


# --- the lines that the documentation gives --------------------------------------------------


def block_of(page: str, framework: str) -> str:
    """Return the lines of Python that `page` gives for `framework`."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.search(
        rf"\*\*{re.escape(framework)}\*\*[^\n]*\n\n```python\n(.*?)```", text, re.DOTALL
    )
    assert found, f"{page} has no lines for {framework}"
    return found[1]


def line_of(page: str, start: str) -> str:
    """Return the line of Python within the prose of `page` that begins with `start`."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.search(rf"`({re.escape(start)}[^`]*)`", text)
    assert found, f"{page} has no line {start}"
    return found[1]


def run(code: str, **names: object) -> None:
    """Run lines of the documentation, in which `names` are known."""
    exec(compile(code, "documentation", "exec"), dict(names))  # noqa: S102 - our own pages


def main(package: str, make: Callable[[Keeper], None]) -> None:
    """Run a module as a program: keep its networks, and the version of `package`."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    make(Keeper(folder))
    (folder / "version.txt").write_text(version(package), encoding="utf-8")
