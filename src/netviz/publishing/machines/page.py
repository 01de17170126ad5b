"""A page as markdown: `index.md` beside `index.html`, for those who read no HTML."""

from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import quote

from netviz.essay.addresses import published_path
from netviz.essay.figure_texts import FigureText
from netviz.essay.languages import Language
from netviz.essay.manuscript import Manuscript
from netviz.essay.markup import split
from netviz.essay.page import Publication, Version
from netviz.essay.saying import said_in
from netviz.essay.sources import DataSource
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.publishing.machines.markdown import Writer
from netviz.publishing.machines.signs import line_sign, link_sign, text_sign


def markdown_path(page: str) -> str:
    """Return the path in the site of the markdown of the page at the path `page`."""
    return page.removesuffix(".html") + ".md"


def page_markdown(
    manuscript: Manuscript, figures: Sequence[FigureText], around: Publication
) -> str:
    """Return the page as markdown: its text, its figures in words, and where its data are from."""
    addressed = partial(site_address, around)
    write = Writer(addressed=addressed)
    blocks = {one.id: _figure(one, manuscript, around, write) for one in figures}
    text = Writer(blocks, addressed).text(manuscript.html)
    parts = [*_head(manuscript, around), text, *_foot(manuscript, around)]
    return "\n\n".join(parts) + "\n"


def site_address(around: Publication, address: str) -> str:
    """Return an address on the page `around` as one that holds beside it, or anywhere.

    It is a full one where it is known where the site is published.
    """
    parts = split(address)
    if parts is None or address.startswith("/"):
        return address
    whole = address if parts.path else quote(around.path) + address
    path, mark, fragment = whole.partition("#")
    if around.site_url:
        path = around.site_url + published_path(path)
    return path + mark + fragment


def file_address(around: Publication, path: str) -> str:
    """Return the address of the file of the site at `path`, as `site_address` gives it."""
    return site_address(around, quote(path))


def notices(manuscript: Manuscript, around: Publication) -> Iterator[str]:
    """Yield what a page says of itself before its text, as its template does."""
    if around.is_sample and manuscript.is_measured:
        yield sample_notice(manuscript.language)
    if manuscript.front.draft:
        yield f"> {draft_mark(manuscript.language)}"


def sample_notice(language: Language) -> str:
    """Return what is said of networks that saw the bundled sample alone."""
    warning = (
        "The networks on this page saw a few hundred images, not the tens of thousands of the "
        "real data sets, so its numbers mean little and its claims are not enforced."
    )
    say = language.text
    return f"> **{text_sign(say('Built from a small sample.'))}** {text_sign(say(warning))}"


def draft_mark(language: Language) -> str:
    """Return what is said of a draft."""
    return f"**{text_sign(language.text('This page is a draft.'))}**"


def source_words(source: DataSource, manuscript: Manuscript) -> str:
    """Return what there is to say of a data set besides its name and its address."""
    say = manuscript.language.text
    licence = say(source.licence) if source.is_ours else source.licence
    other = "" if source.is_link else source.homepage
    return " ".join(text_sign(part) for part in (source.citation, licence, other) if part)


def _head(manuscript: Manuscript, around: Publication) -> Iterator[str]:
    front = manuscript.front
    yield f"# {text_sign(front.title)}"
    if front.subtitle:
        yield f"*{text_sign(front.subtitle)}*"
    written = (*front.authors, manuscript.language.day(front.date))
    page = link_sign(text_sign(around.path), file_address(around, around.path))
    yield line_sign(" · ".join([*map(text_sign, written), page]))
    if others := [one for one in around.versions if one.path != around.path]:
        yield line_sign(" · ".join(_version(one, around) for one in others))
    yield from notices(manuscript, around)


def _version(version: Version, around: Publication) -> str:
    """Return the link to the markdown of the page in another language."""
    return link_sign(text_sign(version.name), file_address(around, markdown_path(version.path)))


def _figure(text: FigureText, manuscript: Manuscript, around: Publication, write: Writer) -> str:
    """Return a figure as its number, which leads to it, its finding and its caption."""
    named = f"{manuscript.language.text('Figure')} {text.number}"
    link = link_sign(text_sign(named), site_address(around, f"#{text.id}"))
    caption = " ".join([write.line(text.caption), *map(text_sign, text.learnt)])
    return f"> **{link}.** {text_sign(text.finding)}\n>\n> {line_sign(caption)}"


def _foot(manuscript: Manuscript, around: Publication) -> Iterator[str]:
    if not manuscript.is_measured:
        return
    say = manuscript.language.text
    measured = text_sign(say("Every number on this page was measured when it was built:"))
    yield "---"
    yield f"{measured} {link_sign(MEASUREMENTS_NAME, file_address(around, MEASUREMENTS_NAME))}."
    if around.sources:
        yield text_sign(say("Where the data come from:"))
        yield "\n".join(_source(source, manuscript) for source in around.sources)


def _source(source: DataSource, manuscript: Manuscript) -> str:
    link = link_sign(text_sign(source.homepage), source.homepage) if source.is_link else ""
    title = f"**{text_sign(said_in(manuscript.language, source.title))}.**"
    words = source_words(source, manuscript)
    return "- " + " ".join(part for part in (title, words, link) if part)
