"""Drawings as JSON: what a step keeps of a `Drawing` until the page is composed.

The files of a figure have their addresses only then, so that an `Asset` is kept by its name.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netviz.errors import EssayError, Place
from netviz.figures.figure import Asset, Config, Drawing, Json
from netviz.figures.registry import FigureFolder
from netviz.figures.states import states_json

FILE_NAME = "drawing.json"
ASSET = "$asset"  # the one key of an object that stands for an address


def checked(drawing: object, figure: FigureFolder) -> Drawing:
    """Return what `figure` drew if every reader can be told of it.

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
        if not isinstance(text, str) or not text.strip():
            raise EssayError(
                f"the figure {figure.word!r} has no {what}",
                place=Place(figure.module_file, 1),
                expected=f"{name!r}, a sentence, in the Drawing that draw returns",
            )
    return drawing


def as_json(drawing: Drawing) -> dict[str, Json]:
    """Return `drawing` as JSON, each `Asset` of its configuration as an object with its name."""
    return {
        "finding": drawing.finding,
        "caption": drawing.caption,
        "states": states_json(drawing.states),
        "context": dict(drawing.context),
        "config": _kept(drawing.config),
    }


def _kept(value: Config) -> Json:
    if isinstance(value, Asset):
        return {ASSET: value.name}
    if isinstance(value, Mapping):
        if ASSET in value:
            raise ValueError(f"the key {ASSET!r} of a configuration is taken")
        return {key: _kept(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_kept(item) for item in value]
    return value


def with_addresses(kept: Any, address: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON of any kind
    """Return a configuration read back, with the address of each file in place of its name."""
    if isinstance(kept, dict):
        if ASSET in kept:
            return address(kept[ASSET])
        return {key: with_addresses(item, address) for key, item in kept.items()}
    if isinstance(kept, list):
        return [with_addresses(item, address) for item in kept]
    return kept
