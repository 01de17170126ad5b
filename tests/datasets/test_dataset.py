"""The bytes of images as the numbers that networks read."""

import numpy as np
import pytest

from netviz.datasets.dataset import to_unit_range


def test_pixels_run_from_zero_to_one() -> None:
    found = to_unit_range(np.array([[0, 51], [255, 0]], np.uint8))
    assert found.dtype == np.float32
    assert found.ravel().tolist() == pytest.approx([0, 0.2, 1, 0])
