"""What a recipe does to pixels before they meet the weights, and how it is undone."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from netviz.errors import EssayError
from netviz.network.layers import Dense
from netviz.network.network import Network
from netviz.network.parameters import Parameters
from netviz.training.batches import Examples, mean_image
from netviz.training.recipe import Recipe


@dataclass(frozen=True)
class Preparation:
    """While a network trains, its inputs are (pixels − centre) · scale.

    `centre` is (inputs,); pixels, and so `centre`, are in 0..1.
    """

    centre: NDArray[np.float64]
    scale: float

    @property
    def changes_pixels(self) -> bool:
        """Whether prepared pixels differ from plain ones."""
        return self.scale != 1 or bool(self.centre.any())

    def fold(self, parameters: Parameters) -> Network:
        """Return the network that makes of plain pixels what `parameters` make of prepared ones.

        (x − c)·s·W + b = x·(s·W) + (b − c·(s·W))

        Raises:
            EssayError: pixels are changed, and the first layer cannot take that over.
        """
        folded = parameters.network.converted(np.float64)
        if self.changes_pixels:
            place = folded.first_weighted
            first = folded.layers[place]
            if not folded.reads_pixels or not isinstance(first, Dense):
                raise EssayError(
                    "pixels can be centred or scaled for a dense first layer alone",
                    got=f"a first layer of kind {first.kind!r}",
                    remedy="Leave centred and input_scale out of the recipe.",
                )
            weights = first.weights * self.scale
            layer = Dense(weights, first.biases - self.centre @ weights)
            layers = (*folded.layers[:place], layer, *folded.layers[place + 1 :])
            folded = replace(folded, layers=layers)
        return folded.converted(np.float32)


def preparation_for(recipe: Recipe, examples: Examples) -> Preparation:
    """Return the preparation that `recipe` asks for; the centre is the examples' mean image."""
    inputs = examples.pixels.shape[1]
    centre = mean_image(examples) / 255 if recipe.centred else np.zeros(inputs)
    return Preparation(centre, recipe.input_scale)
