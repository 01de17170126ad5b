"""What the benchmark of convolutions counts, and that its contenders make the same steps."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.convolution import Result, Task, multiply_adds, netviz, torch
from netviz.datasets.store import write
from netviz.network.written import network_of_layers
from netviz.training.recipe import Recipe
from tests.miniatures import dataset

LAYERS = [
    "conv 3x3x4 padded", "pool 2", "batch norm", "relu", "conv 2x2x3", "relu", "global average",
]  # fmt: skip


def test_a_step_costs_its_products_and_no_error_of_the_pixels() -> None:
    network = network_of_layers(LAYERS, (8, 8, 1), 3)
    first, second, last = 8 * 8 * 4 * 9, 3 * 3 * 3 * 4 * 4, 9
    assert multiply_adds(network, is_frozen=False) == 2 * first + 3 * second + 3 * last
    assert multiply_adds(network, is_frozen=True) == first + 2 * second + 3 * last


@pytest.fixture
def task(tmp_path: Path) -> Task:
    data = dataset()
    write(tmp_path / "data", data.description, (data.train, data.test))
    recipe = Recipe(
        learning_rate=1.0,
        batch_size=10,
        nesterov=True,
        weight_decay=0.01,
        first_layer="k-means",
        frozen_first_layer=True,
        flips=True,
        centred=False,
        validation=10,
    )
    start = network_of_layers(LAYERS, (8, 8, 1), 3)
    return Task("shapes", tmp_path / "data", start, recipe, steps=20)


def test_netviz_makes_the_steps(task: Task) -> None:
    result = netviz(task)
    assert result.microseconds > 0
    assert 0 < result.loss < np.log(3)


@pytest.mark.parametrize("layers", [LAYERS, [*LAYERS[:-1], "flatten"]])
def test_pytorch_makes_the_same_steps(task: Task, layers: list[str]) -> None:
    pytest.importorskip("torch", reason="PyTorch is the peer here")
    start = network_of_layers(layers, (8, 8, 1), 3)
    same = Task(task.name, task.dataset, start, task.recipe, task.steps)
    ours, theirs = netviz(same), torch(same, 1)
    assert isinstance(theirs, Result)
    assert ours.loss == pytest.approx(theirs.loss, rel=1e-4)
