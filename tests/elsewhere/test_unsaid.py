"""The ways in which a network may have been trained that neither its file nor its author says."""

import numpy as np

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.unsaid import settings_of, unsaid

GREY = np.random.default_rng(0).integers(0, 256, (20, 4, 4, 1), np.uint8)
COLOUR = np.random.default_rng(0).integers(0, 256, (20, 4, 4, 3), np.uint8)
ACTIVATIONS = 3


def plain(shape: tuple[int, int, int] = (4, 4, 1), **said: object) -> Expected:
    return Expected(shape, 10, **said)  # type: ignore[arg-type]  # what a test says of it


def lines(expected: Expected, images: np.ndarray = GREY) -> list[tuple[str, ...]]:
    return [settings_of(one, expected) for one in unsaid(expected, images)]


def test_usual_pixels_are_tried_with_each_activation() -> None:
    found = lines(plain())
    assert ("pixel_mean = 0.1307", "pixel_deviation = 0.3081") in found
    assert ("pixel_deviation = 0.00392156862745098",) in found
    assert ("inverted = true",) in found
    assert ('activation = "tanh"',) in found
    assert ('activation = "sigmoid"', "pixel_mean = 0.5", "pixel_deviation = 0.5") in found
    pixels = [one for one in found if "activation" not in "".join(one)]
    assert len(found) == len(pixels) + ACTIVATIONS * (len(pixels) + 1)
    assert len(set(found)) == len(found)


def test_the_images_own_mean_and_deviation_are_among_them() -> None:
    shares = GREY / 255
    mean, deviation = float(shares.mean().round(4)), float(shares.std().round(4))
    assert (f"pixel_mean = {mean}", f"pixel_deviation = {deviation}") in lines(plain())
    by_colour = COLOUR.reshape(-1, 3) / 255
    own = (tuple(by_colour.mean(axis=0).round(4)), tuple(by_colour.std(axis=0).round(4)))
    assert own in [(one.mean, one.deviation) for one in unsaid(plain((4, 4, 3)), COLOUR)]
    colours = lines(plain((4, 4, 3)), COLOUR)
    assert ("pixel_mean = [0.485, 0.456, 0.406]", "pixel_deviation = [0.229, 0.224, 0.225]") in (
        colours
    )


def test_images_of_one_shade_give_no_deviation_of_zero() -> None:
    assert all(min(one.deviation) > 0 for one in unsaid(plain(), np.zeros_like(GREY)))


def test_a_way_that_the_images_have_in_common_with_the_usual_ones_is_tried_once() -> None:
    halves = np.zeros((2, 4, 4, 1), np.uint8)
    halves[1] = 255  # a mean and a deviation of 0.5
    assert len(set(lines(plain(), halves))) == len(lines(plain(), halves))
    assert len(lines(plain(), halves)) < len(lines(plain()))


def test_what_is_said_is_not_tried() -> None:
    assert all("activation" not in " ".join(one) for one in lines(plain(activation="tanh")))
    assert all("activation" not in " ".join(one) for one in lines(plain(layers=("relu",))))
    normalised = lines(plain(mean=(0.2,), deviation=(0.3,)))
    assert normalised == [(f'activation = "{one}"',) for one in ("relu", "tanh", "sigmoid")]
    assert lines(plain(mean=(0.2,), activation="relu")) == []
