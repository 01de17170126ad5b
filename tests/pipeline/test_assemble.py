"""The whole tree put together: seeds, data sets, sweeps and comparisons."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.analysis.averages import averages
from netviz.analysis.moving import accuracies_moved
from netviz.analysis.sweep import SweepPoint
from netviz.datasets.store import write
from netviz.network.layers import Dense
from netviz.network.network import Network, stacked
from netviz.pipeline.assemble import MEASUREMENTS_NAME, assemble
from netviz.pipeline.files import read_json, write_json
from netviz.pipeline.measure import measure
from netviz.training.trained import save_trained
from tests.miniatures import NAMES, SIDE, at, dataset, material, network


class Steps:
    """Folders as the steps of a build would leave them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = dataset()
        self.inputs: dict[str, dict[str, Any]] = {
            "datasets": {"shapes": folder / "data"},
            "networks": {},
            "sweeps": {},
        }
        self.parameters: dict[str, Any] = {
            "datasets": ["shapes"],
            "is_sample": False,
        }
        write(folder / "data", self.data.description, (self.data.train, self.data.test))

    def add_network(self, name: str, trained: Sequence[Network]) -> None:
        evaluations = [self._folder(f"{name}-{index}") for index in range(len(trained))]
        for folder, one in zip(evaluations, trained, strict=True):
            np.save(folder / "logits.npy", material(one, self.data).evaluation.logits)
            np.save(folder / "moved.npy", accuracies_moved(one, self.data.test))
        training, measured = self._folder(f"{name}-training"), self._folder(f"{name}-measured")
        save_trained(material(trained[0], self.data).trained, training)
        network = {"dataset": self.folder / "data", "training": training}
        inputs = {"network": network | {"evaluation": evaluations[0]}, "runs": evaluations}
        seeds = [*range(1, len(trained) + 1)]
        parameters = {"name": name, "title": name, "seeds": seeds, "may_have_learnt": False}
        measure(inputs, parameters, measured)
        self.inputs["networks"][name] = {"measured": measured, "evaluations": evaluations}

    def add_sweep(self, accuracies: dict[tuple[int, ...], Sequence[float]]) -> None:
        points = [
            SweepPoint(
                hidden, seed, multiply_adds=100 * (sum(hidden) or 1), parameters=1, accuracy=a
            )
            for hidden, values in accuracies.items()
            for seed, a in enumerate(values)
        ]
        folders = [self._folder(f"point-{index}") for index in range(len(points))]
        for folder, point in zip(folders, points, strict=True):
            write_json(folder / "point.json", asdict(point))
        self.inputs["sweeps"]["s"] = folders

    def tree(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            assemble(self.inputs, self.parameters, Path(folder))
            tree: dict[str, Any] = read_json(Path(folder) / MEASUREMENTS_NAME)
            return tree

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    return Steps(tmp_path)


@pytest.fixture
def good(steps: Steps) -> Network:
    """A network that reads every image correctly: the class less the others."""
    pictures = averages(steps.data.train, 3).classes.reshape(3, -1).astype(np.float64)
    biases = -(pictures**2).sum(axis=1) / 2
    plain = network([pictures.T])
    return stacked(plain.image_shape, [Dense(plain.dense[0].weights, biases.astype(np.float32))])


@pytest.fixture
def poor() -> Network:
    """A network that gives every image its first answer."""
    weights = np.zeros((SIDE * SIDE, 3))
    weights[:, 0] = 1
    return network([weights])


def test_the_shown_seed_and_its_spread_agree(steps: Steps, good: Network, poor: Network) -> None:
    steps.add_network("one", [good, poor])
    seeds = at(steps.tree(), "networks.one.seeds")
    assert seeds["values"] == [1, 2]
    assert seeds["accuracies"] == [1, pytest.approx(1 / 3)]
    assert (seeds["lowest"], seeds["highest"]) == (pytest.approx(1 / 3), 1)
    assert at(steps.tree(), "networks.one.test.accuracy") == seeds["accuracies"][0]


def test_moved_images_are_counted_for_the_shown_seed_and_over_all(
    steps: Steps, good: Network, poor: Network
) -> None:
    steps.add_network("one", [good, poor])
    found = at(steps.tree(), "networks.one.test.moved")
    assert [row["pixels"] for row in found] == [0, 1, 2, 3, 4]
    assert found[0] == {"pixels": 0, "accuracy": 1, "lowest": pytest.approx(1 / 3), "highest": 1}
    after = [accuracies_moved(one, steps.data.test)[4] for one in (good, poor)]
    assert found[4]["accuracy"] == pytest.approx(after[0])
    assert found[4]["lowest"] == pytest.approx(min(after))


def test_two_networks_are_compared_image_by_image_and_seed_by_seed(
    steps: Steps, good: Network, poor: Network
) -> None:
    steps.add_network("first", [poor, poor, poor])
    steps.add_network("second", [good, good, good])
    found = at(steps.tree(), "comparisons.second-over-first")
    assert found["difference"] == pytest.approx(2 / 3, rel=1e-5)
    assert (found["to_right"], found["to_wrong"]) == (60, 0)
    assert found["p_value"] == pytest.approx(2 / 2**60, rel=1e-5)
    assert found["p_value_seeds"] == pytest.approx(2 / 20)


def test_a_data_set_is_described_with_what_needs_no_training(steps: Steps) -> None:
    found = at(steps.tree(), "datasets.shapes")
    assert (found["train"], found["test"], found["pixels"]) == (90, 90, 64)
    assert found["chance"] == pytest.approx(1 / 3)
    assert found["nearest_average_accuracy"] == 1
    assert 0.5 < found["between_class_share"] < 1
    assert found["most_alike"][0]["correlation"] >= found["most_alike"][-1]["correlation"]
    assert found["most_frequent_class"] == {"name": NAMES[0], "share": pytest.approx(1 / 3, 1e-5)}


def test_a_sweep_is_gathered_by_shape_and_its_gains_are_those_of_a_doubling(steps: Steps) -> None:
    steps.add_sweep(
        {
            (): [0.4],
            (8,): [0.8, 0.6],
            (2,): [0.5, 0.5],
            (2, 2): [0.3, 0.5],
        }
    )
    found = at(steps.tree(), "sweeps.s")
    assert found["narrowest"]["hidden"] == [2]
    assert found["widest"]["hidden"] == found["best"]["hidden"] == [8]
    assert found["no_hidden"]["mean"] == 0.4
    assert found["seeds"] == 2
    (doubling,) = found["doublings"]
    assert (doubling["from"], doubling["to"], doubling["cost"]) == (2, 8, 4)
    assert doubling["gain"] == pytest.approx(0.1)  # 0.2 over two doublings
    assert found["depths"]["units"] == 2
    assert found["depths"]["gain"] == pytest.approx(-0.1)


def test_a_sweep_without_hidden_layers_has_neither_widths_nor_depths(steps: Steps) -> None:
    steps.add_sweep({(): [0.4, 0.5]})
    found = at(steps.tree(), "sweeps.s")
    assert found["narrowest"] is found["depths"] is None
    assert found["doublings"] == []


def test_the_tree_is_plain_json_in_an_order_of_its_own(steps: Steps, good: Network) -> None:
    steps.add_network("one", [good])
    text = json.dumps(steps.tree(), allow_nan=False)
    assert text == json.dumps(steps.tree(), allow_nan=False)
    assert [*json.loads(text)] == [
        "sample",
        "versions",
        "datasets",
        "networks",
        "comparisons",
        "sweeps",
    ]
