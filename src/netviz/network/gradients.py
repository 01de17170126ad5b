"""Loss and penalties, which training makes smaller, and their gradients.

This is the reference: the formulas as they are written, in whatever precision the parameters
have. `netviz.training.fast` computes the same with less memory traffic and is tested against it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    loss = cross_entropy(parameters.network.logits(inputs), labels)
    decay = penalties.weight_decay / 2 * float((parameters.all_weights**2).sum())
    if not penalties.smoothness:
        return loss + decay
    steps = [np.diff(parameters.network.pictures(), axis=axis) for axis in (0, 1)]
    roughness = penalties.smoothness / 2 * sum(float((step**2).sum()) for step in steps)
    return loss + decay + roughness


def gradient(
    parameters: Parameters, inputs: Array, labels: Array, penalties: Penalties
) -> Parameters:
    """Return the derivative of `objective` by every weight and bias.

    Backpropagation (Rumelhart, Hinton & Williams 1986): the error of the logits is (p − y) / n,
    and each layer turns the error of its outputs into that of its inputs.
    """
    network = parameters.network
    result = zeros(network, parameters.vector.dtype)
    outputs = [inputs.reshape(-1, *network.image_shape), *network.outputs(inputs)]
    error = logits_error(outputs[-1], labels)
    for place in reversed(range(len(network.layers))):
        back = network.layers[place].backward(outputs[place], outputs[place + 1], error)
        for name, array in back.gradients.items():
            result.layers[place].arrays[name][...] = array
        error = back.error
    result.all_weights[:] += penalties.weight_decay * parameters.all_weights
    if penalties.smoothness:
        pull = _roughness_gradient(network.pictures())
        result.network.pictures()[...] += penalties.smoothness * pull
    return result


def logits_error(logits: Array, labels: Array) -> Array:
    """Return the derivative of the mean cross-entropy by `logits` (n, classes): (p − y) / n."""
    error = softmax(logits)
    error[np.arange(len(labels)), labels] -= 1
    error /= len(labels)
    return error


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
