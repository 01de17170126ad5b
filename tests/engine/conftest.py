"""Workers, and a workshop of steps, for every test of the room."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from netviz.engine.cache import Cache
from netviz.engine.local import LocalExecutor
from tests.engine.workshop import HELPER, SHIFT, STEPS, Workshop

NUMBER = itertools.count()


@pytest.fixture
def write_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Write the steps under a name that no other test uses, where imports find them."""

    def write_modules() -> Path:
        package = f"netviz_test_{next(NUMBER)}"
        folder = tmp_path / "code" / package
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        for name, text in {"steps": STEPS, "shift": SHIFT, "helper": HELPER}.items():
            (folder / f"{name}.py").write_text(text.replace("{package}", package))
        monkeypatch.syspath_prepend(folder.parent)
        return folder

    return write_modules


@pytest.fixture
def workshop(
    tmp_path: Path,
    workers: LocalExecutor,
    write_modules: Callable[[], Path],
) -> Workshop:
    return Workshop(Cache(tmp_path / "cache"), workers, write_modules())
