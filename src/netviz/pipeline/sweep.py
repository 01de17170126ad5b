"""Train and score one network of a sweep: data set → its accuracy and cost."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from netviz.analysis.evaluation import evaluate
from netviz.analysis.sweep import Sweep, SweepPoint
from netviz.datasets.store import open_dataset
from netviz.engine.graph import Input, Step
from netviz.pipeline.files import read_json, write_json
from netviz.pipeline.train import Training
from netviz.records import record
from netviz.training.trainer import fit


def point_step(sweep: str, training: Training, dataset: Input) -> Step:
    """Return the step of one shape and one seed of `sweep`."""
    shape = "-".join(map(str, training.hidden)) or "none"
    return Step(
        name=f"sweep {sweep}, hidden {shape}, seed {training.seed}",
        function=f"{__name__}:sweep_point",
        parameters=asdict(training),
        inputs={"dataset": dataset},
        weight=1.0 + sum(training.hidden) / 20,
    )


def sweep_point(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Train one network on `dataset` and score its test images."""
    dataset = open_dataset(inputs["dataset"])
    training = record(Training, parameters)
    start = training.start(dataset)
    network = fit(start, training.recipe, dataset.train, training.seed)
    point = SweepPoint(
        hidden=start.hidden,
        seed=training.seed,
        multiply_adds=start.multiply_adds,
        parameters=start.parameters,
        accuracy=evaluate(network, dataset.test).accuracy,
    )
    write_json(folder / "point.json", asdict(point))


def load_point(folder: Path) -> SweepPoint:
    """Read the result of one `sweep_point`."""
    return record(SweepPoint, read_json(folder / "point.json"))


def load_sweep(name: str, inputs: Mapping[str, Any]) -> Sweep:
    """Read a sweep from its `dataset` and its `points`."""
    dataset = open_dataset(inputs["dataset"])
    return Sweep(name, dataset.description.title, tuple(map(load_point, inputs["points"])))
