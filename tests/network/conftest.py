"""Small networks and batches in float64, where differences can be measured."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.network.layers import ActivationName
from netviz.network.network import dense_network
from netviz.network.parameters import Parameters, fresh

MakeParameters = Callable[..., Parameters]


@pytest.fixture
def make_parameters() -> MakeParameters:
    """Return a maker of random float64 parameters, biases included, for small pictures."""

    def make(
        hidden: tuple[int, ...] = (), activation: ActivationName = "relu", seed: int = 0
    ) -> Parameters:
        start = dense_network((4, 3, 2), hidden, 3, activation)
        rng = np.random.default_rng(seed)
        parameters = fresh(start, rng, dtype=np.float64)
        for layer in parameters.network.dense:
            layer.biases[:] = rng.normal(0, 0.1, layer.units)
        return parameters

    return make


@pytest.fixture
def batch() -> tuple[NDArray[Any], NDArray[Any]]:
    """Return inputs (7, 24) and labels (7,) of three classes."""
    rng = np.random.default_rng(1)
    return rng.normal(0, 1, (7, 24)), np.array([0, 1, 2, 2, 1, 0, 0])
