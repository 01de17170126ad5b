"""`netviz.show` in the frame of a notebook: it wakes, answers, and breaks no policy."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netviz
from netviz.commands.show import OF_ANSWERS
from tests.browser.conftest import OpenPage, until
from tests.browser.readers import READERS
from tests.browser.test_axe import EVERYTHING, faults

pytestmark = pytest.mark.browser

COUNT, CLASSES = 90, 3
RNG = np.random.default_rng(3)
LABELS = np.arange(COUNT) % CLASSES
DATA: dict[str, Any] = {
    "images": RNG.integers(0, 256, (COUNT, 12, 12, 3), np.uint8),
    "labels": LABELS,
    "logits": RNG.normal(size=(COUNT, CLASSES)) + np.eye(CLASSES)[LABELS],
}
AWAKE = "(tag) => document.querySelector(tag)?.awake && !document.querySelector('.nv-failed')"
CELL: dict[str, Any] = {"confusion_samples": {"actual": 1, "predicted": 2}}


def notebook(word: str, folder: Path) -> str:
    """Write a page with a cell's output; return its address."""
    shown = netviz.show(word, **DATA, **CELL.get(word, {}))
    head = '<!doctype html><title>A notebook</title><link rel="icon" href="data:,">'
    file = folder / f"{word}.html"
    file.write_text(head + shown._repr_html_(), encoding="utf-8")
    return file.as_uri()


def test_each_figure_lives_in_its_frame(open_page: OpenPage, tmp_path: Path) -> None:
    for word in OF_ANSWERS:
        page = open_page(notebook(word, tmp_path), READERS["phone-dark"])
        (frame,) = page.main_frame.child_frames
        frame.wait_for_load_state()
        until(frame, AWAKE, f"nv-{word.replace('_', '-')}")
        assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, word
        assert frame.evaluate("window.origin") == "null"
        page.close()


@pytest.mark.quick
def test_a_cell_of_the_matrix_brings_its_images(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(notebook("confusion_matrix", tmp_path))
    (frame,) = page.main_frame.child_frames
    until(frame, AWAKE, "nv-confusion-matrix")
    frame.locator("nv-confusion-matrix .cell").nth(1).click()
    until(frame, "document.querySelector('nv-confusion-matrix').innerText.includes('0 read as 1')")


def test_a_saved_figure_is_without_fault(open_page: OpenPage, tmp_path: Path) -> None:
    shown = netviz.show("reliability", **DATA)
    page = open_page(shown.save(tmp_path / "figure.html").as_uri())
    until(page, AWAKE, "nv-reliability")
    assert page.title() == "Reliability of the network"
    assert faults(page, EVERYTHING) == []
