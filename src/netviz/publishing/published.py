"""Pictures and files of an author's own: found beside the text, published under a hashed name."""

import io
import os
import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from PIL import Image

from netviz.engine.recall import Recall, plainly
from netviz.errors import EssayError, Gathering, nearest_name
from netviz.essay.links import OwnFile, refuse_missing_figures
from netviz.essay.manuscript import Manuscript
from netviz.essay.markup import split
from netviz.publishing.assets import SiteFiles

FILE_FOLDER = "files"
LONGEST_STEM = 60
NOT_PLAIN = re.compile(r"[^\w.-]+")
SHOWN = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"}
# Opened by themselves, these run scripts that no policy of ours forbids.
RUNNING = {".htm", ".html", ".js", ".mjs", ".svg", ".xhtml", ".xht", ".xml", ".xsl"}
ORIENTATION = 0x0112  # of the tags that cameras write
TURNED = {5, 6, 7, 8}  # by a quarter
SVG = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
LENGTH = r'\b{}\s*=\s*["\']\s*(\d+(?:\.\d+)?)(?:px)?\s*["\']'
VIEW = re.compile(r'\bviewBox\s*=\s*["\']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)')


def refuse_unfound(folder: Path, manuscripts: Mapping[Path, Manuscript]) -> None:
    """Refuse what the texts of the essay in `folder` show or refer to, and that is not there.

    Raises:
        EssayError: a picture, file or figure is not there; if several are not, the error holds a
            fault for each.
    """
    faults = Gathering()
    for fault in unfound(folder, manuscripts):
        faults.add(fault)
    faults.end()


def unfound(folder: Path, manuscripts: Mapping[Path, Manuscript]) -> Iterator[EssayError]:
    """Yield a fault for each picture, file or figure that is not there or may not be shown."""
    numbers = figure_numbers(manuscripts)
    for page, manuscript in manuscripts.items():
        for one in manuscript.own_files:
            try:
                found = _found(folder, page, one)
                if one.is_picture:
                    _measured(found or page, one, folder)
            except EssayError as error:
                yield error
        for reference in manuscript.far_figures:
            try:
                refuse_missing_figures([reference], numbers)
            except EssayError as error:
                yield error


def figure_numbers(manuscripts: Mapping[Path, Manuscript]) -> dict[str, dict[str, int]]:
    """Return the number of each figure by the name of its page and its id."""
    return {
        page.name: {call.id: call.number for call in manuscript.calls}
        for page, manuscript in manuscripts.items()
    }


class Published:
    """Publishes the files of an essay's texts as they are asked for.

    `left` are the links that may lead to files of the site itself, by their path in it.
    """

    def __init__(self, folder: Path, site: SiteFiles, recall: Recall = plainly) -> None:
        self.folder = folder
        self.site = site
        self.recall = recall
        self.left: dict[str, OwnFile] = {}

    def of_page(
        self, page: Path, manuscript: Manuscript
    ) -> dict[tuple[str, bool], tuple[str, str]]:
        """Return by address as written, and whether shown, that of the site and the size.

        Raises:
            EssayError: a file is not there, or cannot be published.
        """
        return {
            (one.address, one.is_picture): self._publish(page, one) for one in manuscript.own_files
        }

    def _publish(self, page: Path, one: OwnFile) -> tuple[str, str]:
        found = _found(self.folder, page, one)
        if found is None:
            self.left.setdefault(_path(one.address), one)
            return one.address, ""
        content = self.recall(Path.read_bytes, found)
        size = ""
        if one.is_picture:
            measured = self.recall(_measured, found, one, self.folder)
            size = 'width="{}" height="{}"'.format(*measured) if measured else ""
        stem = NOT_PLAIN.sub("-", unicodedata.normalize("NFC", found.stem))[:LONGEST_STEM]
        path = self.site.add_hashed(FILE_FOLDER, stem, found.suffix.lower(), content)
        parts = split(one.address)
        fragment = f"#{parts.fragment}" if parts and parts.fragment else ""
        return quote(path) + fragment, size

    def refuse_dead_links(self) -> None:
        """Refuse a link to a file that neither the essay nor the finished site has.

        A link to what looks like a page is left to `netviz check`, which knows all anchors too.

        Raises:
            EssayError: a link leads to such a file; if several do, the error holds a fault for
                each.
        """
        faults = Gathering()
        for path, one in self.left.items():
            if path not in self.site.files and not path.endswith((".html", ".htm")):
                faults.add(_missing(self.folder, self.folder / "index.md", one))
        faults.end()


