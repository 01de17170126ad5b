"""What is drawn at random is drawn without choice, never twice, and labelled as it is."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.datasets.dataset import Dataset, Split
from netviz.errors import EssayError
from netviz.figures.figure import Json, Materials
from netviz.figures.random_sample.random_sample import DRAWS, SHOWN, Arguments, draw
from tests.figures.conftest import Written, contents
from tests.miniatures import NAMES, SIDE, at, dataset


def drawn(data: Dataset, written: Written) -> dict[str, Json]:
    return contents(draw(Arguments("shapes"), Materials(datasets={"shapes": data}), written))


def with_test(data: Dataset, labels: Sequence[int]) -> Dataset:
    """Return `data` with test images of these labels, no two of them alike."""
    rng = np.random.default_rng(9)
    images = rng.integers(0, 256, (len(labels), *data.description.image_shape), np.uint8)
    test = Split(images, np.array(labels, np.uint8))
    return Dataset(data.description, data.train, test, data.digest)


def tiles(written: Written, name: str) -> list[NDArray[np.uint8]]:
    pixels = np.asarray(written.pictures[name])
    count = pixels.shape[1] // SIDE
    return np.split(pixels, count, axis=1)


def places(written: Written, name: str, split: Split) -> list[int]:
    """Return which image of `split` each tile shows."""
    known = {image.squeeze().tobytes(): index for index, image in enumerate(split.images)}
    return [known[np.ascontiguousarray(tile).tobytes()] for tile in tiles(written, name)]


@pytest.mark.parametrize("channels", [1, 3])
def test_every_photograph_bears_its_own_label(channels: int, written: Written) -> None:
    data = with_test(dataset(channels), [0, 1, 2] * 40)
    context = drawn(data, written)
    for sheet in at(context, "sheets"):
        assert sheet["count"] == len(places(written, sheet["name"], data.test))
    drawing = draw(Arguments("shapes"), Materials(datasets={"shapes": data}), written)
    for sheet in [*at(drawing.config, "sheets"), *at(drawing.config, "held")]:
        shown = places(written, sheet["src"].name, data.test)
        assert data.test.labels[shown].tolist() == sheet["labels"]


def test_no_photograph_is_dealt_twice(written: Written) -> None:
    data = with_test(dataset(), [0, 1, 2] * 40)
    context = drawn(data, written)
    names = [sheet["name"] for sheet in at(context, "sheets")]
    dealt = [place for name in names for place in places(written, name, data.test)]
    assert len(dealt) == len(set(dealt)) == context["count"] == 120
    assert len(names) == 4
    assert context["total"] == 120


def test_of_many_images_as_many_are_dealt_as_there_are_draws(written: Written) -> None:
    context = drawn(with_test(dataset(), [0, 1, 2] * 200), written)
    assert [sheet["count"] for sheet in at(context, "sheets")] == [SHOWN] * DRAWS
    assert context["count"] == SHOWN * DRAWS
    assert context["total"] == 600


def test_a_class_that_is_held_shows_only_its_own(written: Written) -> None:
    data = with_test(dataset(), [0] * 50 + [1] * 7 + [2] * 3)
    context = drawn(data, written)
    for label, count in enumerate((SHOWN, 7, 3)):
        shown = places(written, f"class-{label}", data.test)
        assert len(set(shown)) == len(shown) == count
        assert at(context, f"held.{label}.labels") == [label] * count


def test_draws_are_not_in_the_order_of_the_data_set(written: Written) -> None:
    data = with_test(dataset(), [0] * 60 + [1] * 60 + [2] * 60)
    assert set(at(drawn(data, written), "sheets.0.labels")) == {0, 1, 2}


def test_the_same_data_give_the_same_draws(written: Written) -> None:
    data = with_test(dataset(), [0, 1, 2] * 40)
    again = Written()
    assert drawn(data, written) == drawn(data, again)
    for name, picture in written.pictures.items():
        assert picture.tobytes() == again.pictures[name].tobytes()


def test_the_finding_names_what_was_drawn_first(written: Written) -> None:
    data = with_test(dataset(), [0, 1, 2] * 40)
    context = drawn(data, written)
    first = [NAMES[label] for label in at(context, "sheets.0.labels")[:6]]
    assert f"from the 120 test images of Shapes: {', '.join(first)} and so on" in str(
        context["finding"]
    )


def test_a_class_without_test_images_is_told(written: Written) -> None:
    with pytest.raises(EssayError, match="no test image of whole"):
        drawn(with_test(dataset(), [0, 1] * 20), written)
