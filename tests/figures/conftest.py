"""Networks in miniature for figures to draw, and an output that remembers what was written."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netviz.essay.languages import ENGLISH
from netviz.essay.saying import begun, said_in
from netviz.figures.figure import Cell, Drawing, Json, NetworkMaterial
from netviz.figures.words import is_said
from tests.miniatures import NAMES, SIDE, dataset, material, network


@dataclass
class Written:
    """An output that keeps pictures and data in memory, by name."""

    pictures: dict[str, Image.Image] = field(default_factory=dict)
    values: dict[str, Json] = field(default_factory=dict)
    tables: dict[str, list[list[Cell]]] = field(default_factory=dict)
    animations: dict[str, list[Image.Image]] = field(default_factory=dict)

    def picture(self, name: str, image: Image.Image) -> str:
        self.pictures[name] = image
        return name

    def data(self, name: str, value: Json) -> str:
        self.values[name] = value
        return name

    def table(self, name: str, rows: Iterable[Sequence[Cell]]) -> str:
        self.tables[name] = [list(row) for row in rows]
        return name

    def animation(self, name: str, frames: Sequence[Image.Image]) -> str:
        self.animations[name] = list(frames)
        return name

    @staticmethod
    def floats(text: object) -> NDArray[np.float32]:
        """Return an array of numbers that travelled as base64."""
        return np.frombuffer(base64.b64decode(str(text)), "<f4")

    @staticmethod
    def bytes(text: object) -> NDArray[np.uint8]:
        """Return an array of bytes that travelled as base64."""
        return np.frombuffer(base64.b64decode(str(text)), np.uint8)


def contents(drawing: Drawing) -> dict[str, Any]:
    """Return all parts of a drawing by name, those of its script too, sayings in English."""
    texts = {"finding": drawing.finding, "caption": drawing.caption}
    parts = {**drawing.config, **drawing.context}
    told = {name: begun(said_in(ENGLISH, text)) for name, text in texts.items()}
    return {**{name: in_english(part) for name, part in parts.items()}, **told}


def in_english(part: Any) -> Any:  # noqa: ANN401 - JSON with sayings
    """Return part of a drawing with its sayings as a page in English has them."""
    if is_said(part):
        return said_in(ENGLISH, part)
    if isinstance(part, dict):
        return {name: in_english(inner) for name, inner in part.items()}
    return [in_english(inner) for inner in part] if isinstance(part, list) else part


def drawn_at_random(hidden: tuple[int, ...], channels: int, seed: int) -> NetworkMaterial:
    """Return a network of random weights: it makes mistakes of every kind."""
    rng = np.random.default_rng(seed)
    widths = (SIDE * SIDE * channels, *hidden, len(NAMES))
    layers = [rng.normal(0, 0.3, (below, above)) for below, above in pairwise(widths)]
    first, last = network(layers, channels), network([1.5 * one for one in layers], channels)
    return material(last, dataset(channels), film=[first])


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture(scope="session")
def grey() -> NetworkMaterial:
    """One layer, grey images."""
    return drawn_at_random((), 1, seed=1)


@pytest.fixture(scope="session")
def grey_again() -> NetworkMaterial:
    """A second network for the same images as `grey`, to compare with it."""
    return drawn_at_random((), 1, seed=2)


@pytest.fixture(scope="session")
def colour() -> NetworkMaterial:
    """One layer, colour images."""
    return drawn_at_random((), 3, seed=3)


@pytest.fixture(scope="session")
def deep() -> NetworkMaterial:
    """A hidden layer of four units, grey images."""
    return drawn_at_random((4,), 1, seed=4)


@pytest.fixture(scope="session")
def deep_colour() -> NetworkMaterial:
    """A hidden layer of four units, colour images."""
    return drawn_at_random((4,), 3, seed=5)