def _path(address: str) -> str:
    parts = split(address)
    return os.path.normpath(unquote(parts.path)).replace(os.sep, "/") if parts else ""


def _found(folder: Path, page: Path, one: OwnFile) -> Path | None:
    """Return the file of an address; None where a link may lead to a file of the site.

    Raises:
        EssayError: there is no such picture, or the file may not be published.
    """
    parts = split(one.address)
    written = parts.path if parts else ""
    found = next(
        filter(None, (_beside(page.parent, name) for name in (unquote(written), written))), None
    )
    if found is None:
        if one.is_picture:
            raise _missing(folder, page, one)
        return None
    _refuse_outside(folder, found, one)
    if not one.is_picture and found.suffix.lower() in RUNNING:
        raise EssayError(
            "a browser would run what such a file holds", place=one.place, got=one.address,
            remedy="Show a drawing as a picture, or pack the file, as .zip.",
        )  # fmt: skip
    return found


def _beside(folder: Path, name: str) -> Path | None:
    """Return the file of a name, however its letters are composed; None where there is none."""
    if "\0" in name:
        return None
    path: Path | None = folder
    for part in PurePosixPath(name).parts:
        path = _entry(path, part) if path is not None else None
    try:
        return path if path is not None and path.is_file() else None
    except OSError:  # a name too long
        return None


def _entry(folder: Path, name: str) -> Path | None:
    """Return the entry of `folder` with exactly this name: no other case, but any composition."""
    if name == "..":
        return folder / name
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names are all we want
    except OSError:
        return None
    if name in names:
        return folder / name
    plain = unicodedata.normalize("NFC", name)
    alike = [one for one in names if unicodedata.normalize("NFC", one) == plain]
    return folder / alike[0] if alike else None


def _missing(folder: Path, page: Path, one: OwnFile) -> EssayError:
    beside = [
        file.relative_to(page.parent).as_posix()
        for file in sorted(folder.rglob("*"))[:2000]
        if file.is_file() and not file.name.startswith(".") and file.is_relative_to(page.parent)
    ]
    return EssayError(
        f"there is no file {_path(one.address)!r} beside the text",
        place=one.place,
        expected="a file of the essay's folder",
        nearest=_nearest(_path(one.address), beside),
    )


def _nearest(path: str, names: list[str]) -> str | None:
    same = [name for name in names if name.casefold() == path.casefold()]
    return same[0] if same else nearest_name(path, names)


def _refuse_outside(folder: Path, found: Path, one: OwnFile) -> None:
    inside, real = folder.resolve(), found.resolve()
    if not real.is_relative_to(inside):
        raise EssayError(
            "a link leads out of the essay's folder",
            place=one.place,
            got=one.address,
            remedy="Put the file itself there.",
        )
    if any(part.startswith(".") for part in real.relative_to(inside).parts):
        raise EssayError("a hidden file is not published", place=one.place, got=one.address)


def _measured(file: Path, one: OwnFile, folder: Path) -> tuple[int, int] | None:
    """Return width and height of a picture in pixels; None of a drawing that gives none.

    Raises:
        EssayError: it is no picture that browsers show.
    """
    if file.suffix.lower() not in SHOWN:
        raise EssayError(
            "browsers show no such picture", place=one.place,
            expected="a picture of " + ", ".join(sorted(SHOWN)), got=one.address,
        )  # fmt: skip
    try:
        if file.suffix.lower() == ".svg":
            return _drawing_size(file.read_text(encoding="utf-8-sig"))
        return _picture_size(file.read_bytes())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        raise EssayError(
            f"{file.relative_to(folder).as_posix()} cannot be read as a picture", place=one.place,
            expected=f"what {file.suffix} says it is",
        ) from None  # fmt: skip


def _picture_size(content: bytes) -> tuple[int, int]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
            turned = picture.getexif().get(ORIENTATION) in TURNED
    return (height, width) if turned else (width, height)


def _drawing_size(text: str) -> tuple[int, int] | None:
    root = SVG.search(text)
    if root is None:
        raise ValueError("no <svg>")
    lengths = [re.search(LENGTH.format(name), root[0]) for name in ("width", "height")]
    if lengths[0] and lengths[1]:
        return round(float(lengths[0][1])), round(float(lengths[1][1]))
    view = VIEW.search(root[0])
    return (round(float(view[1])), round(float(view[2]))) if view else None
