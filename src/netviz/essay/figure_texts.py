"""What a figure says in words: its finding, which is its text alternative, and its caption."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from netviz.essay.figure_calls import FigureCall
from netviz.essay.languages import Language
from netviz.essay.markup import as_plain_text, to_inline_html
from netviz.essay.offers import NOTHING, Offer
from netviz.essay.saying import begun, said_in
from netviz.figures.words import read_said, say
from netviz.limits import reading

# What a figure says of test images, and what it says where its network may have learnt from them.
NO_TESTS = {
    "test images": "held-out images",
    "test image": "held-out image",
    "test set": "held-out set",
}


@dataclass(frozen=True)
class FigureFile:
    """A file of a figure that its readers can take along, at `url`; a figure names its files."""

    name: str
    kind: Literal["table", "animation"]
    url: str


@dataclass(frozen=True)
class PlacedDrawing:
    """A figure's `Drawing` as it was kept, and the URL of each of its files by their names.

    `identities` are those of its networks by their names, `digest` is that of its files. `learnt`
    are the titles of networks that may have learnt from the test images: these are then called
    held-out images, and the figure says so. `linked` are those of its states that a page links to,
    `downloads` its files for readers, and `offer` is what else its readers can take along.
    """

    finding: Any
    caption: Any
    states: Sequence[Mapping[str, Any]]
    context: Mapping[str, Any]
    config: Mapping[str, Any]
    identities: Mapping[str, str]
    assets: Mapping[str, str]
    digest: str = ""
    learnt: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    downloads: tuple[FigureFile, ...] = ()
    offer: Offer = NOTHING

    @property
    def stamp(self) -> Hashable:
        """What changes when anything of it does."""
        return self.digest, self.learnt, self.linked, self.offer


@dataclass(frozen=True)
class FigureText:
    """What a figure says: its finding as plain text, its caption as HTML.

    `learnt` are sentences about networks that may know the test images.
    """

    id: str
    number: int
    finding: str
    caption: str
    learnt: tuple[str, ...]


def figure_text(call: FigureCall, drawing: PlacedDrawing, language: Language) -> FigureText:
    """Return what a drawn figure says in the language."""
    # What a figure says holds titles and names from settings and data; only authors write markup.
    ours = as_plain_text(_told(language, drawing.caption))
    caption = call.caption
    if caption is None:
        with reading(Path(call.place.file)):
            caption = to_inline_html(fitting(str(ours), drawing, language))
    learnt = (
        say("{network} was trained elsewhere and may have learnt from these images.", network=title)
        for title in drawing.learnt
    )
    return FigureText(
        id=call.id,
        number=call.number,
        finding=fitting(_told(language, drawing.finding), drawing, language),
        caption=caption,
        learnt=tuple(said_in(language, one) for one in learnt),
    )


def fitting(text: str, drawing: PlacedDrawing, language: Language) -> str:
    """Return a text of a figure in words that fit what its networks may have learnt from."""
    return _without_tests(text, language) if drawing.learnt else text


def _told(language: Language, kept: Any) -> str:  # noqa: ANN401 - JSON
    """Return what a figure says of itself in the language; a plain text is a whole sentence."""
    said = read_said(kept)
    if said is None or isinstance(said, str):
        return language.text(str(said))
    return begun(said_in(language, said))


def _without_tests(text: str, language: Language) -> str:
    """Return `text` of the language with other words for images that are no test of a network."""
    for test, other in NO_TESTS.items():
        text = text.replace(language.text(test), language.text(other))
    return text
