"""The share card: its size, its title, and pictures enlarged pixel by pixel."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netviz.essay.templates import built_in_templates
from netviz.rendering.cards import GAP, MARGIN, PAPER, SIZE, share_card

FONT = built_in_templates() / "fonts" / "source-serif-4-latin-wght-normal.woff2"
PAPER_BYTES = tuple(bytes.fromhex(PAPER[1:]))


def noise(side: int, seed: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side), np.uint8)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("title", ["Short", "A title as long as no title ever ought to be " * 5])
def test_every_title_fits_within_the_margins(title: str) -> None:
    card = np.asarray(share_card(title, "And a subtitle that is long as well. " * 9, [], [FONT]))
    assert card.shape == (SIZE[1], SIZE[0], 3)
    inked = (card != PAPER_BYTES).any(axis=-1)
    assert inked.any()
    assert not inked[:MARGIN].any()
    assert not inked[-MARGIN:].any()
    assert not inked[:, : MARGIN - 4].any()
    assert not inked[:, -MARGIN // 2 :].any()


def test_pictures_are_enlarged_by_a_whole_factor_and_stand_in_a_row() -> None:
    pictures = [noise(28, seed) for seed in range(10)]
    card = share_card("T", "", pictures, [FONT])
    factor = 3  # the largest at which ten of them fit
    for place, picture in enumerate(pictures):
        left, top = MARGIN + place * (28 * factor + GAP), SIZE[1] - MARGIN - 28 * factor
        shown = np.asarray(card.convert("L"))[top : top + 84 : factor, left : left + 84 : factor]
        assert np.array_equal(shown, np.asarray(picture))


def test_pictures_that_do_not_fit_are_left_out_rather_than_cut() -> None:
    card = np.asarray(share_card("T", "", [noise(64, seed) for seed in range(40)], [FONT]))
    assert (card[-MARGIN - 64 : -MARGIN, -MARGIN // 2 :] == PAPER_BYTES).all()


def test_the_same_card_has_the_same_pixels(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        share_card("Title", "Subtitle", [noise(8, 1)], [FONT]).save(tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
