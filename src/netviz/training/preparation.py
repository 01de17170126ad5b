"""What a recipe does to pixels before they meet the weights, and how it is undone."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from netviz.errors import EssayError
from netviz.network.layers import Array, Convolution, Dense
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
            if not folded.reads_pixels or not isinstance(first, Dense | Convolution):
                raise EssayError(
                    "pixels can be centred or scaled for a dense layer or a convolution",
                    got=f"a first layer of kind {first.kind!r}",
                    remedy="Leave centred and input_scale out of the recipe.",
                )
            weights = first.weights * self.scale
            biases = first.biases - self._answers_to_centre(folded, weights)
            layer = first.with_arrays({"weights": weights, "biases": biases})
            layers = (*folded.layers[:place], layer, *folded.layers[place + 1 :])
            folded = replace(folded, layers=layers)
        return folded.converted(np.float32)

    def _answers_to_centre(self, network: Network, weights: Array) -> Array:
        """Return what each unit or filter of `weights` makes of the centre, (units,)."""
        if weights.ndim == 2:
            answers: Array = self.centre @ weights
        else:  # the centre is one colour, so that every place gives the same
            colour = self.centre.reshape(network.image_shape)[0, 0]
            answers = colour @ weights.sum(axis=(0, 1))
        return answers


def preparation_for(recipe: Recipe, examples: Examples, network: Network) -> Preparation:
    """Return the preparation that `recipe` asks for, for a network with the layers of `network`.

    The centre is the examples' mean image. A convolution looks everywhere alike, so for it the
    centre is their mean colour; and for one that is padded, whose zeros around an image mean
    black, nothing at all.
    """
    centre = np.zeros(network.inputs)
    first = network.layers[network.first_weighted]
    if recipe.centred and not isinstance(first, Convolution):
        centre = mean_image(examples) / 255
    elif recipe.centred and isinstance(first, Convolution) and not any(first.padding):
        pixels = mean_image(examples).reshape(-1, network.image_shape[2]) / 255
        centre = np.tile(pixels.mean(axis=0), len(pixels))
    return Preparation(centre, recipe.input_scale)
