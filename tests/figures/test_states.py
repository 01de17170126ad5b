"""What a reader can set in a figure, as an address writes it."""

import json

import pytest

from netviz.errors import EssayError
from netviz.figures.states import (
    Setting,
    cells,
    choice,
    counted,
    refuse_no_state,
    settings_of,
    several,
    states_json,
    words,
)

SETTINGS = (
    cells("cell", ["2", "8"], ["2", "8"]),
    choice("images", ["surest", "random"]),
    several("off", ["1", "4"]),
)


def test_a_cell_is_named_by_its_row_and_its_column() -> None:
    assert list(SETTINGS[0].values) == ["2-2", "2-8", "8-2", "8-8"]


def test_names_become_words_that_no_hyphen_parts() -> None:
    assert words(["T-shirt/top", "Año", "#", "??"]) == ("t_shirt_top", "año", "__3", "__4")


def test_names_that_would_be_one_word_are_numbered() -> None:
    assert words(["a b", "c", "A-B"]) == ("a_b_1", "c", "a_b_3")


def test_a_page_gets_settings_in_their_order_and_gives_them_back() -> None:
    settings = (
        *SETTINGS,
        choice("point", ["none", *map(str, range(300))]),
        choice("n", counted(3)),
    )
    stored = json.dumps(states_json(settings))
    assert "0~299" in stored
    assert settings_of(json.loads(stored)) == settings


@pytest.mark.parametrize(
    "settings",
    [
        [choice("a b", ["1"])],
        [choice("a", ["1&2"])],
        [choice("a", ["x y"])],
        [choice("a", ["1", "1"])],
        [choice("a", ["1"]), choice("a", ["2"])],
    ],
)
def test_what_no_address_could_tell_is_no_setting(settings: list[Setting]) -> None:
    with pytest.raises(ValueError, match=r"address|alike|one name"):
        states_json(settings)


@pytest.mark.parametrize(
    "state", ["cell=2-8", "images=random&cell=8-8", "off=4", "off=1,4", "off=4,1"]
)
def test_a_state_that_the_figure_has_is_let_through(state: str) -> None:
    refuse_no_state(state, SETTINGS, "fig-a")


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("cells=2-8", "no setting 'cells'; expected one of cell, images, off; did you mean cell?"),
        ("cell=2-9", "no 'cell' of '2-9'; expected one of 2-2, 2-8, 8-2, 8-8; did you mean 2-8?"),
        ("cell", "no 'cell' of ''"),
        ("cell=2-8&cell=8-8", "given 'cell' twice"),
        ("cell=2-8,8-8", "no 'cell' of '2-8,8-8'"),
        ("off=1,1", "no 'off' of '1,1'; expected several of 1, 4"),
        ("", "no setting ''"),
    ],
)
def test_another_is_refused_with_what_there_is(state: str, message: str) -> None:
    with pytest.raises(EssayError) as caught:
        refuse_no_state(state, SETTINGS, "fig-a")
    assert message in str(caught.value)


def test_a_figure_without_settings_says_so() -> None:
    with pytest.raises(EssayError, match="expected no state"):
        refuse_no_state("cell=2-8", (), "fig-a")


def test_many_values_are_listed_in_part() -> None:
    with pytest.raises(EssayError, match=r"1, 2, .*, 12 and 88 more"):
        refuse_no_state("image=0", [choice("image", counted(100))], "fig-a")
