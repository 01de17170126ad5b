"""What a recipe does to pixels before they meet the weights, and how it is undone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.network.network import Network
from netviz.network.parameters import Parameters, over
from netviz.training.batches import Examples, mean_image
from netviz.training.recipe import Recipe


@dataclass(frozen=True)
class Preparation:
    """While a network trains, its inputs are (pixels − centre) · scale.

    `centre` is (inputs,); pixels, and so `centre`, are in 0..1.
    """

    centre: NDArray[np.float64]
    scale: float

    def fold(self, parameters: Parameters) -> Network:
        """Return the network that makes of plain pixels what `parameters` make of prepared ones.

        (x − c)·s·W + b = x·(s·W) + (b − c·(s·W))
        """
        folded = over(parameters.architecture, parameters.vector.astype(np.float64))
        folded.weights[0][:] *= self.scale
        folded.biases[0][:] -= self.centre @ folded.weights[0]
        return folded.network()


def preparation_for(recipe: Recipe, examples: Examples) -> Preparation:
    """Return the preparation that `recipe` asks for; the centre is the examples' mean image."""
    inputs = examples.pixels.shape[1]
    centre = mean_image(examples) / 255 if recipe.centred else np.zeros(inputs)
    return Preparation(centre, recipe.input_scale)
