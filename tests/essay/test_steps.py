"""Steps: a figure and the paragraphs that drive it, or a fault at the line of the tag."""

from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.essay.manuscript import Manuscript, read_manuscript
from netviz.essay.measurements import Measurements
from netviz.figures.registry import Registry

FRONT = "---\ntitle: T\ndescription: D.\nauthors: [A]\ndate: 2026-01-01\n---\n"
FIGURE = '{{ figure("training_film", network="one") }}'
STEP = "[One step](#fig-training-film?step=1) and on."


def read(folder: Path, body: str) -> Manuscript:
    file = folder / "index.md"
    file.write_text(FRONT + body, encoding="utf-8")
    return read_manuscript(file, Measurements({}), Registry())


def test_the_figure_and_its_paragraphs_stand_in_one_element(tmp_path: Path) -> None:
    text = (
        f"Before.\n\n{{% steps %}}\n{FIGURE}\n\n{STEP}\n\nMore *words*.\n{{% endsteps %}}\n\nAfter."
    )
    html = read(tmp_path, text).html
    before, inside = html.split('<div class="nv-steps">')
    inside, after = inside.rsplit("</div>", 1)
    assert "Before" in before
    assert 'class="nv-figure-marker" id="fig-training-film"' in inside
    assert 'href="#fig-training-film?step=1"' in inside
    assert "<em>words</em>" in inside
    assert "After" in after
    assert "nv-steps-" not in html


@pytest.mark.parametrize("figures", ["", f"{FIGURE}\n\n{FIGURE}"])
def test_steps_of_no_figure_or_of_two_are_refused(tmp_path: Path, figures: str) -> None:
    text = f"Before.\n\n{{% steps %}}\n{figures}\n\n{STEP}\n{{% endsteps %}}\n"
    with pytest.raises(EssayError, match="steps are those of one figure") as error:
        read(tmp_path, text)
    assert "index.md:9" in str(error.value)


def test_steps_without_a_link_to_a_state_are_refused(tmp_path: Path) -> None:
    text = f"{{% steps %}}\n{FIGURE}\n\nNothing [here](#fig-training-film).\n{{% endsteps %}}\n"
    with pytest.raises(EssayError, match="no step sets the figure 'fig-training-film'"):
        read(tmp_path, text)


def test_the_marks_of_steps_cannot_be_written_by_hand(tmp_path: Path) -> None:
    with pytest.raises(EssayError, match="only looks like the steps of a figure"):
        read(tmp_path, '<div class="nv-steps-begin" id="nv-steps-1"></div>\n\nText.\n')
