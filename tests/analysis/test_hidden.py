"""Hidden units: their votes add up, and silence means what running without them means."""

import numpy as np
import pytest

from netviz.analysis.confusion import confusion
from netviz.analysis.evaluation import evaluate
from netviz.analysis.hidden import contributions, silence_each, silenced_logits
from netviz.datasets.dataset import Split
from netviz.network.layers import Dense, Flatten
from netviz.network.network import Network, stacked
from tests.miniatures import SIDE, convolutional


@pytest.fixture
def network() -> Network:
    rng = np.random.default_rng(4)
    shapes = ((12, 7), (7, 5), (5, 3))
    weights = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
    biases = [rng.normal(size=above).astype(np.float32) for _, above in shapes]
    return stacked((4, 3, 1), [*map(Dense, weights, biases)])


@pytest.fixture
def split() -> Split:
    rng = np.random.default_rng(5)
    return Split(rng.integers(0, 256, (300, 4, 3, 1), np.uint8), rng.integers(0, 3, 300, np.uint8))


def test_votes_and_bias_add_up_to_the_logit(network: Network, split: Split) -> None:
    *_, hidden, logits = network.outputs(split.pixels.astype(np.float32) / np.float32(255))
    for k in range(3):
        votes = contributions(hidden, network.dense[-1].weights, k)
        assert votes.shape == (300, 5)
        total = votes.sum(axis=1) + float(network.dense[-1].biases[k])
        assert np.abs(total - logits[:, k]).max() < 1e-5


def test_silence_is_a_network_whose_unit_has_no_weights(network: Network, split: Split) -> None:
    """The oracle cuts the unit's outgoing weights and runs the whole network again."""
    *_, hidden, logits = network.outputs(split.pixels.astype(np.float32) / np.float32(255))
    whole = evaluate(network, split)
    silenced = silence_each(logits, hidden, network.dense[-1].weights, whole.labels, 5)
    assert [entry.unit for entry in silenced] == list(range(5))
    for entry in silenced:
        cut = network.dense[-1].weights.copy()
        cut[entry.unit] = 0
        last = Dense(cut, network.dense[-1].biases)
        without = stacked(network.image_shape, [*network.dense[:-1], last])
        expected = evaluate(without, split)
        assert np.array_equal(entry.confusion.counts, confusion(expected).counts)
        assert entry.accuracy_change == pytest.approx(expected.accuracy - whole.accuracy)
        quick = silenced_logits(logits, hidden, network.dense[-1].weights, entry.unit, 5)
        assert np.allclose(quick, expected.logits, atol=1e-5)
    assert any(entry.accuracy_change for entry in silenced)


def test_a_silenced_map_is_a_convolution_whose_unit_gives_nothing() -> None:
    """Of maps that the last layer reads place by place, all places of one are silenced."""
    rng = np.random.default_rng(6)
    network = convolutional(rng, join=Flatten())
    pixels = rng.random((40, SIDE * SIDE), np.float32)
    features, logits = network.features(pixels), network.logits(pixels)
    units = network.feature_units
    assert 1 < units < features.shape[1]
    (place,) = (k for k, layer in enumerate(network.layers) if layer is network.convolutions[-1])
    for unit in range(units):
        last = network.convolutions[-1]
        weights, biases = last.weights.copy(), last.biases.copy()
        weights[..., unit], biases[unit] = 0, 0
        cut = last.with_arrays({"weights": weights, "biases": biases})
        layers = (*network.layers[:place], cut, *network.layers[place + 1 :])
        expected = Network(network.image_shape, layers).logits(pixels)
        quick = silenced_logits(logits, features, network.dense[-1].weights, unit, units)
        assert np.allclose(quick, expected, atol=1e-4)
