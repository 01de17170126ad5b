"""Weights rounded to bytes: whole numbers from -127 to 127, times one number for each unit.

A convolutional network keeps its weights so once it is trained. A page then gets each weight as one
byte in place of four, and runs the very network that was measured, not one like it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from netviz.network.layers import Array
from netviz.network.network import Network

LARGEST = 127
SCALE_BITS = 16  # of a scale: its product with a byte is then a float32, exactly
SMALLEST = 1e-30  # below, a unit counts as having no weights


def rounded(network: Network) -> Network:
    """Return the network with the weights of each layer rounded, unit by unit."""
    layers = (
        layer.with_arrays({name: _rounded(layer.arrays[name]) for name in layer.weight_names})
        for layer in network.layers
    )
    return replace(network, layers=tuple(layers))


def as_bytes(weights: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]] | None:
    """Return rounded `weights` (..., units) as bytes of their shape, and scales (units,).

    None where they are not rounded: bytes times scales would be other numbers.
    """
    scales = _scales(weights)
    whole = _whole_numbers(weights, scales)
    if not np.array_equal(whole * scales, weights.astype(np.float32)):
        return None
    return whole.astype(np.int8), scales


def _rounded(weights: Array) -> Array:
    scales = _scales(weights)
    return (_whole_numbers(weights, scales) * scales).astype(weights.dtype)


def _scales(weights: Array) -> NDArray[np.float32]:
    """Return for each unit what a byte of 1 stands for: its largest weight is 127."""
    largest = np.abs(weights.astype(np.float64)).reshape(-1, weights.shape[-1]).max(axis=0)
    mantissas, exponents = np.frexp(np.where(largest < SMALLEST, 0, largest / LARGEST))
    steps = 2.0**SCALE_BITS
    return np.ldexp(np.ceil(mantissas * steps) / steps, exponents).astype(np.float32)


def _whole_numbers(weights: Array, scales: Array) -> NDArray[np.float32]:
    safe = np.where(scales > 0, scales, np.float32(1))
    return np.rint(np.where(scales > 0, weights, 0) / safe).astype(np.float32)
