"""Every frame of the film is a checkpoint of the training, in order, with its own numbers."""

import re
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials, NetworkMaterial
from netviz.figures.training_film.training_film import HEIGHT, SHOWN_UNITS, WIDTH, Arguments, draw
from netviz.rendering.animations import GAP, TILE
from netviz.rendering.colour import Scale, diverging, grey
from netviz.rendering.pictures import LONGEST_SIDE
from netviz.training.trained import Frame
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES, SIDE, at, dataset, material, network

CURVES = ((0.1, 2.3), (0.5, 1.5), (0.6, 1.25), (0.85, 0.7), (0.88, 0.6), (0.9, 0.5), (0.9, 0.4))
STEPS = (0, 1, 2, 5, 20, 80, 400)


@pytest.fixture
def filmed(grey: NetworkMaterial) -> NetworkMaterial:
    """Seven frames whose weights differ, and whose accuracy and loss are known."""
    rng = np.random.default_rng(7)
    frames = [
        Frame(step, rng.normal(0, 1, (3, SIDE, SIDE, 1)).astype(np.float32), accuracy, loss)
        for step, (accuracy, loss) in zip(STEPS, CURVES, strict=True)
    ]
    return replace(grey, training=replace(grey.trained, film=tuple(frames)))


def drawn(known: NetworkMaterial, written: Written) -> dict[str, Json]:
    return contents(draw(Arguments("net"), Materials(networks={"net": known}), written))


def tiles(sheet: Image.Image) -> NDArray[np.uint8]:
    """Return the tiles of a sheet as (rows, columns, SIDE, SIDE, 4)."""
    pixels = np.asarray(sheet.convert("RGBA"))
    rows, columns = pixels.shape[0] // SIDE, pixels.shape[1] // SIDE
    return pixels.reshape(rows, SIDE, columns, SIDE, 4).swapaxes(1, 2)


def painted(weights: NDArray[np.float32], frame: Frame) -> NDArray[np.uint8]:
    if weights.shape[-1] == 3:
        return np.dstack([grey(weights), np.full((SIDE, SIDE), 255, np.uint8)])
    return diverging(weights[..., 0], Scale.symmetric(frame.filters))


def points(path: str) -> list[tuple[float, float]]:
    pairs = re.findall(r"([-\d.]+),([-\d.]+)", path)
    return [(float(x), float(y)) for x, y in pairs]


def test_each_row_of_the_film_shows_the_weights_of_one_checkpoint(
    filmed: NetworkMaterial, written: Written
) -> None:
    drawn(filmed, written)
    film = tiles(written.pictures["film"])
    assert film.shape[:2] == (len(STEPS), 3)
    for row, frame in zip(film, filmed.trained.film, strict=True):
        for tile, weights in zip(row, frame.filters, strict=True):
            np.testing.assert_array_equal(tile, painted(weights, frame))


def test_the_animation_shows_every_frame_of_the_figure_enlarged(
    filmed: NetworkMaterial, written: Written
) -> None:
    drawn(filmed, written)
    film, frames = tiles(written.pictures["film"]), written.animations["film"]
    assert len(frames) == len(STEPS)
    factor = TILE // SIDE
    for row, frame in zip(film, frames, strict=True):
        pixels = np.asarray(frame)
        for unit, tile in enumerate(row):
            left = GAP + unit * (factor * SIDE + GAP)
            shown = pixels[GAP:-GAP, left : left + factor * SIDE][::factor, ::factor]
            alpha = tile[..., 3:] / 255
            on_white = alpha * tile[..., :3] + (1 - alpha) * 255
            np.testing.assert_allclose(shown, on_white, atol=1)


def test_the_numbers_of_each_frame_are_those_of_its_checkpoint(
    filmed: NetworkMaterial, written: Written
) -> None:
    context = drawn(filmed, written)
    assert context["frames"] == [
        {"step": step, "accuracy": accuracy, "loss": loss}
        for step, (accuracy, loss) in zip(STEPS, CURVES, strict=True)
    ]


