"""The figures of netviz and of an essay, listed and shown on the essay's own networks."""

import re
from html import unescape
from pathlib import Path

import pytest

from netviz.build.options import Options
from netviz.commands.gallery import described, listed
from netviz.errors import EssayError
from netviz.figures.registry import Registry
from tests.essays import netviz

SETTINGS = """\
sample = true
[networks.linear]
title = "one layer"
dataset = "mnist"
[networks.linear.recipe]
epochs = 1
frames = 2
[networks.ten-units]
title = "ten units"
dataset = "mnist"
hidden = [10]
[networks.ten-units.recipe]
epochs = 1
frames = 2
"""
CONVOLUTIONAL = ("evidence_map", "feature_maps", "filters", "pooling", "sliding_filter")
OWN = '''"""What an author made. More on it."""

from dataclasses import dataclass

@dataclass(frozen=True)
class Arguments:
    """A text of the author's, and a network."""

    {argument}: str


def draw(arguments, materials, output):
    """Draw."""
    raise ValueError("2 {{{{ braces }}}} and a *star*")
'''


def options(essay: Path, *, own_code: bool = True) -> Options:
    nowhere = Path("nowhere")
    return Options(essay, nowhere, nowhere, nowhere, own_code=own_code)


@pytest.fixture
def essay(tmp_path: Path) -> Path:
    folder = tmp_path / "essay"
    for word, argument in (("own_failing", "network"), ("own_wish", "wish")):
        (folder / "figures" / word).mkdir(parents=True)
        (folder / "figures" / word / f"{word}.py").write_text(OWN.format(argument=argument))
    (folder / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "index.md").write_text("not even front matter", encoding="utf-8")
    return folder


def test_every_figure_is_listed_with_its_arguments_and_refusals(essay: Path) -> None:
    text = listed(options(essay), given=True)
    for word in (*Registry().figures, "own_wish"):
        assert f"\n{word}\n" in f"\n{text}"
    lines = text[text.index("\nmistakes\n") :].splitlines()
    assert lines[2].startswith("    Misread images with the probability")
    assert "    network: a text; must be given" in lines
    assert (
        "    refused: the network was trained elsewhere, or its film is too long."
        in text.splitlines()
    )
    assert "    What an author made.\n" in text


def test_without_an_essay_our_figures_are_listed_but_a_named_one_must_be_there(
    tmp_path: Path,
) -> None:
    assert "own_wish" not in listed(options(tmp_path / "essay"), given=False)
    with pytest.raises(EssayError, match="there is no essay here"):
        listed(options(tmp_path / "essay"), given=True)


def test_the_essays_own_figures_are_left_out_where_its_code_is_not_to_run(essay: Path) -> None:
    assert "own_wish" not in listed(options(essay, own_code=False), given=True)


def test_one_figure_is_told_whole_with_a_call_on_the_essays_network(essay: Path) -> None:
    text = described("weights", options(essay), given=True)
    assert '{{ figure("weights", network="linear") }}' in text
    assert "| `unit` | a whole number or none | `none` |" in text
    assert '{{ figure("weights", network=…, unit=none, parts=[]) }}' in described(
        "weights", options(Path()), given=False
    )
    with pytest.raises(EssayError, match="did you mean weights"):
        described("weigths", options(essay), given=True)


@pytest.mark.slow
def test_the_gallery_shows_what_can_be_shown_and_says_why_not_of_the_rest(essay: Path) -> None:
    """A figure that refuses one network is shown on the next; a fault of one hides no other."""
    made = netviz(essay, "figures", "--gallery", "--essay", str(essay), "--jobs", "2")
    assert made.returncode == 0, made.stderr
    site = essay.parent / "build" / "figures"
    page = (site / "index.html").read_text(encoding="utf-8")
    shown = set(re.findall(r'data-figure="(\w+)" data-network="([\w -]*)"', page))
    others = {"width_and_depth", "paint_rim", "shuffled_pixels", *CONVOLUTIONAL}
    assert {word for word, _ in shown} == set(Registry().figures) - others
    assert {("weights", "linear"), ("filters_and_votes", "ten-units")} <= shown
    assert '{{ figure("filters_and_votes", network="ten-units") }}' in page.replace("&quot;", '"')
    reasons = [unescape(one) for one in re.findall(r"<p>Not on this essay: (.*?)</p>", page)]
    assert len(reasons) == 6 + 1 + 2 * len(CONVOLUTIONAL)  # of each network
    assert any("coloured images of at least 16 pixels a side" in one for one in reasons)
    assert sum("ValueError: 2 {{ braces }} and a *star*" in one for one in reasons) == 2
    assert "the essay declares no sweeps." in reasons
    assert "only its author can choose wish." in reasons
