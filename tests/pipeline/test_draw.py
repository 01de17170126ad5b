"""What a figure writes is what its page gets: no file is lost to another of its name."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netviz.figures.figure import Output
from netviz.pipeline.draw import FolderOutput
from netviz.rendering.pictures import to_image

Writing = Callable[[Output], str]


def picture(output: Output, light: int) -> str:
    return output.picture("a", to_image(np.full((8, 8), light, np.uint8)))


TWICE: dict[str, tuple[Writing, Writing]] = {
    "two tables": (lambda to: to.table("a", [["n"], [1]]), lambda to: to.table("a", [["n"], [2]])),
    "two data": (lambda to: to.data("a", [1]), lambda to: to.data("a", [2])),
    "two pictures": (lambda to: picture(to, 1), lambda to: picture(to, 2)),
    "data and a picture": (lambda to: to.data("a", [1]), lambda to: picture(to, 1)),
    "a picture and data": (lambda to: picture(to, 1), lambda to: to.data("a", [1])),
}


@pytest.mark.parametrize("kind", TWICE)
def test_a_name_for_two_things_is_refused(kind: str, tmp_path: Path) -> None:
    first, second = TWICE[kind]
    output = FolderOutput(tmp_path)
    first(output)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(ValueError, match="two files of the figure have the name 'a'"):
        second(output)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize("kind", TWICE)
def test_the_same_may_be_written_again(kind: str, tmp_path: Path) -> None:
    output = FolderOutput(tmp_path)
    for _ in range(2):
        TWICE[kind][0](output)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_looked_up_apart_may_have_one_name(tmp_path: Path) -> None:
    output = FolderOutput(tmp_path)
    picture(output, 1)
    output.table("a", [["n"], [1]])
    assert len(list(tmp_path.iterdir())) == 2
