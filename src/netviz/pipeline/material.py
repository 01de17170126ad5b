"""What measuring and drawing read of a network: its data set, training and evaluation together."""

from collections.abc import Mapping
from pathlib import Path

from netviz.datasets.store import open_dataset
from netviz.engine.graph import Input, Step
from netviz.measurements.material import NetworkMaterial
from netviz.pipeline.evaluate import load_evaluation
from netviz.training.trained import load_trained


def material_inputs(dataset: Input, training: Step | None, evaluation: Step) -> dict[str, Input]:
    """Return the inputs of a step that reads a network, with a training where there is one."""
    inputs: dict[str, Input] = {"dataset": dataset, "evaluation": evaluation}
    return inputs if training is None else inputs | {"training": training}


def load_material(name: str, title: str, inputs: Mapping[str, Path]) -> NetworkMaterial:
    """Read the network that is called `name` and `title`, from the folders of these inputs."""
    dataset = open_dataset(inputs["dataset"])
    training = load_trained(inputs["training"]) if "training" in inputs else None
    identity = training.network.identity if training else None
    evaluation = load_evaluation(inputs["evaluation"], dataset, identity)
    return NetworkMaterial(name, title, training, dataset, evaluation)
