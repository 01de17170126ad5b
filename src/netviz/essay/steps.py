"""Steps: a figure that stays in view while the text beside it sets its state.

`{% steps %}…{% endsteps %}` holds one figure and the paragraphs that drive it. The step of a
paragraph is its first link to a state of the figure, so there is no second syntax for states:
without script it is an ordinary link.
"""

import re
from collections.abc import Callable

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from netviz.errors import EssayError, Place
from netviz.essay.markup import FIGURE_MARKER
from netviz.essay.places import Source

STEPS = "0steps"  # which no author can write (see sandbox.py)
STATE_LINK = re.compile(r"\]\(#(fig-[a-z0-9-]+)\?")
MARKER = re.compile(r'<div class="nv-steps-(?P<edge>begin|end)" id="nv-steps-\d+(?:-end)?"></div>')
EDGES = {"begin": '<div class="nv-steps">', "end": "</div>"}
FIGURE_ID = re.compile(r'id="([^"]*)"')


class StepsTag(Extension):
    """`{% steps %}` a figure and the paragraphs that drive it `{% endsteps %}`."""

    tags = {"steps"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endsteps",), drop_needle=True)
        end = nodes.Call(nodes.Name(STEPS, "load"), [], [], None, None)
        return nodes.CallBlock(end.set_lineno(line), [], [], body).set_lineno(line)


class StepsReader:
    """Reads the steps of one text; `markers` mark their edges in the markdown."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.markers: list[str] = []

    def end(self, line: int, caller: Callable[[], str]) -> str:
        """Return the figure and its paragraphs between two markers.

        Raises:
            EssayError: there is not one figure, or no link to a state of it.
        """
        body = caller()
        place = Place(self.source.file, self.source.file_line(line))
        figures = re.findall(FIGURE_MARKER, body)
        if len(figures) != 1:
            raise EssayError(
                "steps are those of one figure",
                place=place,
                expected="one call of a figure between {% steps %} and {% endsteps %}",
                got=str(len(figures)),
            )
        found = FIGURE_ID.search(figures[0])
        name = found[1] if found else ""
        if name not in STATE_LINK.findall(body):
            raise EssayError(
                f"no step sets the figure {name!r}",
                place=place,
                expected=f"a paragraph with a link such as [words](#{name}?setting=value)",
            )
        number = len(self.markers) // 2 + 1
        begin = f'<div class="nv-steps-begin" id="nv-steps-{number}"></div>'
        end = f'<div class="nv-steps-end" id="nv-steps-{number}-end"></div>'
        self.markers += [begin, end]
        return f"\n\n{begin}\n\n{body.strip()}\n\n{end}\n\n"


def with_steps(html: str) -> str:
    """Return the HTML of a text with an element around the figure and paragraphs of steps."""
    return MARKER.sub(lambda found: EDGES[found["edge"]], html)
