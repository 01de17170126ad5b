"""The pictures show the weights, unit by unit, and what is said of them is measured."""

import base64

import numpy as np
import pytest

from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials, NetworkMaterial
from netviz.figures.weights.weights import (
    HATCH_FACTOR,
    MOST_SHOWN,
    WALL_SIDE,
    Arguments,
    Part,
    _columns,
    draw,
)
from netviz.rendering.colour import grey as grey_levels
from tests.figures.conftest import Written, contents
from tests.figures.kinds import three, with_dark_rims
from tests.miniatures import NAMES, SIDE, at, dataset, material, network

KINDS = ["grey", "colour", "deep", "deep_colour"]


@pytest.fixture(params=KINDS)
def any_kind(request: pytest.FixtureRequest) -> NetworkMaterial:
    found: NetworkMaterial = request.getfixturevalue(request.param)
    return found


def drawn(known: NetworkMaterial, written: Written, unit: int | None = None) -> dict[str, Json]:
    materials = Materials(networks={"net": known})
    return contents(draw(Arguments("net", unit), materials, written))


def test_every_pixel_is_painted_as_its_weight(any_kind: NetworkMaterial, written: Written) -> None:
    drawn(any_kind, written)
    strip = np.asarray(written.pictures["weights"].convert("RGB"))
    filters = any_kind.trained.network.filters()
    assert strip.shape == (SIDE, SIDE * len(filters), 3)
    for unit, weights in enumerate(filters):
        tile = strip[:, unit * SIDE : (unit + 1) * SIDE]
        np.testing.assert_array_equal(tile, np.broadcast_to(grey_levels(weights), tile.shape))


def test_the_lowest_weight_is_black_and_the_highest_white(
    grey: NetworkMaterial, written: Written
) -> None:
    drawn(grey, written, unit=1)
    weights = grey.trained.network.filters()[1, ..., 0]
    tile = np.asarray(written.pictures["weights"].convert("L"))
    assert tile[np.unravel_index(weights.argmin(), weights.shape)] == 0
    assert tile[np.unravel_index(weights.argmax(), weights.shape)] == 255


def test_the_ends_of_each_unit_s_scale_are_told(
    any_kind: NetworkMaterial, written: Written
) -> None:
    context = drawn(any_kind, written)
    filters = any_kind.trained.network.filters()
    for unit, weights in enumerate(filters):
        assert at(context, f"units.{unit}.low") == weights.min()
        assert at(context, f"units.{unit}.high") == weights.max()
    assert context["limit"] == np.abs(filters).max()


def test_outputs_are_called_by_their_classes(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written)
    assert [at(context, f"units.{unit}.name") for unit in range(3)] == list(NAMES)


def test_hidden_units_are_numbered_and_stand_beside_no_average(
    deep: NetworkMaterial, written: Written
) -> None:
    context = drawn(deep, written)
    assert at(context, "units.3.name") == "hidden unit 4"
    assert context["averages"] is None
    assert "averages" not in written.pictures


def test_beside_each_output_stands_the_average_image_of_its_class(
    grey: NetworkMaterial, written: Written
) -> None:
    drawn(grey, written)
    train = grey.dataset.train
    strip = np.asarray(written.pictures["averages"].convert("L"))
    for label in range(len(NAMES)):
        mean = train.images[train.labels == label].mean(axis=0)[..., 0]
        tile = strip[:, label * SIDE : (label + 1) * SIDE]
        np.testing.assert_allclose(tile, mean, atol=0.51)


def test_one_unit_is_shown_alone(grey: NetworkMaterial, written: Written) -> None:
    context = drawn(grey, written, unit=2)
    assert at(context, "units.0.number") == 2
    assert written.pictures["weights"].size == (SIDE, SIDE)
    assert NAMES[2] in str(context["finding"])


@pytest.mark.parametrize("unit", [-1, 3, 1000])
def test_a_unit_that_is_not_there_is_refused(
    unit: int, grey: NetworkMaterial, written: Written
) -> None:
    with pytest.raises(EssayError, match=f"no unit {unit}; expected 0 to 2"):
        drawn(grey, written, unit)


def test_the_resemblance_that_is_told_is_the_measured_one(written: Written) -> None:
    """Weights that are the class averages themselves resemble their own in every case."""
    data = dataset()
    labels, images = data.train.labels, data.train.images[..., 0].reshape(-1, SIDE * SIDE) / 255
    means = np.stack([images[labels == label].mean(axis=0) for label in range(3)], axis=1)
    perfect = material(network([means]), data)
    assert "3 of 3 resemble" in str(drawn(perfect, written)["finding"])
    assert "is 1.00 to 1.00." in str(drawn(perfect, written)["finding"])
    turned = material(network([means[:, [1, 2, 0]]]), data)
    assert "0 of 3 resemble" in str(drawn(turned, written)["finding"])
    one = str(drawn(turned, written, unit=0)["finding"])
    assert f"for {NAMES[0]}" in one
    assert f"most like that of {NAMES[1]}" in one


def hidden(units: int, side_by_side: NetworkMaterial) -> NetworkMaterial:
    """Return a network of so many hidden units, the first of them the picture of a class."""
    rng = np.random.default_rng(2)
    train = side_by_side.dataset.train
    first = rng.normal(0, 1, (SIDE * SIDE, units))
    first[:, 0] = train.images[train.labels == 1].mean(axis=0).ravel()
    return material(network([first, rng.normal(0, 1, (units, 3))]), side_by_side.dataset)


