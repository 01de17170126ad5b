"""Drawings as JSON: what a step keeps of a `Drawing` until the page is composed.

The files of a figure have their addresses only then, so that an `Asset` is kept by its name; and
what it says has its language only then, so that a pattern is kept with what fills its places.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netviz.errors import EssayError, Place
from netviz.figures.figure import Asset, Config, Drawing, Json
from netviz.figures.registry import FigureFolder
from netviz.figures.states import states_json
from netviz.figures.words import SAID, Joined, Number, Said, Words, as_kept, is_said, read_said

FILE_NAME = "drawing.json"
ANIMATED = ".animated.webp"  # how the name of an animation ends, unlike that of a picture
ASSET = "$asset"  # the one key of an object that stands for an address


def checked(drawing: object, figure: FigureFolder) -> Drawing:
    """Return what `figure` drew if it has the texts that every reader needs.

    Raises:
        EssayError: it is no `Drawing`, or has no text alternative or no caption.
    """
    if not isinstance(drawing, Drawing):
        raise EssayError(
            f"the figure {figure.word!r} drew nothing that can be shown",
            place=Place(figure.module_file, 1),
            expected="a Drawing, returned by draw",
            got=type(drawing).__name__,
        )
    for name, what in {"finding": "text alternative", "caption": "caption"}.items():
        text = getattr(drawing, name)
        if not is_said(text) and not (isinstance(text, str) and text.strip()):
            raise EssayError(
                f"the figure {figure.word!r} has no {what}",
                place=Place(figure.module_file, 1),
                expected=f"{name!r}, a sentence, in the Drawing that draw returns",
            )
    return drawing


def as_json(drawing: Drawing) -> dict[str, Json]:
    """Return `drawing` as JSON, with an object in place of each asset and each saying."""
    return {
        "finding": as_kept(drawing.finding),
        "caption": as_kept(drawing.caption),
        "states": states_json(drawing.states),
        "context": _kept(drawing.context),
        "config": _kept(drawing.config),
    }


def _kept(value: Config) -> Json:
    if isinstance(value, Asset):
        return {ASSET: value.name}
    if isinstance(value, (Number, Words, Joined)):
        kept: Json = as_kept(value)
        return kept
    if isinstance(value, Mapping):
        if taken := {ASSET, *SAID} & set(value):
            raise ValueError(f"the key {min(taken)!r} of a drawing is taken")
        return {key: _kept(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_kept(item) for item in value]
    return value


def placed(kept: Any, address: Callable[[str], str], tell: Callable[[Said], str]) -> Any:  # noqa: ANN401 - JSON of any kind
    """Return part of a drawing read back: `address` finds its files, `tell` says its sayings."""
    if isinstance(kept, dict):
        if ASSET in kept:
            return address(kept[ASSET])
        said = read_said(kept)
        if said is not None:
            return tell(said)
        return {key: placed(item, address, tell) for key, item in kept.items()}
    if isinstance(kept, list):
        return [placed(item, address, tell) for item in kept]
    return kept
