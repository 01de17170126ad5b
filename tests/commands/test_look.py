"""`netviz look`: from a network and its images to a site and an essay."""

import html
import subprocess
from pathlib import Path

import numpy as np
import pytest

from netviz.commands.look import _network_name
from netviz.essay.settings import read_settings
from tests.essays import command
from tests.pipeline.test_imported import write_thirds

SIDE, COUNT = 9, 60
LABELS = np.arange(COUNT) % 2
UPPER = np.where(np.arange(SIDE * SIDE) < SIDE * SIDE // 2, 1.0, -1.0)


def look(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return command(folder, "look", *arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Images with a bright half, and a network that sees which half it is."""
    images = np.random.default_rng(1).integers(0, 90, (COUNT, SIDE, SIDE), np.uint8)
    images[LABELS == 0, : SIDE // 2] += 150
    images[LABELS == 1, SIDE // 2 :] += 150
    arrays = {"x_train": images, "y_train": LABELS, "x_test": images, "y_test": LABELS}
    np.savez(tmp_path / "halves.npz", allow_pickle=False, **arrays)
    weights = np.stack([UPPER, -UPPER], axis=1)
    np.savez(tmp_path / "1st net.npz", weights_0=weights, biases_0=np.zeros(2))
    return tmp_path


def test_a_network_and_its_images_become_a_site_and_an_essay(folder: Path) -> None:
    looked = look(folder, "1st net.npz", "--data", "halves.npz")
    assert looked.returncode == 0, looked.stderr
    assert "the site: build/look/index.html" in looked.stdout
    assert "not so of 1st net.npz: Some of its wrong answers were given" in looked.stdout
    page = html.unescape((folder / "build" / "look" / "index.html").read_text(encoding="utf-8"))
    for shown in (
        "60</data> of <data",
        'data-figure="weights"',
        'data-figure="template_match"',
        "Not so here: “Some of its wrong answers",
        "more than three times as often",
        "by a recipe that a page does not know; it takes a network with a recipe",
        "Confusion samples: there are no mistakes to show",
    ):
        assert shown in page
    for absent in (
        "may have learnt from them",
        "For more than half of what it misreads",
        "Name another network",
        "Colour",
    ):
        assert absent not in page
    essay = folder / "look-1st net"
    assert "[networks.network-1st-net]" in (essay / "essay.toml").read_text(encoding="utf-8")

    built = command(folder, "build", str(essay))
    assert built.returncode == 0, built.stderr


@pytest.mark.slow
def test_pixels_of_which_the_file_says_nothing_are_named_and_doubted_on_the_page(
    folder: Path,
) -> None:
    images = np.random.default_rng(1).integers(0, 100, (COUNT, SIDE, SIDE), np.uint8)
    images[LABELS == 1] += 150
    arrays = {"x_train": images, "y_train": LABELS, "x_test": images, "y_test": LABELS}
    np.savez(folder / "dark.npz", allow_pickle=False, **arrays)
    brightness = np.stack([-np.ones(SIDE * SIDE), np.ones(SIDE * SIDE)], axis=1)
    np.savez(folder / "net.npz", weights_0=brightness, biases_0=np.zeros(2))  # of pixels of -1 to 1
    looked = look(folder, "net.npz", "--data", "dark.npz")
    assert looked.returncode == 0, looked.stderr
    assert "with pixel_mean = 0.5, pixel_deviation = 0.5 it reads 60" in looked.stderr
    page = folder / "build" / "look" / "index.html"
    assert "All of this is very likely wrong." in page.read_text(encoding="utf-8")
    settings = folder / "look-net" / "essay.toml"
    more = "pixel_mean = 0.5\npixel_deviation = 0.5\n"
    settings.write_text(settings.read_text("utf-8") + more, encoding="utf-8")
    assert look(folder, "net.npz", "--data", "dark.npz").returncode == 0
    assert "All of this is very likely wrong." not in page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_network_whose_outputs_are_in_another_order_is_doubted_on_the_page(folder: Path) -> None:
    write_thirds(folder / "thirds.npz", folder / "net.npz")
    looked = look(folder, "net.npz", "--data", "thirds.npz")
    assert looked.returncode == 0, looked.stderr
    assert 'with classes = ["top", "middle", "low"] they read 90.' in looked.stderr
    page = folder / "build" / "look" / "index.html"
    assert "seem to stand for the classes in another order" in page.read_text(encoding="utf-8")
    settings = folder / "look-net" / "essay.toml"
    more = 'path = "thirds.npz"\nclasses = ["top", "middle", "low"]'
    settings.write_text(
        settings.read_text("utf-8").replace('path = "thirds.npz"', more), encoding="utf-8"
    )
    assert look(folder, "net.npz", "--data", "thirds.npz").returncode == 0
    assert "another order" not in page.read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_a_first_look_could_not_know_is_added_to_the_settings(folder: Path) -> None:
    rng = np.random.default_rng(2)
    hidden = {"weights_0": rng.normal(size=(81, 3)), "weights_1": rng.normal(size=(3, 2))}
    np.savez(folder / "net.npz", allow_pickle=False, **hidden, extra_1=np.ones(5))
    told = look(folder, "net.npz", "--data", "halves.npz")
    assert told.returncode == 1
    assert "extra_1" in told.stderr
    np.savez(folder / "net.npz", allow_pickle=False, **hidden)
    settings = folder / "look-net" / "essay.toml"
    settings.write_text(settings.read_text("utf-8") + 'activation = "tanh"\n', encoding="utf-8")
    looked = look(folder, "net.npz", "--data", "halves.npz")
    assert looked.returncode == 0, looked.stderr
    assert "tanh" in settings.read_text(encoding="utf-8")
    text = folder / "look-net" / "index.md"
    lines = text.read_text(encoding="utf-8").replace("{# netviz look wrote", "{# I wrote")
    text.write_text(lines, encoding="utf-8")
    refused = look(folder, "net.npz", "--data", "halves.npz")
    assert refused.returncode == 1
    assert "look-net/index.md: there is a text of yours here" in refused.stderr


@pytest.mark.slow
def test_a_network_that_has_changed_is_looked_at_as_it_is_now(folder: Path) -> None:
    first = look(folder, "1st net.npz", "--data", "halves.npz")
    assert first.returncode == 0, first.stderr
    np.savez(
        folder / "1st net.npz", weights_0=np.stack([-UPPER, UPPER], axis=1), biases_0=np.zeros(2)
    )
    again = look(folder, "1st net.npz", "--data", "halves.npz")
    assert again.returncode == 0, again.stderr
    assert "It is right more than three times" in again.stdout


@pytest.mark.slow
def test_answers_are_known_by_the_names_of_their_arrays(folder: Path) -> None:
    np.savez(folder / "trees.npz", probabilities=np.eye(2)[LABELS], labels=LABELS)
    looked = look(folder, "trees.npz", "--data", "halves.npz", "--essay", "mine")
    assert looked.returncode == 0, looked.stderr
    page = (folder / "mine" / "index.md").read_text(encoding="utf-8")
    assert 'figure("confusion_matrix"' in page
    assert 'figure("weights"' not in page
    assert "of which only its answers are known" in page
    assert "templates" not in page


@pytest.mark.slow
def test_images_that_netviz_chose_itself_are_called_no_test_images(folder: Path) -> None:
    with np.load(folder / "halves.npz") as halves:
        np.savez(folder / "whole.npz", images=halves["x_test"], labels=halves["y_test"])
    looked = look(folder, "1st net.npz", "--data", "whole.npz", "--essay", "mine")
    assert looked.returncode == 0, looked.stderr
    assert looked.stderr.count("may have learnt from the images") == 1
    page = (folder / "build" / "look" / "index.html").read_text(encoding="utf-8")
    assert "</data> held-out images correctly" in page
    assert "the network may have learnt from them" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no.npz", "--data", "mnist"), "no.npz: there is no such file of a network"),
        (("1st net.npz", "--data", "mnits"), "there are no data 'mnits'"),
        (("1st net.npz", "--data", "mnits"), "did you mean mnist?"),
    ],
)
def test_what_is_not_there_is_told_before_anything_is_written(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    told = look(folder, *arguments)
    assert told.returncode == 1
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert not list(folder.glob("look-*"))


@pytest.mark.parametrize("stem", ["Net 1", "3 layers", "pass-over-over-1", "a over b", "", "网"])
def test_a_network_has_a_name_that_its_essay_may_give(stem: str, tmp_path: Path) -> None:
    file = tmp_path / "essay.toml"
    table = f'[networks.{_network_name(stem)}]\ntitle = "it"\ndataset = "mnist"\n'
    file.write_text(table, encoding="utf-8")
    assert len(read_settings(file).networks) == 1
