"""Principal components: many numbers an image, flattened to two that keep most of the spread."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Projection:
    """A fitted projection.

    Attributes:
        mean: (d,) float64, the point that is projected on the origin.
        axes: (dimensions, d) float64, orthonormal rows, the one of the largest variance first.
            A row is zero where the data vary in no further direction.
        explained: (dimensions,) float64, the share of the variance along each axis.
    """

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]
    explained: NDArray[np.float64]

    def project(self, data: NDArray[Any]) -> NDArray[np.float64]:
        """Return the coordinates (n, dimensions) of `data` (n, d)."""
        coordinates: NDArray[np.float64] = (data - self.mean) @ self.axes.T
        return coordinates


def fit_projection(data: NDArray[Any], dimensions: int = 2) -> Projection:
    """Fit a principal component analysis to `data` (n, d), n and `dimensions` at least 1.

    Each axis is turned so that its component of the largest size (the first of equals) is
    positive: the sign of an eigenvector is arbitrary, a picture's left and right should not be.
    The cost grows with the cube of the smaller of n and d: a few thousand images are enough to
    find two axes, and `Projection.project` places the rest.
    """
    mean = data.mean(axis=0, dtype=np.float64)
    centred = data - mean
    variance = float((centred**2).sum())
    # Variances below this are rounding errors of a spread that is not there.
    floor = variance * max(data.shape) * np.finfo(np.float64).eps
    axes = np.zeros((dimensions, data.shape[1]))
    explained = np.zeros(dimensions)
    for axis, (sum_of_squares, direction) in enumerate(_principal(centred, dimensions)):
        if sum_of_squares <= floor:
            break
        axes[axis] = direction * np.sign(direction[np.abs(direction).argmax()])
        explained[axis] = sum_of_squares / variance
    return Projection(mean, axes, explained)


def turned_towards(points: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float64]:
    """Return `points` (n, d) rotated and reflected to lie as near `others` (n, d) as they can.

    Both are centred on their means first. Distances among the points stay as they are. This is the
    orthogonal Procrustes problem (Schönemann 1966, doi:10.1007/BF02289451): with the singular value
    decomposition pointsᵀ × others = U S Vᵀ the turn is U Vᵀ.
    """
    centred = points - points.mean(axis=0)
    left, _, right = np.linalg.svd(centred.T @ (others - others.mean(axis=0)))
    turned: NDArray[np.float64] = centred @ (left @ right)
    return turned


def _principal(
    centred: NDArray[np.float64], dimensions: int
) -> Iterator[tuple[float, NDArray[np.float64]]]:
    """Yield sums of squares, the largest first, each with the unit direction it lies along.

    They are the eigenvalues of XᵀX, whose eigenvectors are the directions, and of XXᵀ, whose
    eigenvectors u give the directions Xᵀu; the smaller product is the one that is solved.
    """
    count, size = centred.shape
    product = centred.T @ centred if size <= count else centred @ centred.T
    values, vectors = np.linalg.eigh(product)
    for last in range(1, min(dimensions, len(values)) + 1):
        vector = vectors[:, -last]
        direction = vector if size <= count else centred.T @ vector
        length = np.linalg.norm(direction)
        yield float(values[-last]), direction / (length or 1.0)
