"""An author's markdown as a page's text: figures noted, values written, claims checked.

Jinja runs first, in a sandbox, since essays come from strangers too (`essay/vocabulary.py` is what
it may call); then markdown becomes HTML, which is checked. Every fault names its file and line.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import BytecodeCache, TemplateSyntaxError, UndefinedError

from netviz.errors import EssayError, EssayGroupError, Place, each
from netviz.essay.claims import Claim, ClaimReader, ClaimTag
from netviz.essay.comments import OpenCommentError
from netviz.essay.figure_calls import FigureCall
from netviz.essay.figure_lines import with_figures_apart
from netviz.essay.front_matter import FrontMatter, split_front_matter
from netviz.essay.languages import Language, Languages
from netviz.essay.links import FarFigure, OwnFile, far_figures, own_files, with_marks
from netviz.essay.markup import (
    BracketError,
    Dialect,
    Heading,
    IdError,
    Markup,
    ReferenceError,  # noqa: A004 - ours, of figures
    caption_html,
    to_html,
)
from netviz.essay.math import MathError
from netviz.essay.measurements import Measurements
from netviz.essay.places import Source, read_text
from netviz.essay.policy import Policy, our_policy
from netviz.essay.raw_html import refuse_raw_html
from netviz.essay.sandbox import Sandbox
from netviz.essay.state_links import StateLink, state_links
from netviz.essay.steps import StepsTag, with_steps
from netviz.essay.structure import refuse_first_headings, refuse_loose_notes, refuse_open
from netviz.essay.template_errors import FAULTS, template_error
from netviz.essay.unmeasured import UnmeasuredError
from netviz.essay.unseen import refuse_in_attributes, refuse_in_code, unseen
from netviz.essay.vocabulary import QUOTED, Vocabulary
from netviz.figures.registry import Registry
from netviz.limits import within_limits

BRACES = (
    "Where the braces are just braces, put {% raw %} and {% endraw %} around them, or write"
    " jinja: false in the front matter."
)


@dataclass(frozen=True)
class Manuscript:
    """An essay's text as HTML with a marker for each figure.

    `own_files` are files beside the text that it shows or links, `far_figures` its references to
    figures of other pages, `state_links` what it shows in figures.
    """

    front: FrontMatter
    html: str
    headings: tuple[Heading, ...]
    words: int
    calls: tuple[FigureCall, ...]
    claims: tuple[Claim, ...]
    keys: frozenset[str]
    language: Language
    own_files: tuple[OwnFile, ...] = ()
    far_figures: tuple[FarFigure, ...] = ()
    state_links: tuple[StateLink, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all headings in their order, which are also those of a translation's."""
        return tuple(name for heading in self.headings for name in heading.ids)

    @property
    def ties(self) -> str:
        """All of the text that one of its translations depends on."""
        verdicts = [(claim.holds, claim.values, claim.shown) for claim in self.claims]
        return repr((self.ids, verdicts))

    @property
    def is_measured(self) -> bool:
        """Whether the page shows anything that was measured when it was built."""
        return bool(self.calls or self.claims or self.keys)


@dataclass(frozen=True)
class Translation:
    """What a text is when it says in the language `tag` what `original` says."""

    tag: str
    original: Manuscript

    @property
    def stamp(self) -> tuple[str, str]:
        """What changes when the translation has to be read again."""
        return self.tag, self.original.ties


@within_limits
def read_manuscript(  # noqa: PLR0913 - a text, what it may call, and its language
    file: Path,
    measurements: Measurements,
    registry: Registry,
    *,
    strict: bool = True,
    pages: Collection[str] = (),
    languages: Languages | None = None,
    translation: Translation | None = None,
    policy: Policy | None = None,
    compiled: BytecodeCache | None = None,
) -> Manuscript:
    """Read the markdown `file`, which may link to `pages`, the essay's markdown files by name.

    `policy` is that of its page, ours where none is given; `compiled` keeps what Jinja makes of it.

    Its language is that of its front matter, or of `translation`; `languages` know its numbers.

    Claims are checked where `strict`, and every value must have been measured. The sample is too
    small for that, so a page built from it, which says so at its top, only keeps the verdicts.

    Raises:
        EssayError: front matter, Jinja, markdown, HTML, a figure call, a number or a formula is
            wrong, or a claim does not hold; the error names file and line.
    """
    try:
        text = read_text(file)
    except FileNotFoundError:
        raise EssayError("the essay has no text", place=Place(file), expected="this file") from None
    front, body, first_line = split_front_matter(file, text)
    if translation is not None:
        front = replace(front, language=translation.tag)
    language = (languages or Languages()).find(front.language, file.name)
    original = translation.original if translation else None
    source = Source(file, text, first_line)
    claims = ClaimReader(source, original.claims if original else None)
    vocabulary = Vocabulary(source, measurements, registry, language, claims, strict=strict)
    faults = vocabulary.faults
    with faults.going_on():
        expanded = _expanded(body, vocabulary, front, compiled) if front.jinja else body
        for fault in claims.faults(strict=strict):
            faults.add(fault)
        settling = _Settling(source, original, pages, policy or our_policy())
        read = settling.settled(expanded, front, vocabulary)
    try:
        faults.end()
    except EssayError as error:
        each(error)[0].calls = tuple(vocabulary.figures.calls)
        raise
    return read


