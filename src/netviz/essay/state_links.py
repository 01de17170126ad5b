"""Links that show something in a figure: `[the 2s read as 8s](#fig-confusion?cell=2-8)`.

Which states a figure has is known when it has been drawn, and the link may be on another page.
So a text keeps its links, and the site checks them. For readers without script each state that is
linked gets an empty element in its figure, whose id is the end of the address.
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from netviz.errors import Gathering, NetvizError, Place, place_at
from netviz.essay.links import place_of
from netviz.figures.states import Setting, refuse_no_state

STATE_LINK = re.compile(r'href="(?P<page>[^"#:?]*)#(?P<figure>fig-[a-z0-9-]+)\?(?P<state>[^"]*)"')


@dataclass(frozen=True)
class StateLink:
    """A link to a state of a figure: the page's path in the site, the figure's id, where it is.

    `page` is empty where the link leads to a figure of its own page.
    """

    page: str
    figure: str
    state: str
    place: Place


def state_links(made: str, file: Path, text: str) -> tuple[StateLink, ...]:
    """Return the links of the HTML `made` of `text` to states of figures, each once."""
    found = [one.groups() for one in STATE_LINK.finditer(made)]
    return tuple(
        StateLink(
            page=unquote(html.unescape(page)).removeprefix("./"),
            figure=figure,
            state=html.unescape(state),
            place=_place(file, text, figure, [one for one in found if one[1] == figure], number),
        )
        for figure, number, (page, _, state) in _numbered(found)
    )


def _numbered(
    found: Sequence[tuple[str, ...]],
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield each different link with its figure, and its place among all links to that figure."""
    counts: Counter[str] = Counter()
    seen = set()
    for link in found:
        if link not in seen:
            yield link[1], counts[link[1]], link
        seen.add(link)
        counts[link[1]] += 1


def _place(
    file: Path, text: str, figure: str, links: Sequence[tuple[str, ...]], number: int
) -> Place:
    """Return where `text` has the link of this `number` among all `links` to a figure.

    The text may hold a call where the link has a value, so the state itself may not be there.
    """
    starts = [one.start() for one in re.finditer(rf"#{re.escape(figure)}\?", text)]
    if len(starts) == len(links):
        return place_at(file, text, starts[number])
    return place_of(file, text, f"#{figure}?{html.unescape(links[number][2])}")


def states_linked(
    links: Mapping[str, Sequence[StateLink]],
    settings: Mapping[str, Mapping[str, Sequence[Setting]]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the states that any page links to, by the path of the figure's page and its id.

    `links` are those of each page by its path, `settings` those of its figures by their ids. A link
    to a figure that is not there is refused elsewhere.

    Raises:
        EssayError: a figure has no such state.
    """
    faults = Gathering()
    found: dict[tuple[str, str], dict[str, None]] = {}
    for path, of_page in links.items():
        for link in of_page:
            page = link.page or path
            with faults.going_on():
                _refuse(link, settings.get(page, {}))
                found.setdefault((page, link.figure), {})[link.state] = None
    faults.end()
    return {key: tuple(sorted(states)) for key, states in found.items()}


def _refuse(link: StateLink, figures: Mapping[str, Collection[Setting]]) -> None:
    if link.figure not in figures:
        return
    try:
        refuse_no_state(link.state, [*figures[link.figure]], link.figure)
    except NetvizError as error:
        raise error.at(link.place) from None