def test_hidden_units_are_compared_with_the_classes(
    grey: NetworkMaterial, written: Written
) -> None:
    finding = str(drawn(hidden(6, grey), written)["finding"])
    assert "weights of a network, all 6 hidden units" in finding
    assert "average image of any class is 1.00." in finding
    finding = str(drawn(hidden(6, grey), written, unit=2)["finding"])
    assert "weights of a network, hidden unit 3 of 6" in finding
    assert "1.00" not in finding
    assert "weights of a network, its one hidden unit" in str(
        drawn(hidden(1, grey), written)["finding"]
    )


def test_of_very_many_units_the_first_are_shown_and_said_to_be(
    grey: NetworkMaterial, written: Written
) -> None:
    wide = hidden(MOST_SHOWN + 72, grey)
    context = drawn(wide, written)
    assert written.pictures["weights"].size == (MOST_SHOWN * SIDE, SIDE)
    for text in (str(context["finding"]), str(context["caption"])):
        assert "the first 128 of 200 hidden units" in text
    assert at(drawn(wide, Written(), unit=199), "units.0.number") == 199


@pytest.mark.parametrize(
    ("count", "side", "columns"),
    [(100, 32, 10), (100, 28, 10), (64, 32, 8), (128, 32, None), (128, 28, None), (128, 20, 16),
     (60, 28, 10), (97, 28, None), (64, 200, None), (64, 400, None)],
)  # fmt: skip
def test_a_wall_has_full_rows_where_it_can(count: int, side: int, columns: int | None) -> None:
    found = _columns(count, side)
    assert found == columns
    assert found is None or (count % found == 0 and found * side <= WALL_SIDE)


def test_pixels_that_no_image_lights_are_hatched_and_counted(written: Written) -> None:
    data = dataset()
    data.train.images[:, 0] = 0
    data.train.images[:, :, 5] = 0
    known = material(network([np.ones((SIDE * SIDE, 3))]), data)
    context = drawn(known, written)
    dark = np.zeros((SIDE, SIDE), bool)
    dark[0] = dark[:, 5] = True
    assert context["never_lit"] == dark.sum() == 15
    assert context["pixels"] == 64
    assert base64.b64decode(at(written.values, "never-lit.mask")) == dark.tobytes()
    inked = np.asarray(written.pictures["hatch"])[..., 3] > 0
    cells = inked.reshape(SIDE, HATCH_FACTOR, SIDE, HATCH_FACTOR).any(axis=(1, 3))
    np.testing.assert_array_equal(cells, dark)


def test_nothing_is_hatched_where_every_pixel_is_lit(
    grey: NetworkMaterial, written: Written
) -> None:
    assert drawn(grey, written)["hatch"] is None
    assert "hatch" not in written.pictures


def test_the_page_gets_the_very_weights(any_kind: NetworkMaterial, written: Written) -> None:
    drawn(any_kind, written)
    known = any_kind.trained.network
    sent = at(written.values, "network-net")
    assert sent["identity"] == known.identity
    assert sent["shapes"] == [list(shape) for shape in known.shapes]
    for described, layer in zip(sent["layers"], known.layers, strict=True):
        assert described["kind"] == layer.kind
        for name, array in layer.arrays.items():
            assert base64.b64decode(described[name]) == array.tobytes()


def test_the_mean_over_the_classes_is_offered_only_where_it_shows(written: Written) -> None:
    rng = np.random.default_rng(3)
    weights = rng.normal(size=(64, 3))
    centred = weights - weights.mean(axis=1, keepdims=True)
    for one, has_mean in ((weights, True), (centred, False)):
        context = drawn(material(network([one]), dataset()), written)
        assert context["centred"] is has_mean


PARTS = (Part(3, 1, "low down"), Part(1, 2, " high up "))


def test_parts_are_named_from_the_top_with_the_weight_of_their_pixel(
    grey: NetworkMaterial, written: Written
) -> None:
    materials = Materials(networks={"net": grey})
    parts = contents(draw(Arguments("net", 1, PARTS), materials, written))["parts"]
    weights = grey.trained.network.filters()[1, ..., 0]
    assert [part["text"] for part in parts] == ["high up", "low down"]
    assert [part["weight"] for part in parts] == [weights[0, 1], weights[2, 0]]
    assert [(part["x"], part["y"]) for part in parts] == [(1.5, 0.5), (0.5, 2.5)]
    assert parts[0]["name_y"] < parts[1]["name_y"] < SIDE


def test_a_part_that_was_never_lit_has_no_weight_to_read(written: Written) -> None:
    (known, *_) = with_dark_rims(three((), 1))
    materials = Materials(networks={"net": known})
    (part,) = contents(draw(Arguments("net", 0, (Part(1, 1, "rim"),)), materials, written))["parts"]
    assert part["weight"] is None


@pytest.mark.parametrize(
    ("unit", "parts", "message"),
    [
        (None, PARTS, "2 parts of all units"),
        (0, PARTS * 4, "at most 6 parts"),
        (0, (Part(0, 1, "x"),), "a row of 1 to"),
        (0, (Part(1, SIDE + 1, "x"),), "lies in no picture"),
        (0, (Part(1, 1, " "),), "and a text"),
    ],
)
def test_parts_that_lie_in_no_picture_are_refused(
    unit: int | None,
    parts: tuple[Part, ...],
    message: str,
    grey: NetworkMaterial,
    written: Written,
) -> None:
    materials = Materials(networks={"net": grey})
    with pytest.raises(EssayError, match=message):
        draw(Arguments("net", unit, parts), materials, written)
