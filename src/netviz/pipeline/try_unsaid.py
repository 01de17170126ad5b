"""Try what a file of weights does not say: data set and file → images read each way."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import evaluate
from netviz.analysis.spread import is_clearly_more
from netviz.datasets.dataset import Split
from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.elsewhere.unsaid import Better, Tried, settings_of, unsaid
from netviz.engine.graph import Input, Step
from netviz.errors import DataError
from netviz.limits import reading
from netviz.pipeline.files import read_json, write_json
from netviz.pipeline.import_weights import Import, Weights, given_to, weights_step
from netviz.records import record

FILE = "tried.json"
IMAGES = 1000  # enough to tell ways apart that matter
SEED = 0


def unsaid_step(name: str, said: Import, weights: Weights, dataset: Input) -> Step:
    """Return the step that tries the network `name` in ways that nothing said of it rules out."""
    title = f"try how {name} was trained"
    return weights_step(title, said, weights, dataset, function=f"{__name__}:try_unsaid")


def try_unsaid(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Read the network in `weights` each way, and count which test images it reads correctly.

    A way that the file itself rules out is passed over.
    """
    given = given_to(inputs, parameters)
    some = _some(given.dataset.test)
    before = _correct(given.file, given.expected, some)
    best, best_way, ways = before, given.expected, 0
    for other in unsaid(given.expected, given.dataset.train.images):
        try:
            correct = _correct(given.file, other, some)
        except DataError:
            continue
        ways += 1
        if correct.sum() > best.sum():
            best, best_way = correct, other
    better = None
    if is_clearly_more(int((best & ~before).sum()), int((before & ~best).sum())):
        better = Better(settings_of(best_way, given.expected), int(best.sum()))
    write_json(folder / FILE, asdict(Tried(len(some), int(before.sum()), ways, better)))


def load_tried(folder: Path) -> Tried:
    """Read what trying a network found."""
    return record(Tried, read_json(folder / FILE))


def _correct(file: Path, expected: Expected, split: Split) -> NDArray[np.bool_]:
    """Say which images of `split` the network in `file` reads correctly, (n,)."""
    with reading(file):
        network = read_foreign(file, expected)
    return evaluate(network, split).correct


def _some(split: Split) -> Split:
    """Return images of a split, in which any order of its classes is mixed."""
    count = min(len(split), IMAGES)
    chosen = np.sort(np.random.default_rng(SEED).permutation(len(split))[:count])
    return Split(split.images[chosen], split.labels[chosen])
