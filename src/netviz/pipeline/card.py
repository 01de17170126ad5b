"""Draw the share card of a page: fonts, and perhaps a network's training → card.png."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from netviz.engine.graph import Artifact, Input, Step
from netviz.rendering.cards import share_card
from netviz.rendering.pictures import Style, encode_png, weight_picture
from netviz.rendering.typefaces import typefaces
from netviz.training.trained import load_trained

MOST_ON_CARD = 10


def card_step(page: str, title: str, subtitle: str, training: Step | None, font: Path) -> Step:
    """Return the step that draws the card of `page`, with the weights that `training` makes.

    Fonts of the system are used for letters that are missing in our own. Their content is part of
    the step's key.
    """
    fonts = card_fonts(title + subtitle, font)
    ours = [one for one in fonts if one.parent == font.parent]
    others = [one for one in fonts if one.parent != font.parent]
    digest = hashlib.sha256(b"".join(one.read_bytes() for one in ours or [font])).hexdigest()
    inputs: dict[str, Input] = {"fonts": Artifact(font.parent, digest)}
    if training is not None:
        inputs["training"] = training
    return Step(
        name=f"draw the card of {page}",
        function=f"{__name__}:draw_card",
        parameters={
            "title": title,
            "subtitle": subtitle,
            "fonts": [one.name for one in ours],
            "system_fonts": {
                str(one): hashlib.sha256(one.read_bytes()).hexdigest() for one in others
            },
        },
        inputs=inputs,
    )


@lru_cache(maxsize=256)
def card_fonts(text: str, font: Path) -> tuple[Path, ...]:
    """Return the fonts for all letters of `text`, `font` first; none where a letter is in none."""
    return typefaces(text, font)


def draw_card(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Draw the card with `fonts`, and with the weights of `training` if there is one."""
    pictures = []
    if "training" in inputs:
        filters = load_trained(inputs["training"]).network.filters()
        style: Style = "colour" if filters.shape[-1] == 3 else "grey"
        pictures = [weight_picture(one, style) for one in filters[:MOST_ON_CARD]]
    fonts = [inputs["fonts"] / name for name in parameters["fonts"]]
    fonts += [Path(file) for file in parameters["system_fonts"]]
    card = share_card(parameters["title"], parameters["subtitle"], pictures, fonts)
    (folder / "card.png").write_bytes(encode_png(card))


def load_card(folder: Path) -> bytes:
    """Read the card, a PNG."""
    return (folder / "card.png").read_bytes()
