"""One step of a convolution: window times weights, summed, is the number of the map."""

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Drawing, Materials, NetworkMaterial
from netviz.figures.sliding_filter.sliding_filter import Arguments, draw
from netviz.network.layers import Flatten
from tests.figures.conftest import Written
from tests.miniatures import convolutional, dataset, material


@pytest.fixture(scope="module", params=[1, 3])
def known(request: pytest.FixtureRequest) -> NetworkMaterial:
    channels = request.param
    rng = np.random.default_rng(10)
    return material(convolutional(rng, join=Flatten(), channels=channels), dataset(channels))


def drawn(known: NetworkMaterial, written: Written, number: int | None = 0) -> Drawing:
    return draw(Arguments("it", number), Materials(networks={"it": known}), written)


def test_the_step_is_where_the_filter_answers_most(
    known: NetworkMaterial, written: Written
) -> None:
    context = drawn(known, written, 2).context
    network = known.trained.network
    first = int(np.flatnonzero(known.dataset.test.labels == 0)[0])
    answers = network.outputs(known.dataset.test.pixels[[first]] / np.float32(255))[0][0, :, :, 2]
    assert context["answer"] == pytest.approx(answers.max(), abs=1e-4)
    assert answers[context["row"], context["column"]] == answers.max()  # type: ignore[index]  # numbers of JSON
    sum_of, bias = context["sum"], context["bias"]
    assert isinstance(sum_of, float)
    assert isinstance(bias, float)
    assert sum_of + bias == pytest.approx(answers.max(), abs=1e-4)


def test_the_page_gets_the_weights_filter_by_filter(
    known: NetworkMaterial, written: Written
) -> None:
    drawn(known, written)
    layer = known.trained.network.layers[0]
    shipped = written.values["filters-it"]
    assert isinstance(shipped, dict)
    weights = written.floats(shipped["weights"])
    expected = np.moveaxis(layer.arrays["weights"], 3, 0).ravel()
    np.testing.assert_array_equal(weights, expected)
    assert shipped["stride"] == 1


def test_without_a_number_the_filter_that_answers_most_is_shown(
    known: NetworkMaterial, written: Written
) -> None:
    first = int(np.flatnonzero(known.dataset.test.labels == 0)[0])
    pixels = known.dataset.test.pixels[[first]] / np.float32(255)
    answers = known.trained.network.outputs(pixels)[0]
    context = drawn(known, written, None).context
    assert context["filter"] == answers.max(axis=(0, 1, 2)).argmax()


def test_a_filter_that_is_not_there_is_refused(known: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="has no filter 4") as refused:
        drawn(known, written, 4)
    assert refused.value.expected == "0 to 3"


def test_a_dense_network_is_refused(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="sliding_filter cannot show the network"):
        drawn(grey, written)
