"""The confusion matrix: its counts, and images that belong to the cells they stand for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import pytest
from PIL import Image

from netviz.analysis.confusion import confusion, flips
from netviz.analysis.samples import ranked_samples
from netviz.errors import EssayError
from netviz.figures.confusion_matrix.confusion_matrix import Arguments, View, draw
from netviz.figures.confusion_matrix.tables import shade
from netviz.figures.figure import Materials, NetworkMaterial
from netviz.figures.parts.cells import MOST, ORDERS
from tests.figures.conftest import Written, contents

SIDE = 8
Listed: TypeAlias = list[tuple[int, list[int]]]  # an image of the test set, two probabilities


def drawn(
    written: Written, *materials: NetworkMaterial, opens_on: View = "network"
) -> dict[str, Any]:
    """Draw with one network, or with a second to compare it with."""
    names = ("a", "b")[: len(materials)]
    known = {name: replace(one, name=name) for name, one in zip(names, materials, strict=True)}
    compare = "b" if len(materials) > 1 else None
    arguments = Arguments("a", compare, opens_on)
    return contents(draw(arguments, Materials(networks=known), written))


def tile(picture: Image.Image, slot: int, columns: int) -> bytes:
    left, top = SIDE * (slot % columns), SIDE * (slot // columns)
    return picture.crop((left, top, left + SIDE, top + SIDE)).convert("L").tobytes()


def test_the_table_holds_the_counts_and_its_margins(
    written: Written, grey: NetworkMaterial
) -> None:
    matrix = drawn(written, grey)["opening"]
    expected = confusion(grey.evaluation)
    assert matrix["counts"] == expected.counts.tolist()
    assert [[cell["count"] for cell in row] for row in matrix["rows"]] == matrix["counts"]
    assert matrix["accuracy"] == grey.evaluation.accuracy
    assert matrix["recall"] == pytest.approx(expected.recall)


def test_readers_can_take_the_counts_along(
    written: Written, grey: NetworkMaterial, deep: NetworkMaterial
) -> None:
    found = drawn(written, grey, deep)
    assert list(written.tables) == ["a", "b"]
    for matrix, (head, *rows) in zip(found["matrices"], written.tables.values(), strict=True):
        assert head == ["actual / predicted", *found["classes"]]
        assert [row[0] for row in rows] == found["classes"]
        assert [row[1:] for row in rows] == matrix["counts"]


def cells_of(written: Written, name: str) -> Any:  # noqa: ANN401 - JSON
    return written.values[name]["cells"]  # type: ignore[call-overload,index]  # JSON


def listed(written: Written, material: NetworkMaterial) -> Iterator[tuple[int, int, str, Listed]]:
    """Yield each cell and order, and its images: what each tile shows, and its numbers."""
    sheets = drawn(written, material)["samples"][0]["sheets"]
    places = by_pixels(material)
    for actual, row in enumerate(cells_of(written, "samples-a")):
        for predicted, cell in enumerate(row):
            for order in ORDERS:
                images: Listed = []
                for number, slot, *shares in cell[order]:
                    sheet = sheets[number][actual]
                    pixels = tile(written.pictures[sheet[0].name], slot, sheet[1])
                    images.append((places[pixels], shares))
                yield actual, predicted, order, images


def by_pixels(material: NetworkMaterial) -> dict[bytes, int]:
    return {image.tobytes(): place for place, image in enumerate(material.dataset.test.images)}


def test_every_image_shown_belongs_to_its_cell(written: Written, grey: NetworkMaterial) -> None:
    evaluation = grey.evaluation
    for actual, predicted, _, images in listed(written, grey):
        inside = (evaluation.labels == actual) & (evaluation.predictions == predicted)
        shown = [place for place, _ in images]
        assert inside[shown].all()
        assert len(set(shown)) == len(shown) == min(MOST, inside.sum())
        assert cells_of(written, "samples-a")[actual][predicted]["total"] == inside.sum()


def test_probabilities_are_those_of_the_predicted_and_of_the_actual_class(
    written: Written, grey: NetworkMaterial
) -> None:
    for actual, predicted, _, images in listed(written, grey):
        for place, shares in images:
            expected = grey.evaluation.probabilities[place][[predicted, actual]]
            assert shares == np.round(1000 * expected.astype(float)).tolist()


def test_the_surest_come_first(written: Written, grey: NetworkMaterial) -> None:
    for actual, predicted, order, images in listed(written, grey):
        if order == "surest":
            expected = ranked_samples(grey.evaluation, actual, predicted, "surest", MOST)
            assert [place for place, _ in images] == expected.images.tolist()


def test_no_image_is_written_twice(written: Written, grey: NetworkMaterial) -> None:
    """What several orders show stands in one sheet."""
    shown = {place for *_, images in listed(written, grey) for place, _ in images}
    sheets = [name for name in written.pictures if name.startswith("a-")]
    tiles = [
        tile(written.pictures[name], slot, written.pictures[name].width // SIDE)
        for name in sheets
        for slot in range(np.prod(written.pictures[name].size) // SIDE**2)
    ]
    filled = [pixels for pixels in tiles if any(pixels)]
    assert len(filled) == len(set(filled)) == len(shown)


def test_without_script_the_largest_confusion_is_shown(
    written: Written, grey: NetworkMaterial
) -> None:
    context = drawn(written, grey)
    pair = confusion(grey.evaluation).pairs[0]
    names = grey.dataset.description.class_names
    assert context["shown"] == [pair.actual, pair.predicted]
    assert context["strip"]["actual"] == names[pair.actual]
    assert context["strip"]["total"] == pair.count
    surest = ranked_samples(grey.evaluation, pair.actual, pair.predicted, "surest", MOST)
    picture = written.pictures[context["strip"]["name"]]
    places = by_pixels(grey)
    assert [places[tile(picture, slot, MOST)] for slot in range(len(surest))] == [*surest.images]


def test_what_moved_reconciles_the_two_matrices(
    written: Written, grey: NetworkMaterial, grey_again: NetworkMaterial
) -> None:
    context = drawn(written, grey, grey_again)
    first, second = (np.array(one["counts"]) for one in context["matrices"])
    cells = cells_of(written, "moved-a-b")
    totals = np.array([[[part["total"] for part in cell] for cell in row] for row in cells])
    came, left = totals[..., 0], totals[..., 1]
    assert (first + came - left == second).all()
    changes = flips(grey.evaluation, grey_again.evaluation)
    assert context["changes"]["to_right"] == len(changes.to_right) == np.trace(came)
    assert context["changes"]["to_wrong"] == len(changes.to_wrong) == np.trace(left)


def test_images_that_moved_were_read_so(
    written: Written, grey: NetworkMaterial, grey_again: NetworkMaterial
) -> None:
    moved = drawn(written, grey, grey_again)["moved"]
    readings = (grey_again.evaluation.predictions, grey.evaluation.predictions)
    places = by_pixels(grey)
    for actual, row in enumerate(cells_of(written, "moved-a-b")):
        sheet = moved["sheets"][0][actual]
        for predicted, parts in enumerate(row):
            for part, here, elsewhere in zip(parts, readings, readings[::-1], strict=True):
                assert len(part["images"]) == min(MOST, part["total"])
                for slot, other in part["images"]:
                    picture = tile(written.pictures[sheet[0].name], slot, sheet[1])
                    place = places[picture]
                    assert grey.evaluation.labels[place] == actual
                    assert here[place] == predicted
                    assert elsewhere[place] == other != predicted


def test_a_figure_may_open_on_the_second_network(
    written: Written, grey: NetworkMaterial, grey_again: NetworkMaterial
) -> None:
    found = drawn(written, grey, grey_again, opens_on="compare")
    pair = confusion(grey_again.evaluation).pairs[0]
    assert found["view"] == 1
    assert found["opening"]["counts"] == confusion(grey_again.evaluation).counts.tolist()
    assert [other["counts"] for other in found["others"]] == [
        confusion(grey.evaluation).counts.tolist()
    ]
    assert found["shown"] == [pair.actual, pair.predicted]
    assert found["strip"]["total"] == pair.count


def test_a_figure_may_open_on_the_difference(
    written: Written, grey: NetworkMaterial, grey_again: NetworkMaterial
) -> None:
    found = drawn(written, grey, grey_again, opens_on="difference")
    first, second = (confusion(one.evaluation).counts for one in (grey, grey_again))
    cells = [[cell["count"] for cell in row] for row in found["opening"]["rows"]]
    assert found["view"] == 2
    assert cells == (second - first).tolist()
    assert found["opening"]["change"] == pytest.approx(
        grey_again.evaluation.accuracy - grey.evaluation.accuracy
    )
    for row, counts in enumerate(found["opening"]["rows"]):
        for column, cell in enumerate(counts):
            if cell["count"]:
                assert cell["right"] == ((cell["count"] > 0) == (row == column))
    assert len(found["others"]) == 2


def test_the_images_of_a_difference_are_those_that_came_into_its_fullest_cell(
    written: Written, grey: NetworkMaterial, grey_again: NetworkMaterial
) -> None:
    found = drawn(written, grey, grey_again, opens_on="difference")
    names = grey.dataset.description.class_names
    first, second = grey.evaluation, grey_again.evaluation
    row, column = found["shown"]
    totals = [[came["total"] for came, _ in cells] for cells in cells_of(written, "moved-a-b")]
    assert found["strip"]["total"] == totals[row][column] == np.max(totals) > 0
    picture = written.pictures[found["strip"]["name"]]
    places = by_pixels(grey)
    for slot, before in enumerate(found["strip"]["before"]):
        place = places[tile(picture, slot, MOST)]
        assert (first.labels[place], second.predictions[place]) == (row, column)
        assert names[first.predictions[place]] == before != names[column]


def test_of_one_network_there_is_no_difference_to_open_on(
    written: Written, grey: NetworkMaterial
) -> None:
    with pytest.raises(EssayError, match="cannot open on 'difference'"):
        drawn(written, grey, opens_on="difference")


def test_networks_for_different_images_are_not_compared(
    written: Written, grey: NetworkMaterial, colour: NetworkMaterial
) -> None:
    other = replace(colour, dataset=replace(colour.dataset, digest="1" * 64))
    with pytest.raises(EssayError, match="cannot be compared"):
        drawn(written, grey, other)


def test_a_network_is_not_compared_with_itself(grey: NetworkMaterial, written: Written) -> None:
    with pytest.raises(EssayError, match="compared with itself"):
        draw(Arguments("a", "a"), Materials(networks={"a": grey}), written)


def test_the_largest_share_has_the_deepest_shade() -> None:
    assert [shade(share, 0.4) for share in (0, 0.1, 0.2, 0.4)] == [0, 5, 10, 20]
    assert shade(float("nan"), 1) == shade(0.5, 0) == 0