def test_the_stills_are_frames_from_the_first_to_the_last(
    filmed: NetworkMaterial, written: Written
) -> None:
    context = drawn(filmed, written)
    assert context["stills"] == [0, 2, 4, 6]
    film, stills = tiles(written.pictures["film"]), tiles(written.pictures["stills"])
    np.testing.assert_array_equal(stills[0], film[[0, 2, 4, 6]].reshape(-1, SIDE, SIDE, 4))


def test_the_curves_pass_through_every_checkpoint(
    filmed: NetworkMaterial, written: Written
) -> None:
    context = drawn(filmed, written)
    accuracy, loss = points(str(context["accuracy_line"])), points(str(context["loss_line"]))
    across = [WIDTH * k / (len(STEPS) - 1) for k in range(len(STEPS))]
    worst = max(value for _, value in CURVES)
    expected = [(x, HEIGHT * (1 - value)) for x, (value, _) in zip(across, CURVES, strict=True)]
    np.testing.assert_allclose(accuracy, expected, atol=0.01)
    expected = [
        (x, HEIGHT * (1 - value / worst)) for x, (_, value) in zip(across, CURVES, strict=True)
    ]
    np.testing.assert_allclose(loss, expected, atol=0.01)


def test_the_finding_tells_when_nine_tenths_were_reached(
    filmed: NetworkMaterial, written: Written
) -> None:
    finding = str(drawn(filmed, written)["finding"])
    assert "Over 400 steps" in finding
    assert "from 10.0% to 90.0%" in finding
    assert "by step 5;" in finding  # 0.85 is the first of at least nine tenths of 0.9


def test_a_film_of_one_frame_is_drawn(filmed: NetworkMaterial, written: Written) -> None:
    one = replace(filmed, training=replace(filmed.trained, film=filmed.trained.film[-1:]))
    context = drawn(one, written)
    assert context["stills"] == [0]
    assert tiles(written.pictures["film"]).shape[:2] == (1, 3)
    assert not written.animations  # nothing moves


def test_accuracy_that_falls_is_not_said_to_rise(filmed: NetworkMaterial, written: Written) -> None:
    backwards = tuple(replace(frame, accuracy=1 - frame.accuracy) for frame in filmed.trained.film)
    falling = replace(filmed, training=replace(filmed.trained, film=backwards))
    finding = str(drawn(falling, written)["finding"])
    assert "is 10.0%, no more than the 90.0% at step 0." in finding
    assert "rises" not in finding


def test_of_a_wide_layer_the_first_units_are_shown(written: Written) -> None:
    rng = np.random.default_rng(3)
    layers = [rng.normal(0, 1, (SIDE * SIDE, 25)), rng.normal(0, 1, (25, 3))]
    wide = material(network(layers), dataset())
    context = drawn(wide, written)
    assert context["names"] == [f"hidden unit {unit + 1}" for unit in range(SHOWN_UNITS)]
    film = tiles(written.pictures["film"])
    last = wide.trained.film[-1]
    first_ten = replace(last, filters=last.filters[:SHOWN_UNITS])
    for unit in range(SHOWN_UNITS):
        np.testing.assert_array_equal(film[-1, unit], painted(last.filters[unit], first_ten))


def test_a_film_too_high_for_a_picture_is_refused(grey: NetworkMaterial, written: Written) -> None:
    frames = (LONGEST_SIDE // SIDE + 1) * grey.trained.film[:1]
    long = replace(grey, training=replace(grey.trained, film=frames))
    with pytest.raises(EssayError, match=f"too long; expected at most {len(frames) - 1} frames"):
        drawn(long, written)


def test_outputs_are_called_by_their_classes(grey: NetworkMaterial, written: Written) -> None:
    assert drawn(grey, written)["names"] == list(NAMES)


@pytest.mark.parametrize("kind", ["colour", "deep_colour"])
def test_coloured_weights_are_painted_in_colour(
    kind: str, written: Written, request: pytest.FixtureRequest
) -> None:
    known: NetworkMaterial = request.getfixturevalue(kind)
    context = drawn(known, written)
    assert len(at(context, "frames")) == 2
    film = tiles(written.pictures["film"])
    np.testing.assert_array_equal(
        film[-1, 0], painted(known.trained.film[-1].filters[0], known.trained.film[-1])
    )
