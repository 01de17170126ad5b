"""What training leaves behind: the network, its history and its film, on disk and back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.network.network import Network
from netviz.training.recipe import Recipe


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
    """A trained network with the recipe and seed it came from, and its film."""

    network: Network
    recipe: Recipe
    seed: int
    steps: int
    train_count: int
    validation_count: int
    train_accuracy: float
    validation_accuracy: float
    film: tuple[Frame, ...]
