"""Links that show something in a figure, found in a text and checked against the drawn figures."""

from pathlib import Path

import pytest

from netviz.errors import EssayError, EssayGroupError, Place
from netviz.essay.state_links import StateLink, state_links, states_linked
from netviz.figures.states import cells, choice

FILE = Path("index.md")
SETTINGS = {"index.html": {"fig-a": [cells("cell", "01", "01"), choice("images", ["few", "all"])]}}


def link(state: str, page: str = "", line: int = 1) -> StateLink:
    return StateLink(page, "fig-a", state, Place(FILE, line))


def test_a_link_is_found_with_its_state_and_its_place() -> None:
    text = "One\n\n[two](#fig-a?cell=0-1&images=all)"
    made = '<a class="nv-shows" href="#fig-a?cell=0-1&amp;images=all">two</a>'
    (found,) = state_links(made, FILE, text)
    assert (found.page, found.figure, found.state) == ("", "fig-a", "cell=0-1&images=all")
    assert found.place == Place(FILE, 3, 7)


def test_a_link_made_by_a_call_is_found_at_the_call() -> None:
    text = "[one](#fig-a?cell=0-0)\n\n[two](#fig-a?cell={{ number('a') }}-1)"
    made = '<a href="#fig-a?cell=0-0">one</a> <a href="#fig-a?cell=0-1">two</a>'
    assert [one.place.line for one in state_links(made, FILE, text)] == [1, 3]


def test_a_link_to_another_page_names_it() -> None:
    (found,) = state_links('<a href="notes.html#fig-a?cell=0-0">x</a>', FILE, "")
    assert found.page == "notes.html"


def test_a_link_to_a_figure_itself_asks_for_no_state() -> None:
    assert state_links('<a href="#fig-a">x</a> <a href="?cell#fig-a">x</a>', FILE, "") == ()


def test_states_are_gathered_by_the_page_and_the_figure_that_they_are_of() -> None:
    links = {
        "index.html": [link("cell=0-1"), link("cell=0-0"), link("cell=0-1")],
        "notes.html": [link("images=all", page="index.html")],
    }
    found = states_linked(links, SETTINGS)
    assert found == {("index.html", "fig-a"): ("cell=0-0", "cell=0-1", "images=all")}


def test_a_state_that_is_not_there_is_refused_at_its_line() -> None:
    with pytest.raises(EssayError) as caught:
        states_linked({"index.html": [link("cell=0-2", line=7)]}, SETTINGS)
    assert str(caught.value) == (
        "index.md:7: fig-a has no 'cell' of '0-2'; expected one of 0-0, 0-1, 1-0, 1-1;"
        " did you mean 0-1?"
    )


def test_all_that_are_not_there_are_told_at_once() -> None:
    with pytest.raises(EssayGroupError) as caught:
        states_linked({"index.html": [link("cell=0-2"), link("cel=0-0")]}, SETTINGS)
    assert len(caught.value.faults) == 2
