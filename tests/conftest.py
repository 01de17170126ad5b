"""What tests of every room share: pictures kept to compare with, and how long a case may take."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from netviz.engine.local import LocalExecutor, local_executor

# However long a case takes: on a busy machine a deadline fails what is right. And the same cases
# each time: a run must not fail by the luck of the draw where the one before it passed.
settings.register_profile("netviz", deadline=None, derandomize=True)
settings.load_profile("netviz")

GOLDEN = Path(__file__).parent / "golden"

CompareGolden = Callable[[str, Image.Image], None]


def pytest_configure() -> None:
    """Let Ctrl-C work in what the tests start, even where whoever started us ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-update",
        action="store_true",
        help="rewrite the pictures in tests/golden instead of comparing with them",
    )


@pytest.fixture
def workers() -> Iterator[LocalExecutor]:
    with local_executor(2) as executor:
        yield executor


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
