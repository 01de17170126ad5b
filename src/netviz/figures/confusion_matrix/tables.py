"""The tables of the figure: a network's confusion matrix, and a second one less the first."""

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.confusion import Confusion
from netviz.figures.figure import Json, NetworkMaterial

SHADES = 20


def matrix_table(material: NetworkMaterial, matrix: Confusion) -> dict[str, Json]:
    """Return a network's matrix with its shades and margins.

    Cells on the diagonal are shaded by their share of the row, those beside it by their share of
    the `largest` mistake.
    """
    shares = matrix.row_shares
    mistakes = shares.copy()
    np.fill_diagonal(mistakes, np.nan)
    largest = 0.0 if np.isnan(mistakes).all() else float(np.nanmax(mistakes))
    right = np.eye(len(shares), dtype=bool)
    limits = np.where(right, 1.0, largest)
    return {
        **matrix_numbers(material, matrix),
        "rows": _rows(matrix.counts, shares, limits, right),
        "largest": largest,
    }


def difference_table(
    compared: tuple[NetworkMaterial, NetworkMaterial], matrices: tuple[Confusion, Confusion]
) -> dict[str, Json]:
    """Return the second network's matrix less the first one's, with shades and margins.

    All cells are shaded by their share of the `largest` change: as right where more images are on
    the diagonal or fewer beside it, as wrong otherwise. Both networks read the same images, so a
    row has as many in both matrices.
    """
    first, second = matrices
    change = second.counts - first.counts
    shares = np.abs(change) / np.maximum(1, first.counts.sum(axis=1, keepdims=True))
    largest = float(shares.max())
    better = (change > 0) == np.eye(len(change), dtype=bool)
    return {
        "titles": [material.title for material in compared],
        "rows": _rows(change, shares, np.full(change.shape, largest), better),
        "recall": _plain(second.recall - first.recall),
        "precision": _plain(second.precision - first.precision),
        "change": second.accuracy - first.accuracy,
        "largest": largest,
    }


def matrix_numbers(material: NetworkMaterial, matrix: Confusion) -> dict[str, Json]:
    """Return what the figure's script needs of a network's matrix."""
    return {
        "title": material.title,
        "counts": [[int(count) for count in row] for row in matrix.counts],
        "recall": _plain(matrix.recall),
        "precision": _plain(matrix.precision),
        "accuracy": matrix.accuracy,
        "total": matrix.total,
    }


def shade(share: float, largest: float) -> int:
    """Return the shade of a cell, 0 to 20, for its share of the largest one; halves round up."""
    return int(SHADES * share / largest + 0.5) if largest and not np.isnan(share) else 0


def _rows(
    counts: NDArray[np.intp],
    shares: NDArray[np.float64],
    limits: NDArray[np.float64],
    right: NDArray[np.bool_],
) -> list[Json]:
    """Return the cells of a table: its number, the shade of its share, and whether it is good."""
    return [
        [
            {"count": int(count), "shade": shade(share, limit), "right": bool(good)}
            for count, share, limit, good in zip(*cells, strict=True)
        ]
        for cells in zip(counts, shares, limits, right, strict=True)
    ]


def _plain(shares: NDArray[np.float64]) -> list[Json]:
    return [None if np.isnan(share) else float(share) for share in shares]
