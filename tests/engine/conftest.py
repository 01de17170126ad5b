"""Workers, and a workshop of steps, for every test of the room."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from netviz.engine.cache import Cache
from netviz.engine.execute import LocalExecutor
from tests.engine.workshop import HELPER, STEPS, Workshop

NUMBER = itertools.count()


@pytest.fixture
def write_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[str, Path, Path]]:
    """Write the steps under a name that no other test uses, where imports find them."""

    def write_modules() -> tuple[str, Path, Path]:
        package = f"netviz_test_{next(NUMBER)}"
        folder = tmp_path / "code" / package
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "steps.py").write_text(STEPS.replace("{package}", package))
        (folder / "helper.py").write_text(HELPER)
        monkeypatch.syspath_prepend(folder.parent)
        return f"{package}.steps", folder / "steps.py", folder / "helper.py"

    return write_modules


@pytest.fixture
def workshop(
    tmp_path: Path,
    workers: LocalExecutor,
    write_modules: Callable[[], tuple[str, Path, Path]],
) -> Workshop:
    module, steps_file, helper_file = write_modules()
    return Workshop(Cache(tmp_path / "cache"), workers, module, steps_file, helper_file)
