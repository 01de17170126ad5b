"""A kind of layer that netviz does not know is trained, stored, shipped, measured and drawn.

The layer is a fixed average of 2 by 2 pixels. Nothing but this file knows it.
"""

import base64
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from netviz.analysis.evaluation import evaluate
from netviz.errors import EssayError
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.parts.shipped import network_data
from netviz.figures.registry import Registry
from netviz.network.gradients import Penalties, gradient
from netviz.network.layers import Activation, Array, Backward, Dense, Flatten, Layer, Shape
from netviz.network.network import Network
from netviz.network.parameters import fresh, over
from netviz.network.storage import load, save
from netviz.training.batches import Examples
from netviz.training.fast import FastGradient
from netviz.training.recipe import Recipe
from netviz.training.trained import load_trained, save_trained
from netviz.training.trainer import train
from tests.figures.conftest import Written
from tests.miniatures import SIDE, at, dataset, measured_plainly
from tests.network.test_gradients import gradient_error


@dataclass(frozen=True)
class Average(Layer):
    """The mean of each `size` by `size` pixels."""

    size: int

    kind = "test_average"

    def output_shape(self, input_shape: Shape) -> Shape:
        height, width, channels = input_shape
        return height // self.size, width // self.size, channels

    def forward(self, inputs: Array) -> Array:
        n, height, width, _ = inputs.shape
        cells = inputs.reshape(n, height // self.size, self.size, width // self.size, self.size, -1)
        means: Array = cells.mean(axis=(2, 4))
        return means

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - as every layer
        spread = error.repeat(self.size, axis=1).repeat(self.size, axis=2)
        return Backward(spread / self.size**2)


def zeros(*shape: int) -> Dense:
    return Dense(np.zeros(shape, np.float32), np.zeros(shape[1], np.float32))


LAYERS = Network(
    (SIDE, SIDE, 1),
    (Average(2), Flatten(), zeros(SIDE * SIDE // 4, 5), Activation("tanh"), zeros(5, 3)),
)
RECIPE = Recipe(
    learning_rate=0.2,
    batch_size=15,
    epochs=30,
    smoothness=1e-3,
    weight_decay=1e-3,
    centred=False,
)


@pytest.fixture(scope="module")
def material() -> NetworkMaterial:
    data = dataset()
    trained = train(LAYERS, RECIPE, data.train, seed=1)
    answers = evaluate(trained.network, data.test)
    return NetworkMaterial("own", "a network of its own kind", trained, data, answers)


def test_its_derivatives_are_right_and_reach_what_lies_below() -> None:
    """A dense layer stands below it here, so that its own `backward` counts."""
    below = Dense(np.zeros((8, 16)), np.zeros(16))
    network = Network((8, 1, 1), (Flatten(), below, _Square(), Average(2), Flatten(), zeros(4, 3)))
    parameters = fresh(network, np.random.default_rng(0), dtype=np.float64)
    rng = np.random.default_rng(1)
    batch = rng.normal(0, 1, (7, 8)), np.array([0, 1, 2, 2, 1, 0, 0])
    assert gradient_error(parameters, batch) < 1e-8


@dataclass(frozen=True)
class _Square(Layer):
    """Sixteen numbers as an image of 4 by 4 pixels."""

    kind = "test_square"

    def output_shape(self, input_shape: Shape) -> Shape:
        assert input_shape == (16,)
        return (4, 4, 1)

    def forward(self, inputs: Array) -> Array:
        return inputs.reshape(-1, 4, 4, 1)

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - as every layer
        return Backward(error.reshape(inputs.shape))


def test_the_fast_gradient_is_the_plain_one() -> None:
    data = dataset()
    examples = Examples(data.train.pixels, data.train.labels.astype(np.intp), np.arange(90))
    parameters = fresh(LAYERS, np.random.default_rng(0))
    penalties = Penalties(0.1, 0.2)
    centre = np.full(SIDE * SIDE, 90.0)
    fast = FastGradient(parameters, 30, penalties, centre, 0.01)(examples, np.arange(30)).vector
    exact = over(LAYERS, parameters.vector.astype(np.float64))
    inputs = (data.train.pixels[:30] - centre) * 0.01
    plain = gradient(exact, inputs, examples.labels[:30], penalties).vector
    assert np.abs(fast - plain).max() < 1e-5 * np.abs(plain).max()


def test_it_learns(material: NetworkMaterial) -> None:
    assert material.evaluation.accuracy > 0.95


def test_it_comes_back_from_the_disk(material: NetworkMaterial, tmp_path: Path) -> None:
    save_trained(material.trained, tmp_path)
    again = load_trained(tmp_path).network
    assert again.layers[0] == Average(2)
    assert again.identity == material.trained.network.identity


def test_its_settings_are_part_of_what_is_stored(tmp_path: Path) -> None:
    save(LAYERS, tmp_path / "a.npz")
    assert load(tmp_path / "a.npz").layers[0].settings == {"size": 2}


def test_the_page_gets_kind_settings_and_arrays(material: NetworkMaterial) -> None:
    sent = network_data(material.trained.network)
    assert at(sent, "layers.0") == {"kind": "test_average", "size": 2}
    assert at(sent, "shapes.1") == [4, 4, 1]
    weights = material.trained.network.dense[0].weights
    assert base64.b64decode(at(sent, "layers.2.weights")) == weights.tobytes()


def test_it_is_measured(material: NetworkMaterial) -> None:
    found = measured_plainly(material)
    assert at(found, "test.accuracy") == material.evaluation.accuracy
    assert at(found, "hidden.units") == 5
    assert at(found, "hidden.votes.classes.0.count") > 0
    # Its filters see averages, so they cannot be compared with images.
    assert "filters" not in at(found, "hidden")
    assert "templates" not in found


@pytest.mark.parametrize("word", ["confusion_matrix", "surest_samples", "feature_space"])
def test_figures_of_any_network_draw_it(material: NetworkMaterial, word: str) -> None:
    module = Registry().find(word).load()
    drawn = module.draw(
        module.Arguments("own"), Materials(networks={"own": material}), Written({}, {})
    )
    assert drawn.finding


@pytest.mark.parametrize("word", ["network_diagram", "weights", "unrolling", "filters_and_votes"])
def test_figures_of_dense_networks_refuse_it(material: NetworkMaterial, word: str) -> None:
    module = Registry().find(word).load()
    with pytest.raises(EssayError, match="expected"):
        module.draw(module.Arguments("own"), Materials(networks={"own": material}), Written({}, {}))
