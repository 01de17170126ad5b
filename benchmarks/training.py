"""Training the essay's networks, next to PyTorch and scikit-learn, and next to what the processor
could do at best.

Every contender has a process of its own and they take turns, round after round, so that
whatever else the machine does falls on all alike. The median of the rounds counts.
"""

import importlib.util
import os
import statistics
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks import contenders
from benchmarks.contenders import Result, Task
from netviz.datasets.store import open_dataset, prepare
from netviz.essay.settings import read_settings
from netviz.folders import default_cache_dir
from netviz.network.network import dense_network

ESSAY = Path(__file__).parents[1] / "essay" / "essay.toml"
SEED = 1
ROUNDS = 3
QUICK_ROUNDS = 1
NARROW = "cifar-2layer, ten units"

Contender = Callable[[Task], Result]


def measure(*, quick: bool) -> dict[str, Any]:
    """Return seconds, quality and ratios of every network, and the peak that bounds them."""
    rivals = _contenders()
    with ExitStack() as stack:
        pools = {
            name: stack.enter_context(process(threads)) for name, (_, threads) in rivals.items()
        }
        peak = pools["netviz"].submit(contenders.multiply_add_peak).result()
        networks = {}
        for task in _tasks():
            rounds: dict[str, list[Result]] = {name: [] for name in rivals}
            for _ in range(QUICK_ROUNDS if quick else ROUNDS):
                for name, (contender, _) in rivals.items():
                    rounds[name].append(pools[name].submit(contender, task).result())
            networks[task.name] = _compared(task, rounds, peak)
    return {
        "multiply_adds_a_second": peak,
        "missing": _missing(),
        "networks": networks,
    }


def _contenders() -> dict[str, tuple[Contender, int]]:
    """Return those that are installed, each with the number of its threads."""
    found: dict[str, tuple[Contender, int]] = {"netviz": (contenders.netviz, 1)}
    if importlib.util.find_spec("torch"):
        for threads in (1, 2):
            name = f"PyTorch, {threads} thread{'s' * (threads > 1)}"
            found[name] = (partial(contenders.torch, threads=threads), threads)
    if importlib.util.find_spec("sklearn"):
        found["scikit-learn"] = (contenders.scikit_learn, 1)
    return found


def _missing() -> list[str]:
    names = {"torch": "PyTorch", "sklearn": "scikit-learn"}
    return [name for module, name in names.items() if not importlib.util.find_spec(module)]


def process(threads: int) -> ProcessPoolExecutor:
    """Return a running process that computes with so many threads."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    os.environ.update(dict.fromkeys(names, str(threads)))  # read when a process loads numpy
    process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    process.submit(os.getpid).result()
    return process


def _tasks() -> list[Task]:
    """Return the essay's networks, and a narrow one beside the wide one."""
    tasks = []
    for name, settings in read_settings(ESSAY).networks.items():
        if settings.shuffled_labels or settings.layers:
            continue
        folder = prepare(settings.dataset, default_cache_dir(), None)
        description = open_dataset(folder).description
        shape, classes = description.image_shape, len(description.class_names)
        activation = settings.activation or "relu"
        start = dense_network(shape, settings.hidden, classes, activation)
        tasks.append(Task(name, folder, start, settings.recipe, SEED))
        if name == "cifar-2layer":
            narrow = dense_network(shape, (10,), classes, activation)
            tasks.append(replace(tasks[-1], name=NARROW, start=narrow))
    return tasks


def _compared(task: Task, rounds: dict[str, list[Result]], peak: float) -> dict[str, Any]:
    seconds = {
        name: statistics.median(one.seconds for one in results) for name, results in rounds.items()
    }
    dataset = open_dataset(task.dataset)
    examples = len(dataset.train) - min(task.recipe.validation, len(dataset.train) // 5)
    bound = contenders.multiply_adds(task, examples) / peak
    rivals = [name for name in seconds if name.startswith("PyTorch")]
    best = min(rivals, key=lambda name: seconds[name], default=None)
    return {
        "widths": [task.start.inputs, *task.start.hidden, task.start.classes],
        "contenders": {
            name: {
                "seconds": seconds[name],
                "rounds": [one.seconds for one in results],
                "test_accuracy": results[0].accuracy,
                "test_loss": results[0].loss,
            }
            for name, results in rounds.items()
        },
        "bound_seconds": bound,
        "times_the_bound": seconds["netviz"] / bound,
        "best_pytorch": best,
        "pytorch_over_netviz": seconds[best] / seconds["netviz"] if best else None,
        "scikit_learn_over_netviz": (
            seconds["scikit-learn"] / seconds["netviz"] if "scikit-learn" in seconds else None
        ),
    }
