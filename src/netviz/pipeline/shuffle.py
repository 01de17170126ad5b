"""Move all pixels of a data set by one permutation: data set → the same without neighbours."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netviz.datasets.shuffled import with_shuffled_pixels
from netviz.datasets.store import open_dataset, write
from netviz.engine.graph import Artifact, Step


def shuffle_step(name: str, dataset: Artifact) -> Step:
    """Return the step that shuffles the pixels of the data set `name`."""
    return Step(
        name=f"shuffle the pixels of {name}",
        function=f"{__name__}:shuffle_pixels",
        inputs={"dataset": dataset},
        weight=1.0,
    )


def shuffle_pixels(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 - every step has the same form
    """Write `dataset` with its pixels shuffled; `open_dataset` reads it."""
    shuffled = with_shuffled_pixels(open_dataset(inputs["dataset"]))
    splits = shuffled.train, shuffled.test
    write(folder, shuffled.description, splits, is_sample=shuffled.is_sample)
