"""What the first layer of weights starts from, where that is not random numbers alone.

Its filters may be found in the images without labels (`patches`), and it may stay as it starts.
Such filters are standardised: over many images, what each gives to the first activation has mean 0
and deviation 1. This takes the place of a batch normalisation.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.errors import EssayError
from netviz.network.layers import AveragePool, Convolution, Dense, Layer, MaxPool
from netviz.network.parameters import Parameters
from netviz.training.batches import Examples
from netviz.training.patches import patch_filters
from netviz.training.preparation import Preparation
from netviz.training.recipe import Recipe

Array = NDArray[Any]

LOOKED_AT = 1000  # images, to know how a filter answers


def begin_first_layer(
    parameters: Parameters,
    recipe: Recipe,
    examples: Examples,
    preparation: Preparation,
    rng: np.random.Generator,
) -> None:
    """Give the first layer of `parameters` the weights and biases that `recipe` asks for.

    Raises:
        EssayError: filters of patches are wanted, and the first layer is no convolution.
    """
    if recipe.first_layer == "random" and not recipe.frozen_first_layer:
        return
    network = parameters.network
    layer = network.layers[network.first_weighted]
    if recipe.first_layer == "k-means":
        if not isinstance(layer, Convolution) or network.first_weighted > 0:
            raise EssayError(
                "filters of patches belong into a convolution of the pixels",
                expected="layers that begin with one, such as 'conv 6x6x32'",
                got=f"a first layer of kind {network.layers[0].kind!r}",
                remedy="Leave first_layer out of the recipe.",
            )
        found = patch_filters(examples, network.image_shape, layer.size, layer.units, rng)
        layer.weights[...] = found
    _even_out(parameters, examples, preparation)


def _even_out(parameters: Parameters, examples: Examples, preparation: Preparation) -> None:
    """Scale and shift the first layer's filters by how they answer, pooled, to some images."""
    network = parameters.network
    layer = network.layers[network.first_weighted]
    assert isinstance(layer, Convolution | Dense)  # noqa: S101 - no other kind has filters
    pixels = examples.pixels[examples.indices[:LOOKED_AT]] / 255
    inputs = ((pixels - preparation.centre) * preparation.scale).astype(np.float32)
    answers: Array = inputs.reshape(-1, *network.image_shape)
    for one in _up_to_the_pool(network.layers, network.first_weighted):
        answers = one.forward(answers)
    axes = tuple(range(answers.ndim - 1))
    mean, deviation = answers.mean(axis=axes), answers.std(axis=axes)
    factor = np.where(deviation > 0, 1 / np.where(deviation > 0, deviation, 1), 0)
    layer.weights[...] *= factor
    layer.biases[...] = (layer.biases - mean) * factor


def _up_to_the_pool(layers: tuple[Layer, ...], first: int) -> list[Layer]:
    """Return the layers up to the first with weights, and the pools that follow it at once.

    Pools keep the scale and the shift of what they take.
    """
    chosen = list(layers[: first + 1])
    for layer in layers[first + 1 :]:
        if not isinstance(layer, MaxPool | AveragePool):
            break
        chosen.append(layer)
    return chosen
