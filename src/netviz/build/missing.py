"""Missing translations: reported page by page, and written to a file to be filled in."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from netviz.engine.disk import disk_faults, own_folder, write_own
from netviz.essay.catalogues import english_forms
from netviz.essay.languages import Language
from netviz.essay.manuscript import Manuscript


def tell_missing(
    manuscripts: Mapping[Path, Manuscript],
    folder: Path,
    tell: Callable[[str], None],
) -> None:
    """Report what is missing in each page's catalogue; write it to `folder`, a file a language.

    The file of a complete language is removed.
    """
    by_tag: dict[str, dict[Path, list[str]]] = {}
    for page, manuscript in manuscripts.items():
        language = manuscript.language
        lacks = list(language.missing)
        by_tag.setdefault(language.tag, {})[page] = lacks
        file = folder / f"{language.tag}.toml"
        if lacks:
            texts = "1 text" if len(lacks) == 1 else f"{len(lacks)} texts"
            tell(
                f"{page.name}: languages/{language.tag}.toml is missing {texts}, such as"
                f" {_quoted(lacks[0])}; all of them, ready to be filled in, are in {file}"
            )
    languages = {one.language.tag: one.language for one in manuscripts.values()}
    for tag, pages in by_tag.items():
        _tell_forms(languages[tag], tell)
        file = folder / f"{tag}.toml"
        with disk_faults(file):
            own_folder(folder)
            if any(pages.values()):
                write_own(file, "\n".join(["[text]", *_entries(pages), ""]))
            else:
                file.unlink(missing_ok=True)


def _tell_forms(language: Language, tell: Callable[[str], None]) -> None:
    if forms := english_forms(language):
        tell(f"languages/{language.tag}.toml leaves these [numbers] English: {', '.join(forms)}")


def _entries(pages: Mapping[Path, Iterable[str]]) -> Iterator[str]:
    """Yield the lines of each page under its name; what several pages lack, under the first."""
    seen: set[str] = set()
    for page, texts in pages.items():
        if new := [text for text in texts if text not in seen]:
            yield f"\n# {page.name}"
            yield from (f'{_quoted(text)} = ""' for text in new)
            seen.update(new)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
