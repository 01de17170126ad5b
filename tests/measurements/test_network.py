"""One network measured: what is said of it is true of networks made for the purpose."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.analysis.averages import averages
from netviz.datasets.dataset import Dataset, Split
from netviz.measurements.plain import EXACT, Exact, as_plain, plain_record, rounded
from netviz.network.network import Network
from tests.miniatures import NAMES, SIDE, at, dataset, material, measured_plainly, network, pattern


def of_averages(data: Dataset, channels: int = 1) -> Network:
    """Return the network of one layer whose templates are the class averages."""
    pictures = averages(data.train, len(NAMES)).classes.reshape(len(NAMES), -1)
    return network([pictures.T], channels)


def random_network(rng: np.random.Generator, hidden: int) -> Network:
    return network([rng.normal(size=(SIDE * SIDE, hidden)), rng.normal(size=(hidden, 3))])


def every_number(tree: object) -> Iterator[float]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from every_number(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from every_number(value)
    elif isinstance(tree, float):
        yield tree


def test_the_confusion_matrix_and_all_that_follows_from_it_agree() -> None:
    rng = np.random.default_rng(3)
    test = measured_test(rng)
    matrix = np.array(at(test, "confusion_matrix"))
    assert matrix.sum() == at(test, "count") == 90
    assert matrix.trace() == at(test, "correct")
    assert at(test, "accuracy") == matrix.trace() / 90
    for k in range(3):
        entry = at(test, f"classes.{k}")
        assert entry["count"] == matrix[k].sum()
        assert entry["predicted"] == matrix[:, k].sum()
        assert entry["mistaken"]["count"] == matrix[:, k].sum() - matrix[k, k]
        assert entry["recall"] == pytest.approx(matrix[k, k] / matrix[k].sum(), rel=1e-5)
    recalls = [entry["recall"] for entry in at(test, "classes")]
    assert at(test, "best_class.recall") == max(recalls)
    assert at(test, "worst_class.recall") == min(recalls)
    largest = at(test, "largest_confusions")
    assert [one["count"] for one in largest] == sorted(
        (matrix[a, b] for a in range(3) for b in range(3) if a != b and matrix[a, b]), reverse=True
    )
    pair = at(test, "confused_pairs.0")
    a, b = NAMES.index(pair["first"]), NAMES.index(pair["second"])
    assert pair["count"] == matrix[a, b] + matrix[b, a]


def measured_test(rng: np.random.Generator) -> dict[str, Any]:
    measured = measured_plainly(material(random_network(rng, 4), dataset()))
    test = measured["test"]
    assert isinstance(test, dict)
    return test


def test_second_guesses_and_sure_mistakes_are_counted_from_the_probabilities() -> None:
    data = dataset()
    shown = material(random_network(np.random.default_rng(4), 4), data)
    test = measured_plainly(shown)["test"]
    probabilities = shown.evaluation.probabilities
    truth = probabilities[np.arange(90), data.test.labels][:, None]
    ranks = (probabilities > truth).sum(axis=1)
    assert at(test, "second_guess.errors") == (ranks == 1).sum()
    assert at(test, "second_guess.accuracy") == pytest.approx((ranks <= 1).mean())
    sure = probabilities.max(axis=1) >= at(test, "sure_mistakes.threshold")
    assert at(test, "sure_mistakes.answers") == sure.sum()
    assert at(test, "sure_mistakes.count") == (sure & (ranks > 0)).sum()
    assert sum(bin_["count"] for bin_ in at(test, "calibration.bins")) == 90


def test_averages_as_templates_are_nearest_to_themselves_and_negated_ones_never() -> None:
    data = dataset()
    one = of_averages(data)
    found = measured_plainly(material(one, data))["templates"]
    assert at(found, "nearest_own_count") == 3
    assert at(found, "mean_correlation_own") == pytest.approx(1)
    assert [entry["nearest_average"] for entry in at(found, "classes")] == [*NAMES]
    alike = at(found, "most_alike_averages")
    assert alike["correlation_averages"] == pytest.approx(alike["correlation_templates"])
    negated = measured_plainly(material(network([-one.dense[0].weights]), data))["templates"]
    assert at(negated, "nearest_own_count") == 0
    assert at(negated, "mean_correlation_own") == pytest.approx(-1)


def test_regions_of_a_template_are_those_of_its_picture() -> None:
    weights = np.zeros((SIDE, SIDE, 3))
    weights[3:5, 3:5, 1] = 7  # the four pixels about the middle
    weights[0, :, 2] = 1
    found = measured_plainly(material(network([weights.reshape(-1, 3)]), dataset()))["templates"]
    assert at(found, "classes.1.centre") == 7
    assert at(found, "classes.1.rim") == 0
    assert at(found, "classes.2.rim") > 0
    assert (at(found, "classes.1.lowest"), at(found, "classes.1.highest")) == (0, 7)


def test_a_blue_rim_is_found_in_templates_and_in_answers() -> None:
    data = dataset(channels=3)
    pictures = [pattern(name, 3) for name in NAMES]
    pictures[2][0, :, 2] += 4
    bluest = data.test.images.copy()
    bluest[:9] = 0
    bluest[:9, 0, :, 2] = 255
    data = Dataset(data.description, data.train, Split(bluest, data.test.labels), data.digest)
    weights = np.stack(pictures, axis=-1).reshape(-1, 3)
    blue = at(measured_plainly(material(network([weights], 3), data)), "templates.blue")
    assert blue["rims"][0]["name"] == "whole"
    second = blue["rims"][1]["name"]
    labels = data.test.labels[:9]
    are = np.isin(labels, [2, NAMES.index(second)]).mean()
    assert blue["bluest_images"] == {
        "count": 9,
        "are": pytest.approx(are, rel=1e-5),
        "called": 1,
        "others_called": 1,
    }


def test_the_frame_most_like_the_averages_is_named() -> None:
    data = dataset()
    good = of_averages(data)
    noise = network([np.random.default_rng(8).normal(size=(SIDE * SIDE, 3))])
    blank = network([np.zeros((SIDE * SIDE, 3))])
    film = at(measured_plainly(material(noise, data, film=[blank, good, noise])), "film")
    assert film["likest_averages"] == film["frames"][1]
    assert film["frames"][0]["correlation_own_centred"] is None
    assert [frame["images"] for frame in film["frames"]] == [0, 10, 20, 30]
    assert film["last"]["step"] == 3


def test_hidden_units_that_are_dead_or_decisive_are_told() -> None:
    """Unit 0 sees the left half, unit 1 the right half; unit 2 is never active."""
    left = pattern("left", 1).ravel() - 0.2
    right = pattern("right", 1).ravel() - 0.2
    first = np.stack([left, right, -np.ones(SIDE * SIDE)], axis=1)
    second = np.array([[3, -3, 1], [-3, 3, 1], [1, 1, 1]])
    found = at(measured_plainly(material(network([first, second]), dataset())), "hidden")
    assert found["dead_units"] == 1
    assert found["mean_active_share"] == pytest.approx(2 / 3, rel=1e-5)
    leaders = [entry["leader"] for entry in found["votes"]["classes"]]
    assert leaders[:2] == [1, 2]
    assert found["votes"]["classes"][0]["voters"] == 2
    assert found["votes"]["most_led"]["leader_share"] == 1
    assert found["silenced"]["largest_loss"] > found["silenced"]["smallest_loss"] == 0
    assert found["nearest_average_accuracy"] == 1


def test_a_network_whose_units_are_always_on_is_its_own_shortcut() -> None:
    rng = np.random.default_rng(6)
    always = network([rng.uniform(0.1, 1, (SIDE * SIDE, 4)), rng.normal(size=(4, 3))])
    measured = measured_plainly(material(always, dataset()))
    assert at(measured, "hidden.shortcut") == {
        "accuracy": at(measured, "test.accuracy"),
        "r_squared": pytest.approx(1),
        "mean_fitted": pytest.approx(1),
        "agreement": 1,
    }


def weights_for(answer: int) -> NDArray[np.float64]:
    """Return weights that give every image the same answer, and hardly vary."""
    weights = np.zeros((SIDE * SIDE, 3))
    weights[:, answer] = 1
    return weights


def test_what_is_not_defined_is_null_and_the_tree_is_plain_json() -> None:
    data = dataset(each=1)
    measured = measured_plainly(material(network([weights_for(0)]), data))
    json.dumps(measured, allow_nan=False)
    assert at(measured, "test.classes.1.precision") is None
    assert at(measured, "templates.classes.1.correlation_own") is None
    hidden = measured_plainly(material(network([np.zeros((64, 2)), np.zeros((2, 3))]), data))
    json.dumps(hidden, allow_nan=False)
    assert at(hidden, "hidden.dead_units") == 2
    assert at(hidden, "hidden.votes.classes.2.leader_share") is None


def test_numbers_carry_six_digits_so_that_last_bits_do_not_show() -> None:
    shown = material(random_network(np.random.default_rng(4), 4), dataset())
    measured = measured_plainly(shown)
    del measured["recipe"]
    exact = {shown.evaluation.accuracy, at(measured, "test.second_guess.accuracy")}
    exact.add(at(measured, "hidden.nearest_average_accuracy"))
    for value in every_number(measured):
        assert value in exact or value == float(f"{value:.6g}")
    assert rounded(0.123456789) == 0.123457
    assert rounded(float("nan")) is None
    assert (as_plain(3), type(as_plain(3))) == (3, int)


@dataclass(frozen=True)
class Row:
    from_: int
    share: float
    accuracy: Exact
    accuracies: Annotated[tuple[float, ...], EXACT]
    missing: float | None
    left_out: int | None = None


def test_a_record_says_which_numbers_are_exact_and_what_may_be_left_out() -> None:
    row = Row(1, 1 / 3, 2 / 3, (1 / 7,), float("nan"))
    assert plain_record(row) == {
        "from": 1,
        "share": 0.333333,
        "accuracy": 2 / 3,
        "accuracies": [1 / 7],
        "missing": None,
    }
    assert as_plain(replace(row, left_out=2))["left_out"] == 2
