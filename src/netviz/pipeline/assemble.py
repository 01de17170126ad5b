"""Put all measurements together → measurements.json without its claims."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from netviz.datasets.store import open_dataset
from netviz.engine.graph import Artifact, Step
from netviz.measurements.dataset import measure_dataset
from netviz.measurements.plain import plain_record
from netviz.measurements.sweep import measure_sweep
from netviz.measurements.whole import AllMeasurements, Compared, compare, versions
from netviz.pipeline.evaluate import load_evaluation
from netviz.pipeline.files import write_json
from netviz.pipeline.measure import load_measured
from netviz.pipeline.sweep import load_point

MEASUREMENTS_NAME = "measurements.json"


def assemble_step(
    datasets: Mapping[str, Artifact],
    networks: Mapping[str, Mapping[str, Step | Sequence[Step]]],
    sweeps: Mapping[str, Sequence[Step]],
    *,
    is_sample: bool,
) -> Step:
    """Return the step that puts all measurements together.

    Args:
        datasets: those that the essay uses, by name.
        networks: by name, the step that `measured` each and the `evaluations` of all its seeds.
        sweeps: by name, the step of every point.
        is_sample: whether the data sets are the bundled sample.
    """
    return Step(
        name="put measurements together",
        function=f"{__name__}:assemble",
        parameters={"datasets": list(datasets), "is_sample": is_sample},
        inputs={"datasets": datasets, "networks": networks, "sweeps": sweeps},
    )


def assemble(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Put the measurements of all networks, data sets and sweeps together."""
    datasets = {name: open_dataset(inputs["datasets"][name]) for name in parameters["datasets"]}
    networks = {}
    compared = {}
    for name, steps in sorted(inputs["networks"].items()):
        networks[name] = load_measured(steps["measured"])
        dataset = networks[name]["dataset"]
        answers = [load_evaluation(one, datasets[dataset]) for one in steps["evaluations"]]
        compared[name] = Compared(dataset, answers)
    whole = AllMeasurements(
        sample=parameters["is_sample"],
        versions=versions(),
        datasets={name: measure_dataset(dataset) for name, dataset in datasets.items()},
        networks=networks,
        comparisons=compare(compared),
        sweeps={
            name: measure_sweep([load_point(point) for point in points])
            for name, points in sorted(inputs["sweeps"].items())
        },
    )
    write_json(folder / MEASUREMENTS_NAME, plain_record(whole))
