"""Which files of an essay's folder are its pages: not every text that lies there is one.

Editors and systems leave hidden files, locks and copies beside a text, those who share a folder
get copies of both versions where two wrote at once, and a README is for those who look at the
folder. None of them is published. Where that could surprise its author, it is said.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from netviz.engine.disk import taken_for_one
from netviz.errors import EssayError, Place
from netviz.essay.front_matter import is_draft
from netviz.essay.tags import is_language

OF_OTHERS = (".", "_", "#", "~")  # hidden, set aside, or an editor's
READ_ME = "readme"
ENDING = ".md"  # of a page, in small letters: on some systems other letters name another file
OTHER_ENDINGS = {".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".qmd", ".rmd"}
# Dropbox, Nextcloud, Syncthing, and systems of files that know no case.
CONFLICT = re.compile(
    r"\.sync-conflict-|\bconflicted copy\b|\(conflict\b|\(case conflict\b|_conflict-\d",
    re.IGNORECASE,
)
COPY = re.compile(r"(?P<original>.+?)(?: - | )(?:\(\d+\)|copy(?: \d+)?)", re.IGNORECASE)


OTHER_NAME = "the name of a page ends in .md, in small letters, such as {}"


@dataclass(frozen=True)
class PageFiles:
    """The texts of an essay, by name; `originals` gives the page that each translation translates.

    `left_out` says in a sentence each of what is left out and may surprise its author.
    """

    texts: tuple[Path, ...]
    originals: Mapping[Path, Path]
    drafts: tuple[Path, ...]
    left_out: tuple[str, ...]


def page_files(folder: Path, *, drafts: bool) -> PageFiles:
    """Return the texts in `folder`; those marked as drafts only where `drafts` are wanted.

    Raises:
        EssayError: the first page is a draft, and drafts are not wanted; or many disks do not
            tell the names of two pages apart.
    """
    found = texts_in(folder)
    reasons = {file: reason for file in found if (reason := _reason(file, folder))}
    texts = [file for file in found if file not in reasons]
    originals = {file: one for file in texts if (one := _original(file)) in texts}
    marked = [] if drafts else [file for file in texts if is_draft(_read(file))]
    if folder / "index.md" in marked:
        raise EssayError(
            "the first page is a draft", place=Place(folder / "index.md", _draft_line(folder)),
            expected="draft: false", remedy="netviz serve shows drafts.",
        )  # fmt: skip
    kept = tuple(file for file in texts if file not in marked and originals.get(file) not in marked)
    _refuse_alike(kept)
    reasons.update((file, "it is a draft, which netviz serve shows") for file in marked)
    reasons.update((file, OTHER_NAME.format(file.stem + ENDING)) for file in _misnamed(folder))
    return PageFiles(
        texts=kept,
        originals={file: one for file, one in originals.items() if file in kept},
        drafts=tuple(marked),
        left_out=tuple(f"{file}: not published: {reason}" for file, reason in reasons.items()),
    )


def _refuse_alike(pages: Iterable[Path]) -> None:
    """Raise an EssayError where many disks would keep one of two pages."""
    named = {page.name: page for page in pages}
    if alike := taken_for_one(named):
        first, second = alike
        raise EssayError(
            "many disks do not tell the name of this page from that of another",
            place=Place(named[second]),
            got=f"{first} and {second}, of which one would be lost there",
            remedy="Rename one of them.",
        )


def texts_in(folder: Path) -> list[Path]:
    """Return what has the name of a page, by name; the same on systems that know no case."""
    found = (file for file in folder.glob("*.[mM][dD]") if file.suffix == ENDING)
    return sorted(filter(is_text, found))


def inner_pages(folder: Path) -> list[Path]:
    """Return the pages in folders of `folder`; names may begin with a dot or an underscore."""
    found = folder.glob("[!._]*/*.[mM][dD]")
    return sorted(page for page in found if page.is_file() and _begins_as_page(page))


def _misnamed(folder: Path) -> list[Path]:
    """Return what would be a page if its name ended otherwise."""
    named = (file for file in folder.glob("*.[mMqQrR]*") if is_text(file) and file.is_file())
    return sorted(
        file
        for file in named
        if (file.suffix != ENDING and file.suffix.lower() == ENDING)
        or (file.suffix.lower() in OTHER_ENDINGS and _begins_as_page(file))
    )


def _begins_as_page(file: Path) -> bool:
    try:
        with file.open("rb") as text:
            return text.readline(8).removeprefix(b"\xef\xbb\xbf").strip() == b"---"
    except OSError:  # nothing that could be read
        return False


def is_text(file: Path) -> bool:
    """Say whether a file has the name of a page, and not that of an editor's or a system's file."""
    return not (file.name.startswith(OF_OTHERS) or file.stem.lower() == READ_ME)


def _reason(file: Path, folder: Path) -> str | None:
    """Return why a text is not published, if its name says that it is no page."""
    if CONFLICT.search(file.name):
        return "it is a copy that was made where two versions met"
    copy = COPY.fullmatch(file.stem)
    if copy and file.with_name(f"{copy['original']}.md").is_file():
        return f"it is a copy of {copy['original']}.md by its name"
    name, dot, suffix = file.stem.rpartition(".")
    if dot and not _is_tag(suffix, folder):
        renamed = f"{name}-{suffix}.md"
        return f"{suffix!r} is no language; a page has a name without points, such as {renamed}"
    return None


def _is_tag(suffix: str, folder: Path) -> bool:
    """Say whether a suffix is a language: a known one, or one of the essay's own catalogues."""
    return is_language(suffix) or (folder / "templates" / "languages" / f"{suffix}.toml").is_file()


def _original(page: Path) -> Path | None:
    """Return the page that `page` would translate, by its name."""
    name, dot, _ = page.stem.rpartition(".")
    return page.with_name(f"{name}.md") if dot else None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):  # reported when the page is read
        return ""


def _draft_line(folder: Path) -> int | None:
    lines = _read(folder / "index.md").split("\n")
    return next((n for n, line in enumerate(lines, 1) if line.lstrip().startswith("draft")), None)
