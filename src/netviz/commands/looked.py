"""`netviz.look`: the page of the command of that name, for notebooks and scripts.

The command runs in a process of its own, as it does on a command line, in a folder that is removed
afterwards.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from netviz.build.apart import apart
from netviz.build.options import Options
from netviz.build.paths import cache_of
from netviz.commands.given import as_array
from netviz.commands.look import write_settings
from netviz.commands.shelf import looked
from netviz.commands.shown import Shown
from netviz.datasets.catalogue import CATALOGUE
from netviz.engine.worker import ONE_THREAD
from netviz.errors import EssayError, NetvizError
from netviz.folders import default_cache_dir
from netviz.publishing.single import single_page
from netviz.publishing.writer import published

Arrays: TypeAlias = Mapping[str, ArrayLike]

PACKAGE = Path(__file__).parents[1]
HEIGHT = 800  # CSS pixels
PAGE = "index.html"
# In the folder of one look.
ESSAY, SITE, FAULT = Path("look"), Path("build", "look"), Path("fault.txt")
NOTES = Path("notes.json")  # what the build told


def look(
    network: str | Path | Arrays,
    *,
    data: str | Path | Arrays,
    height: int = HEIGHT,
    **settings: object,
) -> Shown:
    """Return a page of all that can be measured and shown of a network.

    Args:
        network: its file, an `.onnx`, `.safetensors` or `.npz`, or its arrays by their names.
        data: "mnist", "cifar10", a file or folder, or arrays such as x_train by their names.
        height: that of the frame in a notebook, in CSS pixels.
        settings: those of the network in an essay, such as activation="tanh" or title="theirs".

    Raises:
        NetvizError: there is no such network or data, they do not fit together, or a setting is
            missing or wrong.
    """
    with tempfile.TemporaryDirectory(prefix="netviz-") as name:
        here = Path(name)
        file = _file(network, here / "network.npz", "network")
        is_known = isinstance(data, str) and data in CATALOGUE
        images = str(data if is_known else _file(data, here / "images.npz", "data"))
        write_settings(file, images, here / ESSAY, _plain(settings))
        _run(str(file), images, here)
        page = single_page(PAGE, published(here / SITE)).html.decode()
        notes = tuple(json.loads((here / NOTES).read_text(encoding="utf-8")))
    return Shown(f"A look at {settings.get('title', file.stem)}", page, height, notes)


def _file(given: str | Path | Arrays, file: Path, argument: str) -> Path:
    """Return the path that was given; arrays are written to `file`."""
    if not isinstance(given, Mapping):
        path = Path(given)
        return path.resolve() if path.exists() else path  # a wrong one is reported as written
    arrays = {str(name): as_array(one, f"{argument}[{name!r}]") for name, one in given.items()}
    with zipfile.ZipFile(file, "w") as archive:  # of arrays of any name, which `np.savez` is not
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            archive.writestr(f"{name}.npy", content.getvalue())
    return file


def _plain(settings: Mapping[str, object]) -> Mapping[str, object]:
    """Return settings that TOML can say.

    Raises:
        EssayError: a setting is no text, no number, and no list of these.
    """
    for name, value in settings.items():
        parts = value if isinstance(value, (list, tuple)) else [value]
        for part in parts:
            if not isinstance(part, (bool, int, float, str)):
                expected = "a text, a number, or a list of them"
                got = type(part).__name__
                problem = f"the setting {name!r} has the wrong type"
                raise EssayError(problem, expected=expected, got=got)
    return settings


def _run(network: str, data: str, here: Path) -> None:
    """Run the command in the folder `here`, by `main`.

    Raises:
        EssayError: it refuses what was given, in the words of its message.
    """
    path = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    finished = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-m", "netviz.commands.looked", network, data],
        cwd=here,
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if (here / FAULT).is_file():
        raise EssayError((here / FAULT).read_text(encoding="utf-8"))
    if finished.returncode:
        raise RuntimeError(f"the page could not be made:\n{finished.stderr}")


def main(network: str, data: str) -> None:
    """Make the site in the folder that this process is in, or leave its message there."""
    folder = os.environ.get("NETVIZ_DATA_DIR")
    options = Options(
        essay=ESSAY,
        out=SITE,
        step_cache=cache_of(SITE),
        data_cache=default_cache_dir(),
        data_dir=Path(folder) if folder else None,
    )
    try:
        _, told = apart(looked, options, Path(network), data, os.cpu_count() or 1)
    except NetvizError as error:
        FAULT.write_text(str(error), encoding="utf-8", newline="\n")
    else:
        NOTES.write_text(json.dumps(told), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
