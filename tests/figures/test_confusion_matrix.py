"""The confusion matrix: its counts, and images that belong to the cells they stand for."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netviz.analysis.confusion import confusion, flips
from netviz.errors import EssayError
from netviz.figures.confusion_matrix.confusion_matrix import Arguments, draw, shade
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.parts.cells import ORDERS
from tests.figures.conftest import Written

SIDE = 8


def drawn(written: Written, *materials: NetworkMaterial) -> dict[str, Any]:
    """Draw with one network, or with a second to compare it with."""
    names = ("a", "b")[: len(materials)]
    known = {name: replace(one, name=name) for name, one in zip(names, materials, strict=True)}
    compare = "b" if len(materials) > 1 else None
    return draw(Arguments("a", compare), Materials(networks=known), written)


def tile(picture: Image.Image, slot: int, columns: int) -> bytes:
    left, top = SIDE * (slot % columns), SIDE * (slot // columns)
    return picture.crop((left, top, left + SIDE, top + SIDE)).convert("L").tobytes()


@pytest.fixture
def samples(written: Written, grey: NetworkMaterial) -> Any:  # noqa: ANN401 - JSON
    return drawn(written, grey)["samples"][0]


def test_the_table_holds_the_counts_and_its_margins(
    written: Written, grey: NetworkMaterial
) -> None:
    matrix = drawn(written, grey)["matrices"][0]
    expected = confusion(grey.evaluation)
    assert matrix["counts"] == expected.counts.tolist()
    assert [[cell["count"] for cell in row] for row in matrix["rows"]] == matrix["counts"]
    assert matrix["accuracy"] == grey.evaluation.accuracy
    assert matrix["recall"] == pytest.approx(expected.recall)


def test_every_image_shown_belongs_to_its_cell(
    written: Written, grey: NetworkMaterial, samples: dict[str, Any]
) -> None:
    evaluation, images = grey.evaluation, grey.dataset.test.images
    cells: Any = written.values["samples-a"]["cells"]  # type: ignore[call-overload,index]  # JSON
    seen = 0
    for number, order in enumerate(ORDERS):
        for actual, row in enumerate(cells):
            for predicted, cell in enumerate(row):
                inside = (evaluation.labels == actual) & (evaluation.predictions == predicted)
                known = {image.tobytes() for image in images[inside]}
                assert cell["total"] == inside.sum()
                assert len(cell[order]) == min(12, inside.sum())
                for slot, *_ in cell[order]:
                    sheet = samples["sheets"][number][actual]
                    assert tile(written.pictures[sheet["name"]], slot, sheet["columns"]) in known
                    seen += 1
    assert seen > 100


def test_probabilities_are_those_of_the_predicted_and_of_the_actual_class(
    written: Written, grey: NetworkMaterial, samples: dict[str, Any]
) -> None:
    evaluation, images = grey.evaluation, grey.dataset.test.images
    by_pixels = {image.tobytes(): place for place, image in enumerate(images)}
    cells: Any = written.values["samples-a"]["cells"]  # type: ignore[call-overload,index]  # JSON
    for actual, row in enumerate(cells):
        sheet = samples["sheets"][0][actual]
        for predicted, cell in enumerate(row):
            for slot, first, second in cell["surest"]:
                picture = tile(written.pictures[sheet["name"]], slot, sheet["columns"])
                shares = evaluation.probabilities[by_pixels[picture]]
                assert first == round(1000 * float(shares[predicted]))
                assert second == round(1000 * float(shares[actual]))


def test_what_moved_reconciles_the_two_matrices(
    written: Written, grey: NetworkMaterial, grey_again: NetworkMaterial
) -> None:
    context = drawn(written, grey, grey_again)
    first, second = (np.array(one["counts"]) for one in context["matrices"])
    cells: Any = written.values["moved-a-b"]["cells"]  # type: ignore[call-overload,index]  # JSON
    totals = np.array([[[part["total"] for part in cell] for cell in row] for row in cells])
    came, left = totals[..., 0], totals[..., 1]
    assert (first + came - left == second).all()
    changes = flips(grey.evaluation, grey_again.evaluation)
    assert context["moved"]["to_right"] == len(changes.to_right) == np.trace(came)
    assert context["moved"]["to_wrong"] == len(changes.to_wrong) == np.trace(left)


def test_images_that_moved_were_read_so(
    written: Written, grey: NetworkMaterial, grey_again: NetworkMaterial
) -> None:
    moved = drawn(written, grey, grey_again)["moved"]
    before, after = grey.evaluation.predictions, grey_again.evaluation.predictions
    images = {image.tobytes(): place for place, image in enumerate(grey.dataset.test.images)}
    cells: Any = written.values["moved-a-b"]["cells"]  # type: ignore[call-overload,index]  # JSON
    for actual, row in enumerate(cells):
        sheet = moved["sheets"][actual]
        for predicted, (came, left) in enumerate(row):
            for part, now, then in ((came, after, before), (left, before, after)):
                for slot in part["slots"]:
                    picture = tile(written.pictures[sheet["name"]], slot, sheet["columns"])
                    place = images[picture]
                    assert grey.evaluation.labels[place] == actual
                    assert now[place] == predicted != then[place]


def test_networks_for_different_images_are_not_compared(
    written: Written, grey: NetworkMaterial, colour: NetworkMaterial
) -> None:
    other = replace(colour, dataset=replace(colour.dataset, digest="1" * 64))
    with pytest.raises(EssayError, match="cannot be compared"):
        drawn(written, grey, other)


def test_the_largest_share_has_the_deepest_shade() -> None:
    assert [shade(share, 0.4) for share in (0, 0.1, 0.2, 0.4)] == [0, 5, 10, 20]
    assert shade(float("nan"), 1) == shade(0.5, 0) == 0
