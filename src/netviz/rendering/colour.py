"""From numbers to colours: grey, diverging about zero, and red-green-blue, on a stated scale.

A scale belongs to a set of pictures, so that equal numbers look equal throughout the set and a
legend can quote the two ends.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Numbers = NDArray[Any]

POSITIVE = (47, 127, 208)
NEGATIVE = (217, 100, 15)
# What a picture without contrast is painted in: neither black nor white.
MIDDLE_GREY = 128


@dataclass(frozen=True)
class Scale:
    """The numbers at the two ends of a colour map; those beyond are painted as the end."""

    low: float
    high: float

    @classmethod
    def of(cls, numbers: Numbers) -> "Scale":
        """Return the scale from the lowest to the highest of `numbers` (any shape).

        Raises:
            ValueError: there are none, or not all are finite.
        """
        low, high = float(numbers.min()), float(numbers.max())
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError("a picture needs finite numbers")
        return cls(low, high)

    @classmethod
    def symmetric(cls, numbers: Numbers) -> "Scale":
        """Return the scale from −m to m, m being the largest size among `numbers`.

        Raises:
            ValueError: there are none, or not all are finite.
        """
        scale = cls.of(numbers)
        limit = max(abs(scale.low), abs(scale.high))
        return cls(-limit, limit)

    @property
    def limit(self) -> float:
        """The larger of the sizes of the two ends."""
        return max(abs(self.low), abs(self.high))


def grey(numbers: Numbers, scale: Scale | None = None) -> Bytes:
    """Return `numbers` in levels from black (`scale.low`) to white (`scale.high`).

    Each number becomes one byte, whatever the shape: (height, width) gives a grey picture,
    (height, width, 3) a coloured one, with one scale for the three channels. The scale is that
    of `numbers` itself unless given. Without any contrast, all is a middle grey.
    """
    scale = scale or Scale.of(numbers)
    span = scale.high - scale.low
    if span == 0:
        return np.full(numbers.shape, MIDDLE_GREY, np.uint8)
    return _level((numbers.astype(np.float64) - scale.low) / span)


def diverging(numbers: Numbers, scale: Scale | None = None) -> Bytes:
    """Return `numbers` (height, width) as (height, width, 4): hue for sign, opacity for size.

    Positive numbers are blue, negative ones orange, with an alpha of |number| / `scale.limit`.
    Zero is transparent, so that one picture suits a light page and a dark one. The scale is
    that of `numbers` itself unless given.
    """
    limit = (scale or Scale.symmetric(numbers)).limit
    size = np.abs(numbers.astype(np.float64)) / limit if limit else np.zeros(numbers.shape)
    alpha = _level(size)
    hue = np.where((numbers > 0)[..., None], POSITIVE, NEGATIVE).astype(np.uint8)
    # What cannot be seen has no hue either: equal pixels have equal bytes.
    painted = np.where(alpha[..., None] > 0, hue, np.uint8(0))
    return np.concatenate([painted, alpha[..., None]], axis=-1)


def _level(shares: NDArray[np.float64]) -> Bytes:
    """Return shares (0..1, else clipped) as whole levels from 0 to 255."""
    return np.rint(np.clip(shares, 0, 1) * 255).astype(np.uint8)
