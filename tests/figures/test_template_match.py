"""The ledger adds up to numpy's own score, and its picture shows the terms it adds."""

import base64
import math
from dataclasses import replace

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials, NetworkMaterial
from netviz.figures.parts.exhibits import exhibits
from netviz.figures.template_match.template_match import BAR_WIDTH, Arguments, draw
from netviz.network.network import stacked
from netviz.rendering.colour import NEGATIVE, POSITIVE
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES, SIDE, at, dataset, material


def drawn(known: NetworkMaterial, written: Written) -> dict[str, Json]:
    return contents(draw(Arguments("net"), Materials(networks={"net": known}), written))


def shown_image(known: NetworkMaterial) -> int:
    """Return the index of the image that is drawn: the first of the exhibits."""
    return int(exhibits(known.evaluation, 10, 2)[0])


def terms(known: NetworkMaterial) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return pixel times weight for the image shown and the class that wins, (height, width)."""
    image = shown_image(known)
    winner = int(known.evaluation.logits[image].argmax())
    pixels = known.dataset.test.images[image, ..., 0] / 255
    return pixels * known.trained.network.filters()[winner, ..., 0].astype(np.float64)


def test_the_ledger_sums_to_the_logit(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written)
    ledger = {key: at(context, f"ledger.{key}") for key in ("evidence_for", "evidence_against")}
    total, bias = at(context, "ledger.total"), at(context, "ledger.bias")
    assert sum(ledger.values()) + bias == pytest.approx(total, abs=1e-5)
    assert total == pytest.approx(float(grey.evaluation.logits[shown_image(grey)].max()), abs=1e-5)


def test_evidence_for_and_against_are_the_terms_of_either_sign(
    grey: NetworkMaterial, written: Written
) -> None:
    context, expected = drawn(grey, written), terms(grey)
    assert at(context, "ledger.evidence_for") == pytest.approx(expected[expected > 0].sum())
    assert at(context, "ledger.evidence_against") == pytest.approx(expected[expected < 0].sum())
    assert at(context, "ledger.evidence_for") > 0 > at(context, "ledger.evidence_against")


def test_every_pixel_of_the_evidence_has_the_colour_of_its_term(
    grey: NetworkMaterial, written: Written
) -> None:
    context, expected = drawn(grey, written), terms(grey)
    assert context["limit"] == pytest.approx(np.abs(expected).max())
    pixels = np.asarray(written.pictures["evidence"]).astype(int)
    alpha = pixels[..., 3]
    np.testing.assert_allclose(
        alpha, 255 * np.abs(expected) / np.abs(expected).max(), atol=0.5 + 1e-3
    )
    assert (pixels[(expected > 0) & (alpha > 0), :3] == POSITIVE).all()
    assert (pixels[(expected < 0) & (alpha > 0), :3] == NEGATIVE).all()
    assert (alpha > 0).sum() > SIDE * SIDE / 2


def test_the_image_drawn_is_the_one_that_was_scored(
    grey: NetworkMaterial, written: Written
) -> None:
    context, image = drawn(grey, written), shown_image(grey)
    pixels = np.asarray(written.pictures["image"])
    np.testing.assert_array_equal(pixels, grey.dataset.test.images[image, ..., 0])
    assert context["actual"] == NAMES[int(grey.evaluation.labels[image])]
    assert context["winner"] == NAMES[int(grey.evaluation.predictions[image])]


def test_each_class_has_the_score_and_probability_that_numpy_gives(
    grey: NetworkMaterial, written: Written
) -> None:
    context, image = drawn(grey, written), shown_image(grey)
    for k, name in enumerate(NAMES):
        assert at(context, f"scores.{k}.name") == name
        assert at(context, f"scores.{k}.logit") == grey.evaluation.logits[image, k]
        assert at(context, f"scores.{k}.probability") == grey.evaluation.probabilities[image, k]
    assert math.fsum(at(context, f"scores.{k}.probability") for k in range(3)) == pytest.approx(1)


def test_a_bar_lies_on_the_side_of_its_sign_and_is_as_long_as_its_score(
    grey: NetworkMaterial, written: Written
) -> None:
    context = drawn(grey, written)
    logits = [at(context, f"scores.{k}.logit") for k in range(3)]
    unit = BAR_WIDTH / (max(0, *logits) - min(0, *logits))
    for k, logit in enumerate(logits):
        bar = at(context, f"scores.{k}")
        assert bar["length"] == pytest.approx(unit * abs(logit), abs=0.011)
        edge = bar["start"] if logit > 0 else bar["start"] + bar["length"]
        assert edge == pytest.approx(bar["zero"], abs=0.011)
    assert min(logits) < 0 < max(logits)


def test_the_images_to_choose_from_come_with_numpy_s_answers(
    grey: NetworkMaterial, written: Written
) -> None:
    drawn(grey, written)
    chosen = exhibits(grey.evaluation, 10, 2)
    sent = at(written.values, "exhibits-net")
    assert sent["count"] == len(chosen)
    assert sent["labels"] == grey.evaluation.labels[chosen].tolist()
    images = np.frombuffer(base64.b64decode(sent["images"]), np.uint8)
    np.testing.assert_array_equal(images, grey.dataset.test.images[chosen].ravel())
    answers = np.frombuffer(base64.b64decode(sent["probabilities"]), "<f4")
    np.testing.assert_array_equal(answers, grey.evaluation.probabilities[chosen].ravel())


def test_of_every_class_both_right_and_wrong_answers_are_there(grey: NetworkMaterial) -> None:
    evaluation = grey.evaluation
    chosen = exhibits(evaluation, 10, 2)
    assert len(set(chosen.tolist())) == len(chosen)
    for label in range(3):
        for correct, most in ((True, 10), (False, 2)):
            of_kind = (evaluation.labels == label) & (evaluation.correct == correct)
            assert of_kind[chosen].sum() == min(most, of_kind.sum())


def test_the_finding_tells_the_numbers_of_the_ledger(
    grey: NetworkMaterial, written: Written
) -> None:
    context = drawn(grey, written)
    finding = str(context["finding"])
    for key in ("total", "evidence_for", "bias"):
        assert f"{at(context, f'ledger.{key}'):.2f}" in finding
    assert f"against it of {-at(context, 'ledger.evidence_against'):.2f}" in finding
    order = np.argsort(-grey.evaluation.logits[shown_image(grey)])
    assert f"score is that of {NAMES[order[0]]}," in finding
    assert f"runner-up is {NAMES[order[1]]}." in finding


@pytest.mark.parametrize("kind", ["colour", "deep", "deep_colour"])
def test_networks_without_one_ledger_are_refused(
    kind: str, written: Written, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(
        EssayError, match=r"(in colour|hidden layer); expected a network without hidden layers"
    ):
        drawn(request.getfixturevalue(kind), written)


def test_only_square_images_can_be_drawn(grey: NetworkMaterial, written: Written) -> None:
    shape = (SIDE // 2, 2 * SIDE, 1)
    data = dataset()
    images = data.test.images.reshape(-1, *shape)
    flat = replace(
        data,
        description=replace(data.description, image_shape=shape),
        test=replace(data.test, images=images),
    )
    known = material(stacked(shape, grey.trained.network.dense), flat)
    assert "draw one" in str(drawn(grey, written)["caption"])
    assert "draw one" not in str(drawn(known, written)["caption"])
