"""What training makes smaller, and the direction in which it does: loss, penalties, gradients.

This is the reference: the formulas as they are written, in whatever precision the parameters
have. `netviz.training.fast` computes the same with less memory traffic and is tested against it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.network.activations import ACTIVATIONS
from netviz.network.parameters import Parameters, zeros
from netviz.network.softmax import cross_entropy, softmax

Array = NDArray[Any]


@dataclass(frozen=True)
class Penalties:
    """What is added to the loss: λ/2 · Σ w² and λ/2 · Σ (w − w')², each with a λ of its own.

    The second sum runs over pairs of neighbouring pixels, side by side or one above the
    other, in the first layer's weights of one unit and one colour channel. Biases are free.
    """

    weight_decay: float = 0.0
    smoothness: float = 0.0


def objective(parameters: Parameters, inputs: Array, labels: Array, penalties: Penalties) -> float:
    """Return the mean cross-entropy over `inputs` (n, inputs), in nats, plus the penalties."""
    loss = cross_entropy(_outputs(parameters, inputs)[-1], labels)
    decay = penalties.weight_decay / 2 * float((parameters.all_weights**2).sum())
    pictures = _pictures(parameters)
    steps = [np.diff(pictures, axis=axis) for axis in (0, 1)]
    roughness = penalties.smoothness / 2 * sum(float((step**2).sum()) for step in steps)
    return loss + decay + roughness


def gradient(
    parameters: Parameters, inputs: Array, labels: Array, penalties: Penalties
) -> Parameters:
    """Return the derivative of `objective` by every weight and bias.

    Backpropagation (Rumelhart, Hinton & Williams 1986): the error of the last layer is
    (p − y) / n, and that of a layer below is (error above · Wᵀ) · slope.
    """
    slope = ACTIVATIONS[parameters.architecture.activation].slope
    outputs = _outputs(parameters, inputs)
    result = zeros(parameters.architecture, parameters.vector.dtype)
    error = softmax(outputs[-1])  # (n, units), first of the last layer, then of those below
    error[np.arange(len(labels)), labels] -= 1
    error /= len(labels)
    for layer in reversed(range(len(parameters.weights))):
        below = outputs[layer - 1] if layer else inputs
        result.weights[layer][:] = below.T @ error
        result.biases[layer][:] = error.sum(axis=0)
        if layer:
            error = (error @ parameters.weights[layer].T) * slope(below)
    result.all_weights[:] += penalties.weight_decay * parameters.all_weights
    _pictures(result)[:] += penalties.smoothness * _roughness_gradient(_pictures(parameters))
    return result


def _outputs(parameters: Parameters, inputs: Array) -> list[Array]:
    """Return the output of every layer for `inputs`; the last are the logits."""
    forward = ACTIVATIONS[parameters.architecture.activation].forward
    outputs: list[Array] = []
    below = inputs
    last = len(parameters.weights) - 1
    for layer, (weight, bias) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        z = below @ weight + bias  # (n, units)
        below = z if layer == last else forward(z)
        outputs.append(below)
    return outputs


def _pictures(parameters: Parameters) -> Array:
    """Return the first layer's weights as (height, width, channels, units), without a copy."""
    weight = parameters.weights[0]
    return weight.reshape(*parameters.architecture.image_shape, weight.shape[1])


def _roughness_gradient(pictures: Array) -> Array:
    """Return the derivative of ½ Σ (w − w')² over neighbours in `pictures`.

    Each weight is pulled towards each of its neighbours: Σ (w − w') over those it has.
    """
    result = np.zeros_like(pictures)
    for axis in (0, 1):
        step = np.diff(pictures, axis=axis)
        ahead = np.moveaxis(result, axis, 0)
        ahead[1:] += np.moveaxis(step, axis, 0)
        ahead[:-1] -= np.moveaxis(step, axis, 0)
    return result
