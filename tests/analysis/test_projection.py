"""Principal components, against numpy's covariance and data made with known axes."""

import numpy as np
import pytest

from netviz.analysis.projection import fit_projection


@pytest.mark.parametrize("shape", [(200, 6), (6, 40)])
def test_variances_are_those_of_the_covariance(shape: tuple[int, int]) -> None:
    data = np.random.default_rng(0).normal(size=shape) @ np.diag(np.arange(1, shape[1] + 1))
    projection = fit_projection(data, 3)
    eigenvalues = np.linalg.eigvalsh(np.cov(data.T))[::-1]
    assert projection.explained == pytest.approx(eigenvalues[:3] / eigenvalues.sum())
    points = projection.project(data)
    assert np.cov(points.T) == pytest.approx(np.diag(eigenvalues[:3]), abs=1e-8)
    assert np.abs(points.mean(axis=0)).max() < 1e-10
    assert projection.axes @ projection.axes.T == pytest.approx(np.eye(3), abs=1e-10)


def test_known_axes_are_found() -> None:
    """Points on a slanted plane: 3 along (0.6, 0.8, 0), 1 along (0, 0, 1)."""
    rng = np.random.default_rng(1)
    long, short = 3 * rng.normal(size=5000), rng.normal(size=5000)
    data = np.stack([0.6 * long + 7, 0.8 * long, short - 2], axis=1)
    projection = fit_projection(data)
    assert projection.axes == pytest.approx(np.array([[0.6, 0.8, 0], [0, 0, 1]]), abs=0.02)
    assert projection.explained.sum() == pytest.approx(1)


@pytest.mark.parametrize("shape", [(50, 8), (8, 50)])
def test_signs_do_not_depend_on_the_solver(shape: tuple[int, int]) -> None:
    """Mirrored data have mirrored coordinates, but the same axes."""
    data = np.random.default_rng(2).normal(size=shape)
    axes = fit_projection(data).axes
    assert fit_projection(-data).axes == pytest.approx(axes)
    assert all(axis[np.abs(axis).argmax()] > 0 for axis in axes)


@pytest.mark.parametrize("data", [np.ones((5, 4)), np.arange(5.0)[:, None], np.ones((1, 3))])
def test_what_does_not_vary_has_no_axis(data: np.ndarray) -> None:
    projection = fit_projection(data)
    assert projection.axes[1].tolist() == [0] * data.shape[1]
    assert projection.explained[1] == 0
    assert projection.project(data)[:, 1].tolist() == [0] * len(data)


def test_a_line_has_one_axis_only() -> None:
    data = np.arange(30.0)[:, None] * np.array([[1.0, 2.0, -2.0, 0.1]])
    projection = fit_projection(data)
    assert projection.explained == pytest.approx([1, 0])
    assert not projection.axes[1].any()


def test_bytes_are_projected_like_numbers() -> None:
    data = np.random.default_rng(3).integers(0, 256, (40, 5), np.uint8)
    projection = fit_projection(data)
    expected = fit_projection(data.astype(np.float64))
    assert np.array_equal(projection.project(data), expected.project(data.astype(np.float64)))
