"""The site's pages and data in one list, `llms.txt`, as llmstxt.org proposes it."""

from collections.abc import Iterator, Mapping

from netviz.essay.manuscript import Manuscript
from netviz.essay.page import Publication
from netviz.essay.saying import said_in
from netviz.essay.sources import DataSource
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.publishing.machines.page import (
    draft_mark,
    file_address,
    markdown_path,
    sample_notice,
    source_words,
)
from netviz.publishing.machines.signs import link_sign, text_sign

LIST_NAME = "llms.txt"


def site_list(
    manuscripts: Mapping[str, Manuscript], surroundings: Mapping[str, Publication]
) -> str:
    """Return the list of a site, in the language of its first page.

    `manuscripts` are its texts by the path of their page, the first one foremost, and
    `surroundings` what is around each.
    """
    first = next(iter(manuscripts.values()))
    is_measured = any(one.is_measured for one in manuscripts.values())
    is_sample = is_measured and any(around.is_sample for around in surroundings.values())
    parts = [
        f"# {text_sign(first.front.title)}",
        f"> {text_sign(first.front.description)}",
        *([sample_notice(first.language)] if is_sample else []),
        *_pages(first, manuscripts, surroundings),
        *_data(first, manuscripts, surroundings),
    ]
    return "\n\n".join(parts) + "\n"


def _pages(
    first: Manuscript,
    manuscripts: Mapping[str, Manuscript],
    surroundings: Mapping[str, Publication],
) -> Iterator[str]:
    """Yield a section of pages for each language, that of the first page foremost."""
    sections: dict[str, list[str]] = {}
    for path, one in manuscripts.items():
        other = one.language.tag != first.language.tag
        heading = one.language.catalogue.name or one.language.tag
        section = sections.setdefault(heading if other else first.language.text("Pages"), [])
        address = file_address(surroundings[path], markdown_path(path))
        words = text_sign(one.front.description)
        if one.front.draft:
            words += f" {draft_mark(one.language)}"
        section.append(_entry(one.front.title, address, words))
    for heading, entries in sections.items():
        yield f"## {text_sign(heading)}"
        yield "\n".join(entries)


def _data(
    first: Manuscript,
    manuscripts: Mapping[str, Manuscript],
    surroundings: Mapping[str, Publication],
) -> Iterator[str]:
    """Yield what was measured, and the data sets of all pages with their licences."""
    say = first.language.text
    around = next(iter(surroundings.values()))
    if any(one.is_measured for one in manuscripts.values()):
        words = text_sign(say("Every number of these pages, as it was measured"))
        yield f"## {text_sign(say('Measurements'))}"
        yield _entry(MEASUREMENTS_NAME, file_address(around, MEASUREMENTS_NAME), words)
    sources = dict.fromkeys(source for one in surroundings.values() for source in one.sources)
    if sources:
        yield f"## {text_sign(say('Data sets'))}"
        yield "\n".join(_source(source, first) for source in sources)


def _source(source: DataSource, first: Manuscript) -> str:
    title = said_in(first.language, source.title)
    address = source.homepage if source.is_link else ""
    return _entry(title, address, source_words(source, first))


def _entry(title: str, address: str, words: str) -> str:
    entry = f"- {link_sign(text_sign(title), address)}"
    return f"{entry}: {words}" if words else entry
