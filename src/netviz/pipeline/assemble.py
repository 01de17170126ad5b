"""Put all measurements together → measurements.json without its claims."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from netviz.datasets.store import open_dataset
from netviz.engine.graph import Artifact, Step
from netviz.measurements.whole import Run, Seeded, assembled
from netviz.pipeline.evaluate import load_evaluation, load_moved, load_survival
from netviz.pipeline.files import write_json
from netviz.pipeline.measure import load_measured
from netviz.pipeline.sweep import load_point

MEASUREMENTS_NAME = "measurements.json"


def assemble_step(
    datasets: Mapping[str, Artifact],
    networks: Mapping[str, Mapping[str, Step | Sequence[Step]]],
    sweeps: Mapping[str, Sequence[Step]],
    **parameters: object,
) -> Step:
    """Return the step that puts all measurements together.

    Args:
        datasets: those that the essay uses, by name.
        networks: by name, the step that `measured` each and the `evaluations` of all its seeds.
        sweeps: by name, the step of every point.
        **parameters: `seeds` of each network, `is_sample`, and the names of the networks that
            `may_have_learnt` from their test images.
    """
    return Step(
        name="put measurements together",
        function=f"{__name__}:assemble",
        parameters={"datasets": list(datasets), **parameters},
        inputs={"datasets": datasets, "networks": networks, "sweeps": sweeps},
    )


def assemble(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Put the measurements of all networks, data sets and sweeps together."""
    datasets = {name: open_dataset(inputs["datasets"][name]) for name in parameters["datasets"]}
    networks = {}
    for name, steps in sorted(inputs["networks"].items()):
        measured = load_measured(steps["measured"])
        dataset = datasets[measured["dataset"]]
        runs = [
            Run(seed, load_evaluation(one, dataset), load_moved(one), load_survival(one))
            for seed, one in zip(parameters["seeds"][name], steps["evaluations"], strict=True)
        ]
        networks[name] = Seeded(measured, runs, name in parameters["may_have_learnt"])
    sweeps = {
        name: [load_point(point) for point in points]
        for name, points in sorted(inputs["sweeps"].items())
    }
    tree = assembled(datasets, networks, sweeps, is_sample=parameters["is_sample"])
    write_json(folder / MEASUREMENTS_NAME, tree)
