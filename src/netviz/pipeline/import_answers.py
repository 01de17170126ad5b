"""Read what a network answered, in place of its weights: data set and file → logits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from netviz.datasets.store import open_dataset
from netviz.elsewhere.answers import Asked, read_answers
from netviz.engine.graph import Input, Step
from netviz.limits import reading
from netviz.pipeline.import_weights import Weights


def answers_step(name: str, file: str, answers: Weights, dataset: Input) -> Step:
    """Return the step that imports the answers of the network `name`."""
    return Step(
        name=f"import the answers of {name}",
        function=f"{__name__}:import_answers",
        parameters={"file": file},
        inputs={"dataset": dataset, "answers": answers.artifact},
        place=answers.place,
    )


def import_answers(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Read the answers to the test images of `dataset`; `load_evaluation` reads them again."""
    dataset = open_dataset(inputs["dataset"])
    asked = Asked(
        dataset.test.labels,
        dataset.description.class_names,
        len(dataset.train),
        is_sample=dataset.is_sample,
    )
    file = inputs["answers"] / parameters["file"]
    with reading(file):
        logits = read_answers(file, asked)
    np.save(folder / "logits.npy", logits)
