"""How time and memory grow with an essay and with what it trains.

Each course changes one size and keeps the rest. Essays are built whole from the bundled sample, in
a process of their own; training is measured in a process of its own as well, so that the memory
of one size does not hide in that of another.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.memory import MemoryWatch

SETTINGS = """\
sample = true
[networks.digits]
title = "one layer"
dataset = "mnist"
[networks.digits.recipe]
epochs = 1
frames = 2
"""
FRONT = "---\ntitle: Page {}\ndescription: A page.\nauthors: [A]\ndate: 2026-01-01\n---\n\n"
PARAGRAPH = "It gets {{ value('networks.digits.test.accuracy', 'percent') }} right, as many do.\n\n"
PARAGRAPHS = 20
FIGURE = '{{{{ figure("weights", network="digits", id="fig-{}") }}}}\n\n'
TRAIN = """
import sys
from netviz.datasets.dataset import Split
from netviz.folders import default_cache_dir
from netviz.datasets.store import open_dataset, prepare
from netviz.network.network import dense_network
from netviz.training.recipe import Recipe
from netviz.training.trainer import fit
images, width = map(int, sys.argv[1:])
train = open_dataset(prepare("mnist", default_cache_dir(), None)).train
split = Split(train.images[:images], train.labels[:images])
fit(dense_network((28, 28, 1), (width,), 10), Recipe(epochs=3), split, 1)
"""

Run = Callable[[int], None]


def measure(*, quick: bool) -> dict[str, Any]:
    """Return seconds, megabytes and fitted powers for each course."""
    courses: dict[str, tuple[Run, Sequence[int]]] = {
        "pages of an essay": (_build_pages, (1, 10, 30, 100) if quick else (1, 50, 150, 500)),
        "figures of a page": (_build_figures, (1, 10, 40) if quick else (1, 20, 60, 180)),
        "training images": (
            lambda images: _train(images, 32),
            (7500, 15000, 30000, 60000),
        ),
        "hidden units": (
            lambda width: _train(15000, width),
            (16, 64, 256) if quick else (16, 64, 256, 1024),
        ),
    }
    return {"courses": {name: _course(run, sizes) for name, (run, sizes) in courses.items()}}


def _course(run: Run, sizes: Sequence[int]) -> dict[str, Any]:
    points = []
    for size in sizes:
        with MemoryWatch() as memory:
            start = time.perf_counter()
            run(size)
            seconds = time.perf_counter() - start
        points.append({"size": size, "seconds": seconds, "megabytes": memory.peak_megabytes})
    upper = points[len(points) // 2 - 1 :]
    return {
        "points": points,
        "time_exponent": _power(upper, "seconds"),
        "memory_exponent": _power(upper, "megabytes"),
    }


def _power(points: Sequence[dict[str, float]], quantity: str) -> float:
    """Return p of the power law size**p that fits best."""
    sizes = np.log([point["size"] for point in points])
    values = np.log([max(point[quantity], 1e-9) for point in points])
    return float(np.polyfit(sizes, values, 1)[0])


def _build_pages(count: int) -> None:
    """Build an essay of so many pages, each of some text, numbers and one figure."""
    body = PARAGRAPH * PARAGRAPHS + FIGURE.format("weights")
    _build({_name(number): FRONT.format(number) + body for number in range(count)})


def _build_figures(count: int) -> None:
    """Build an essay of one page with so many figures."""
    body = "".join(PARAGRAPH + FIGURE.format(number) for number in range(count))
    _build({_name(0): FRONT.format(0) + body})


def _name(number: int) -> str:
    return f"page-{number}.md" if number else "index.md"


def _build(pages: dict[str, str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="netviz-growth-"))
    try:
        essay = folder / "essay"
        essay.mkdir()
        (essay / "essay.toml").write_text(SETTINGS, encoding="utf-8")
        for name, text in pages.items():
            (essay / name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "netviz", "build", "--quiet"]
        subprocess.run(command, cwd=folder, check=True)
    finally:
        shutil.rmtree(folder)


def _train(images: int, width: int) -> None:
    subprocess.run([sys.executable, "-c", TRAIN, str(images), str(width)], check=True)
