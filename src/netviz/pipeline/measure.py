"""Measure one network: data set, training and evaluations → its measurements and downloads."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from netviz.engine.graph import Input, Step
from netviz.measurements.network import Run, measure_moved, measure_network, measure_seeds
from netviz.measurements.plain import plain_record
from netviz.pipeline.downloads import write_downloads
from netviz.pipeline.evaluate import load_evaluation, load_moved, load_survival
from netviz.pipeline.files import read_json, write_json
from netviz.pipeline.material import load_material
from netviz.pipeline.try_unsaid import load_tried

FILE = "measurements.json"


def measure_step(
    name: str,
    title: str,
    network: Mapping[str, Input],
    runs: Mapping[int | None, Step],
    *,
    may_have_learnt: bool,
) -> Step:
    """Return the step that measures a network of this name and title.

    `network` is its material (see `material_inputs`), and what trying it found, where that is
    `tried`; `runs` holds the evaluation of each seed; it `may_have_learnt` from its test images.
    """
    return Step(
        name=f"measure {name}",
        function=f"{__name__}:measure",
        parameters={
            "name": name,
            "title": title,
            "seeds": list(runs),
            "may_have_learnt": may_have_learnt,
        },
        inputs={"network": network, "runs": list(runs.values())},
    )


def measure(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Measure one network, and write its weights as downloads where they are known."""
    network = inputs["network"]
    material = load_material(parameters["name"], parameters["title"], network)
    runs = [
        Run(seed, load_evaluation(one, material.dataset), load_moved(one), load_survival(one))
        for seed, one in zip(parameters["seeds"], inputs["runs"], strict=True)
    ]
    measured = measure_network(material)
    test = replace(
        measured.test, may_have_learnt=parameters["may_have_learnt"], moved=measure_moved(runs)
    )
    tried = load_tried(network["tried"]) if "tried" in network else None
    measured = replace(measured, test=test, seeds=measure_seeds(runs), tried=tried)
    if material.training is not None:
        downloads = write_downloads(material.training.network, material.name, folder)
        measured = replace(measured, downloads=downloads)
    write_json(folder / FILE, plain_record(measured))


def load_measured(folder: Path) -> Any:  # noqa: ANN401 - a tree of plain values
    """Read the measurements of one network, as JSON."""
    return read_json(folder / FILE)
