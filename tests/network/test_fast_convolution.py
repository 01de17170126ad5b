"""The fast convolution against the plain one, for sizes that no text of layers asks for."""

import numpy as np
import pytest

from netviz.network.fast.convolution import FastConvolution
from netviz.network.layers import Convolution
from netviz.network.layers.convolution import Padding

PADDINGS = [(0, 0, 0, 0), (1, 2, 0, 1), (4, 0, 3, 5)]  # the last wider than a filter


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("size", [(3, 3), (2, 4), (1, 1)])
def test_it_equals_the_plain_convolution(
    padding: Padding, stride: int, size: tuple[int, int]
) -> None:
    rng = np.random.default_rng(0)
    weights, biases = rng.normal(size=(*size, 2, 5)), rng.normal(size=5)
    plain = Convolution(weights, biases, stride, padding)
    layer = Convolution(weights.astype(np.float32), biases.astype(np.float32), stride, padding)
    result = Convolution(np.empty_like(layer.weights), np.empty_like(layer.biases), stride, padding)
    images = rng.normal(size=(7, 6, 8, 2))
    outputs = plain.forward(images)
    error = rng.normal(size=outputs.shape)
    back = plain.backward(images, outputs, error)
    fast = FastConvolution(layer, result, (6, 8, 2), 7)
    found = {
        "outputs": fast.forward(images.transpose(1, 3, 2, 0)).transpose(3, 0, 2, 1),
        "below": fast.backward(error.transpose(1, 3, 2, 0)).transpose(3, 0, 2, 1),
        **result.arrays,
    }
    for name, exact in {"outputs": outputs, "below": back.error, **back.gradients}.items():
        assert np.abs(found[name] - exact).max() < 1e-5 * np.abs(exact).max(), name
