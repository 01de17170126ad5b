"""Measure one network: data set, training and evaluation → its measurements and downloads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netviz.engine.graph import Input, Step
from netviz.measurements.network import measure_network
from netviz.pipeline.downloads import write_downloads
from netviz.pipeline.files import read_json, write_json
from netviz.pipeline.material import load_material

FILE = "measurements.json"


def measure_step(name: str, title: str, network: Mapping[str, Input]) -> Step:
    """Return the step that measures the `network` of this name and title (`material_inputs`)."""
    return Step(
        name=f"measure {name}",
        function=f"{__name__}:measure",
        parameters={"name": name, "title": title},
        inputs=network,
    )


def measure(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Measure one network, and write its weights as downloads where they are known."""
    material = load_material(parameters["name"], parameters["title"], inputs)
    measured = measure_network(material)
    if material.training is not None:
        measured["downloads"] = write_downloads(material.training.network, material.name, folder)
    write_json(folder / FILE, measured)


def load_measured(folder: Path) -> Any:  # noqa: ANN401 - a tree of plain values
    """Read what was measured of one network."""
    return read_json(folder / FILE)
