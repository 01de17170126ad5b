"""What a reader can take from a figure: its address, a page of its own, a citation, its numbers."""

import re
import unicodedata
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from netviz.essay.addresses import published_path
from netviz.essay.figure_calls import FigureCall
from netviz.essay.front_matter import FrontMatter
from netviz.essay.languages import Language

HEIGHT = 600  # CSS pixels of a frame around which no script asks for the figure's height
# What BibTeX and LaTeX read as marks of their own.
LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", **{mark: f"\\{mark}" for mark in "#$%&_"},
}  # fmt: skip
NOT_IN_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Offer:
    """What a figure's menu holds besides the link to the figure and the figure's own files.

    Attributes:
        citation: the citation as a line.
        bibtex: the same as an entry for BibTeX.
        embed: the path in the site of the figure's own page; empty where there is none.
        code: the HTML that shows that page on another site; empty where its address is not known.
        is_measured: whether `measurements.json` has numbers of it.
    """

    citation: str = ""
    bibtex: str = ""
    embed: str = ""
    code: str = ""
    is_measured: bool = False


NOTHING = Offer()


@dataclass(frozen=True)
class FigurePlace:
    """Where figures are: on the page at `path` of the site at `site_url`, if that is known."""

    front: FrontMatter
    language: Language
    path: str
    site_url: str

    def offer(self, call: FigureCall, embed: str = "", *, is_measured: bool = False) -> Offer:
        """Return what a figure offers, whose own page, if it has one, is at the path `embed`."""
        page = quote(published_path(self.path))
        url = f"{self.site_url}{page}#{call.id}" if self.site_url else ""
        figure = f"{self.language.text('Figure')} {call.number}"
        return Offer(
            citation=_citation(self.front, figure, url),
            bibtex=_bibtex(
                _key(self.front.title, self.path, call.id),
                self.front,
                f"{self.front.title}, {figure}",
                url,
            ),
            embed=embed,
            code=self._code(f"{figure}: {self.front.title}", embed),
            is_measured=is_measured,
        )

    def _code(self, title: str, embed: str) -> str:
        if not (embed and self.site_url):
            return ""
        return (
            f'<iframe class="netviz" src="{escape(self.site_url + quote(embed))}" '
            f'title="{escape(title)}" width="100%" height="{HEIGHT}" loading="lazy"></iframe>'
        )


def _citation(front: FrontMatter, figure: str, url: str) -> str:
    parts = [", ".join(front.authors), f"“{front.title}”", figure, front.date]
    return f"{', '.join(parts)}. {url}".strip()


def _key(title: str, path: str, figure_id: str) -> str:
    """Return a key for BibTeX, in letters that all its kinds can read.

    Of two entries of one key BibTeX drops one. So where letters of the title are lost, as all are
    of a Japanese one, the name of the page tells pages apart.
    """
    plain = unicodedata.normalize("NFKD", title)
    is_whole = all(not sign.isalnum() or sign.isascii() for sign in plain)
    parts = [plain, *([] if is_whole else [path.removesuffix(".html")]), figure_id]
    return "-".join(filter(None, (_key_part(part) for part in parts)))


def _key_part(text: str) -> str:
    bare = "".join(sign for sign in text if not unicodedata.combining(sign))
    return NOT_IN_KEY.sub("-", bare.lower()).strip("-")


def _bibtex(key: str, front: FrontMatter, title: str, url: str) -> str:
    """Return an entry in which each name, of a person or a group, stays as it is written."""
    fields = {
        "title": f"{{{_latex(title)}}}",
        "author": " and ".join(f"{{{_latex(author)}}}" for author in front.authors),
        "date": front.date,
        "year": front.date[:4],
        "url": url.replace("{", "%7B").replace("}", "%7D"),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _latex(text: str) -> str:
    return "".join(LATEX.get(sign, sign) for sign in text)
