"""The figures that a text calls: each with its arguments, an id of its own and its number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netviz.errors import EssayError, Place
from netviz.figures.registry import FigureFolder, Registry
from netviz.records import record

MOST_FIGURES = 200  # on a page, which no reader gets through and no browser likes


@dataclass(frozen=True)
class FigureCall:
    """A figure as an author asked for it: its folder, and its arguments as the folder's type.

    `number` counts from 1 through the essay.
    """

    folder: FigureFolder
    arguments: Any
    id: str
    number: int
    caption: str | None  # as HTML, once the whole text was read
    place: Place

    @property
    def word(self) -> str:
        """The figure's name, as the call has it."""
        return self.folder.word

    @property
    def marker(self) -> str:
        """The HTML that takes the figure's place until it has been drawn."""
        return f'<div class="nv-figure-marker" id="{self.id}"></div>'


class FigureCalls:
    """Collects the calls of one text; `numbers` gives figures by id, refused ones included."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.calls: list[FigureCall] = []
        self.numbers: dict[str, int] = {}

    def add(
        self,
        word: str,
        id: str | None,  # noqa: A002 - the author's word
        caption: str | None,
        arguments: Mapping[str, Any],
        place: Place,
    ) -> FigureCall:
        """Note a call and return it.

        Raises:
            EssayError: there is no such figure, an argument or the id is wrong, or there are too
                many figures.
        """
        if len(self.calls) == MOST_FIGURES:
            raise EssayError(
                "the page has too many figures", place=place, expected=f"at most {MOST_FIGURES}"
            )
        folder = self.registry.find(word)
        call = FigureCall(
            folder=folder,
            arguments=record(folder.load().Arguments, arguments),
            id=self._id(word, id, arguments),
            number=len(self.calls) + 1,
            caption=caption,
            place=place,
        )
        self.calls.append(call)
        self.numbers[call.id] = call.number
        return call

    def keep_number(self, word: str, named: Mapping[str, Any]) -> None:
        """Number a refused call, so that references to it are no faults of their own."""
        plain = _plain_id(word)
        network = [f"{plain}-{named['network']}"] if "network" in named else []
        for name in [str(named["id"])] if "id" in named else [plain, *network]:
            self.numbers.setdefault(name, len(self.numbers) + 1)

    def _id(self, word: str, wanted: str | None, arguments: Mapping[str, Any]) -> str:
        taken = {call.id for call in self.calls}
        plain = _plain_id(word)
        if wanted is None:
            network = str(arguments.get("network", len(self.calls) + 1))
            wanted = plain if plain not in taken else f"{plain}-{network}"
        elif not re.fullmatch(r"fig-[a-z0-9-]+", wanted):
            raise EssayError(
                f"{wanted!r} cannot be the id of a figure",
                expected='"fig-" and small letters, digits and hyphens',
            )
        if wanted in taken:
            raise EssayError(
                f"two figures have the id {wanted!r}", remedy='Give one of them id="fig-…".'
            )
        return wanted


def _plain_id(word: str) -> str:
    return "fig-" + word.replace("_", "-")
