"""A panel's points, bars and intervals are the answers of its network, every one of them."""

from dataclasses import replace

import numpy as np
import pytest

from netviz.analysis.calibration import calibrate
from netviz.analysis.evaluation import Evaluation
from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials, NetworkMaterial
from netviz.figures.reliability.reliability import BINS, MARGIN, SIDE, Arguments, draw
from tests.figures.conftest import Written, contents
from tests.miniatures import at


def drawn(written: Written, **known: NetworkMaterial) -> dict[str, Json]:
    return contents(draw(Arguments(tuple(known)), Materials(networks=known), written))


def answering(known: NetworkMaterial, sure: float, right: int, wrong: int) -> NetworkMaterial:
    """Return `known` with answers that are all `sure` of class 0, so many of them right."""
    logits = np.log(np.full((right + wrong, 3), (1 - sure) / 2, np.float64))
    logits[:, 0] = np.log(sure)
    labels = np.array([0] * right + [1] * wrong, np.intp)
    return replace(known, evaluation=Evaluation(logits.astype(np.float32), labels, "0" * 64))


def test_every_answer_is_in_one_bin(
    grey: NetworkMaterial, deep: NetworkMaterial, written: Written
) -> None:
    context = drawn(written, grey=grey, deep=deep)
    for panel, known in zip(at(context, "panels"), (grey, deep), strict=True):
        counts = [mark["count"] for mark in panel["marks"]]
        assert sum(counts) == len(known.dataset.test)
        assert all(counts)


def test_readers_can_take_the_bins_along(grey: NetworkMaterial, written: Written) -> None:
    marks = at(drawn(written, grey=grey), "panels.0.marks")
    (head, *rows), *others = written.tables.values()
    assert not others
    assert head == ["confidence_from", "confidence_to", "answers", "mean_confidence", "accuracy"]
    assert len(rows) == 10
    filled = [row for row in rows if row[2]]
    assert [row[2:] for row in filled] == [
        [mark["count"], mark["confidence"], mark["accuracy"]] for mark in marks
    ]


def test_the_bins_hold_numpy_s_means(grey: NetworkMaterial, written: Written) -> None:
    answers = grey.evaluation
    for mark in at(drawn(written, grey=grey), "panels.0.marks"):
        inside = (answers.confidences > mark["low"]) & (answers.confidences <= mark["high"])
        assert mark["count"] == inside.sum()
        assert mark["accuracy"] == pytest.approx(answers.correct[inside].mean())
        assert mark["confidence"] == pytest.approx(answers.confidences[inside].mean(), abs=1e-6)


def test_a_point_stands_where_its_numbers_say(grey: NetworkMaterial, written: Written) -> None:
    marks = at(drawn(written, grey=grey), "panels.0.marks")
    assert len(marks) > 2
    for mark in marks:
        assert mark["x"] == pytest.approx(MARGIN + SIDE * mark["confidence"], abs=0.01)
        assert mark["y"] == pytest.approx(SIDE * (1 - mark["accuracy"]), abs=0.01)
        assert 0 <= mark["top"] <= mark["y"] <= mark["bottom"] <= SIDE
        assert mark["left"] <= mark["x"] <= mark["left"] + mark["width"]
        assert mark["width"] == pytest.approx(SIDE / BINS, abs=0.011)


def test_the_intervals_are_those_of_the_calibration(
    grey: NetworkMaterial, written: Written
) -> None:
    bins = [bin_ for bin_ in calibrate(grey.evaluation, BINS).bins if bin_.count]
    marks = at(drawn(written, grey=grey), "panels.0.marks")
    for mark, bin_ in zip(marks, bins, strict=True):
        assert bin_.accuracy_low is not None
        assert bin_.accuracy_high is not None
        assert mark["top"] == pytest.approx(SIDE * (1 - bin_.accuracy_high), abs=0.01)
        assert mark["bottom"] == pytest.approx(SIDE * (1 - bin_.accuracy_low), abs=0.01)


def test_the_bars_share_one_quarter_of_the_height(grey: NetworkMaterial, written: Written) -> None:
    marks = at(drawn(written, grey=grey), "panels.0.marks")
    assert sum(mark["share"] for mark in marks) == pytest.approx(SIDE / 4)
    first, second = marks[0], marks[1]
    assert first["share"] * second["count"] == pytest.approx(second["share"] * first["count"])


def test_too_sure_and_too_modest_are_told_apart(grey: NetworkMaterial, written: Written) -> None:
    proud = answering(grey, sure=0.95, right=75, wrong=25)
    modest = answering(grey, sure=0.75, right=90, wrong=10)
    found = [panel["sentence"] for panel in at(drawn(written, a=proud, b=modest), "panels")]
    assert "differ by 20.0 percentage points on average" in found[0]
    assert "too sure of itself by 20.0." in found[0]
    assert "differ by 15.0 percentage points on average" in found[1]
    assert "too modest by 15.0." in found[1]


def test_the_finding_tells_of_every_network_by_its_title(
    grey: NetworkMaterial, deep: NetworkMaterial, written: Written
) -> None:
    finding = str(
        drawn(written, a=replace(grey, title="one layer"), b=replace(deep, title="two layers"))[
            "finding"
        ]
    )
    assert "One layer: confidence" in finding
    assert "Two layers: confidence" in finding


def test_answers_of_one_confidence_make_one_point(grey: NetworkMaterial, written: Written) -> None:
    panel = at(drawn(written, a=answering(grey, sure=0.95, right=9, wrong=1)), "panels.0")
    assert [mark["count"] for mark in panel["marks"]] == [10]
    assert panel["line"].count(",") == 1


def test_a_point_of_few_answers_is_hollow_and_not_joined(
    grey: NetworkMaterial, written: Written
) -> None:
    context = drawn(written, a=answering(grey, sure=0.95, right=8, wrong=1))
    panel = at(context, "panels.0")
    assert [mark["few"] for mark in panel["marks"]] == [True]
    assert panel["line"] == ""
    assert "A hollow point stands for fewer than 10 answers" in str(context["caption"])


def test_no_networks_are_refused(written: Written) -> None:
    with pytest.raises(EssayError, match="reliability needs a network"):
        drawn(written)
