"""What tests of every room share: pictures kept to compare with."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

GOLDEN = Path(__file__).parent / "golden"

CompareGolden = Callable[[str, Image.Image], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-update",
        action="store_true",
        help="rewrite the pictures in tests/golden instead of comparing with them",
    )


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> CompareGolden:
    """Compare a picture, pixel by pixel, with the one kept under a name like "rendering/grey"."""

    def compare(name: str, image: Image.Image) -> None:
        file = GOLDEN / f"{name}.png"
        if pytestconfig.getoption("--golden-update"):
            file.parent.mkdir(parents=True, exist_ok=True)
            image.save(file, optimize=True)
        assert file.is_file(), f"no {file}; write it with pytest --golden-update"
        with Image.open(file) as kept:
            expected = np.asarray(kept.convert("RGBA"))
        got = np.asarray(image.convert("RGBA"))
        assert got.shape == expected.shape, f"{file} is of another size"
        different = int((got != expected).any(axis=-1).sum())
        assert different == 0, f"{different} pixels differ from {file}"

    return compare
