"""What a worker process does: perform one step in a folder of its own, and say what it made."""

import importlib
import os
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from netviz.engine.disk import disk_faults
from netviz.engine.entries import FILES, finish
from netviz.engine.graph import Tree
from netviz.engine.keys import Key
from netviz.engine.notes import noted
from netviz.engine.sources import Sources, library_versions
from netviz.errors import SiteError

# One thread of BLAS in each process: several networks train side by side, and the number of
# threads changes the last bits of a sum.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


@dataclass(frozen=True)
class Order:
    """A step to perform: its name, its key, the tree of its inputs' folders, and where to work."""

    step: str
    key: Key
    inputs: Tree[Path]
    staging: Path


@dataclass(frozen=True)
class Made:
    """What came of an order: a finished folder in the staging folder, and how long it took."""

    folder: Path
    seconds: float


def perform(order: Order) -> Made:
    """Call the step's function on a fresh folder.

    An executor may repeat an order whose worker was lost, so each attempt has its own folder.

    Raises:
        NetvizError: an input of the step is at fault, or the disk refuses.
    """
    _use_one_thread()
    _agree_on_code(order.key)
    started = time.perf_counter()
    with disk_faults(order.staging), noted(order.staging):
        folder = Path(tempfile.mkdtemp(dir=order.staging, prefix="step-"))
        files = folder / FILES
        files.mkdir()
        module, name = order.key.function.split(":")
        function = getattr(importlib.import_module(module), name)
        function(order.inputs, order.key.parameters, files)
        folder.chmod(files.stat().st_mode)  # mkdtemp's folders are closed to everyone else
        finish(folder, order.step, order.key)
    return Made(folder, time.perf_counter() - started)


def _use_one_thread() -> None:
    """Make sure that numpy computes, or will compute, with one thread.

    Raises:
        SiteError: it was loaded into this process without, by a cluster's own set-up.
    """
    if os.environ.get("OPENBLAS_NUM_THREADS") == "1":
        return
    if "numpy" in sys.modules:
        raise SiteError(
            "a worker computes with several BLAS threads, which changes the last bits",
            remedy="Start the workers with OPENBLAS_NUM_THREADS=1 in their environment.",
        )
    os.environ.update(ONE_THREAD)


def _agree_on_code(key: Key) -> None:
    """Make sure that this process runs the code that the key speaks of.

    Raises:
        SiteError: the code was edited while the build ran, or a cluster's worker has another.
    """
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    versions = {"python": minor, **library_versions()}
    if versions != key.versions:
        raise SiteError(
            "a worker has other versions of the libraries",
            expected=_listed(key.versions),
            got=_listed(versions),
            remedy="Give the workers the same environment as the build.",
        )
    if Sources().of_function(key.function) != key.sources:
        raise SiteError(
            "the code of netviz changed while the build ran, or a worker has other code",
            remedy="Build again.",
        )


def _listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))


def prepare() -> None:
    """Prepare a worker process of our own: it ends when the build that started it ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # In a worker both are loaded already; the build itself starts quicker without them.
    from multiprocessing import parent_process  # noqa: PLC0415 - as said
    from multiprocessing.connection import wait  # noqa: PLC0415 - as said

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