def _expanded(
    body: str, vocabulary: Vocabulary, front: FrontMatter, compiled: BytecodeCache | None
) -> str:
    """Return the markdown that the Jinja of a text's `body` writes."""
    source = vocabulary.source
    functions = {**vocabulary.functions, "page": front}
    jinja = Sandbox(functions, [ClaimTag, StepsTag], strict=vocabulary.strict)
    try:
        return jinja.render_text(body, "/".join(source.file.resolve().parts[-2:]), compiled)
    except OpenCommentError as error:
        raise EssayError(
            str(error),
            place=source.body_start(error.start, body),
            expected="#}",
            remedy=BRACES,
        ) from None
    except UnmeasuredError as error:
        raise EssayError(
            "a number that could not be measured is written into the text",
            place=source.find_in_tags(jinja.line_of(error), ["number"]),
            expected="a measured one",
            got=str(error),
            remedy='Write it only where there is one: {% if number("KEY") >= 0 %}…{% endif %}.',
        ) from None
    except FAULTS as error:
        place = source.find_in_tags(jinja.line_of(error), QUOTED.findall(str(error)))
        remedy = BRACES if isinstance(error, (TemplateSyntaxError, UndefinedError)) else None
        raise template_error(error, place, "the template code", remedy) from None


@dataclass(frozen=True)
class _Settling:
    """How the text `source` becomes a page's HTML: what it translates and may link to, and the
    policy of its page.
    """

    source: Source
    original: Manuscript | None
    pages: Collection[str]
    policy: Policy

    def settled(self, expanded: str, front: FrontMatter, vocabulary: Vocabulary) -> Manuscript:
        """Return the manuscript that the text `expanded` by Jinja makes."""
        file, text, original = self.source.file, self.source.text, self.original
        calls = vocabulary.figures.calls
        dialect = Dialect(
            figure_numbers=vocabulary.figures.numbers,
            pages=self.pages,
            say=vocabulary.language.text,
            ids=original.ids if original else (),
        )
        refuse_open(file, text)
        refuse_in_code(expanded, calls)
        expanded = with_figures_apart(expanded, {call.marker: call.place for call in calls})
        refuse_loose_notes(file, text, expanded)
        markup = self._converted(expanded, dialect)
        refuse_first_headings(file, text, markup.headings)
        calls = [self._with_caption(call, dialect) for call in calls]
        refuse_raw_html(_all_html(markup.html, calls), vocabulary.issued, self.policy, file, text)
        hidden = list(unseen(markup.html, vocabulary.claims, calls))
        for fault in hidden:
            vocabulary.faults.add(fault)
        if not hidden:
            refuse_in_attributes(markup.html, file)
        html = with_marks(with_steps(markup.html), file, text, self.pages)
        calls = [self._with_marks(call) for call in calls]
        marked = _all_html(html, calls)
        read = Manuscript(
            front=front,
            html=html,
            headings=markup.headings,
            words=markup.words,
            calls=tuple(calls),
            claims=tuple(vocabulary.claims.claims),
            keys=frozenset(vocabulary.keys),
            language=vocabulary.language,
            own_files=own_files(marked, file, text),
            far_figures=far_figures(marked, file, text),
            state_links=state_links(marked, file, text),
        )
        if original is not None:
            _refuse_other_headings(read, original, file)
        return read

    def _converted(self, expanded: str, dialect: Dialect) -> Markup:
        """Return the HTML of `expanded`; errors get the place in the text that it was made of."""
        find = self.source.find
        try:
            return to_html(expanded, dialect)
        except MathError as error:
            raise error.at(self.source.find_formula(error.formula)) from None
        except BracketError as error:
            raise error.at(find(error.start)) from None
        except IdError as error:
            raise error.at(self.source.find_id(error.name)) from None
        except ReferenceError as error:
            raise error.at(find(error.link, after="](")) from None
        except EssayGroupError as error:
            for fault in error.faults:
                if isinstance(fault, ReferenceError):
                    fault.at(find(fault.link, after="]("))
            raise EssayGroupError(error.faults) from None

    def _with_caption(self, call: FigureCall, dialect: Dialect) -> FigureCall:
        """Return a call with its author's caption as HTML."""
        if call.caption is None:
            return call
        try:
            return replace(call, caption=caption_html(call.caption, dialect))
        except MathError as error:
            raise error.at(self.source.find_formula(error.formula)) from None
        except ReferenceError as error:
            raise error.at(self.source.find(error.link, after="](")) from None
        except EssayError as error:
            raise error.at(call.place) from None

    def _with_marks(self, call: FigureCall) -> FigureCall:
        """Return a call with marks for the files that its caption shows or links."""
        if call.caption is None:
            return call
        file, text = self.source.file, self.source.text
        return replace(call, caption=with_marks(call.caption, file, text, self.pages))


def _all_html(html: str, calls: Iterable[FigureCall]) -> str:
    """Return the HTML of a text and of its authors' captions."""
    return "\n".join([html, *(call.caption for call in calls if call.caption)])


def _refuse_other_headings(read: Manuscript, original: Manuscript, file: Path) -> None:
    if len(read.ids) != len(original.ids):
        raise EssayError(
            "a translation has the headings of its original, in the same order",
            place=Place(file),
            expected=f"{len(original.ids)} headings",
            got=str(len(read.ids)),
        )
