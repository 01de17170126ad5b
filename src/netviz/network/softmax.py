"""Softmax and cross-entropy, the loss under every network here."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Real = TypeVar("Real", bound=np.floating[Any])


def softmax(logits: NDArray[Real]) -> NDArray[Real]:
    """Return the probabilities (n, classes) for `logits` (n, classes), in their precision.

    p_k = exp(z_k) / Σ exp(z_j), computed after taking each row's largest logit away, which
    changes no probability and keeps exp from overflowing.
    """
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: NDArray[Real] = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def cross_entropy(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the mean of −log p(true class) in nats, for `logits` (n, classes), `labels` (n,)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return float((log_sums - shifted[np.arange(len(labels)), labels]).mean())
