"""Errors: one message with every part, kept whole across processes."""

import pickle
import unicodedata

import pytest

from netviz.errors import (
    DataError,
    EssayError,
    NetvizError,
    Place,
    first_few,
    listed,
    nearest_name,
    visible,
)

HIDDEN = {
    "\x1b[2J\x1b]0;pwned\x07": "\\x1b[2J\\x1b]0;pwned\\x07",
    "a\nb\r\tc": "a\\nb\\r\\tc",
    "\u202egnp.exe\u2066\u200f": "\\u202egnp.exe\\u2066\\u200f",
    "\u2028\u2029\x85\x9b31m": "\\u2028\\u2029\\x85\\x9b31m",
    "\udcff.md": "\\udcff.md",
    "\U000e0041\ufeff\u200b": "\\U000e0041\\ufeff\\u200b",
}


def test_a_message_holds_every_part_in_order() -> None:
    error = EssayError(
        "unknown figure 'wieghts'",
        place=Place("essay/index.md", 12, 3),
        expected="one of weights",
        got="'wieghts'",
        nearest="weights",
        remedy="Correct the word.",
    )
    assert str(error) == (
        "essay/index.md:12:3: unknown figure 'wieghts'; expected one of weights; "
        "got 'wieghts'; did you mean weights? Correct the word."
    )


def test_parts_that_are_not_known_leave_no_trace() -> None:
    assert str(NetvizError("the disk is full", remedy="Free some.")) == (
        "the disk is full. Free some."
    )


def test_an_error_from_a_worker_process_keeps_its_kind_and_parts() -> None:
    error = DataError("truncated", place=Place("a.idx"), expected="16 bytes", got="3")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - what multiprocessing does
    assert type(copy) is DataError
    assert str(copy) == str(error)


def test_a_place_is_given_only_once() -> None:
    error = EssayError("wrong").at(Place("a.md", 1))
    assert str(error.at(Place("b.md", 2))) == "a.md:1: wrong"


def test_the_nearest_name_is_found_and_far_ones_are_not() -> None:
    assert nearest_name("confusoin_matrix", ["weights", "confusion_matrix"]) == "confusion_matrix"
    assert nearest_name("zzz", ["weights"]) is None


def test_only_the_names_that_are_left_out_are_counted() -> None:
    assert listed([], 2) == ""
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"


def test_names_that_are_left_out_leave_an_ellipsis() -> None:
    assert first_few(["a", "b"], 2) == "a, b"
    assert first_few(["a", "b", "c"], 2) == "a, b, …"


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
def test_what_a_terminal_would_obey_or_hide_is_written_visibly(text: str) -> None:
    assert visible(text) == HIDDEN[text]
    assert visible(visible(text)) == HIDDEN[text]


@pytest.mark.slow
def test_no_control_or_mark_of_direction_is_left_of_any_character() -> None:
    left = {char for char in map(chr, range(0x110000)) if char in visible(char)}
    kinds = {unicodedata.category(char) for char in left}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@pytest.mark.parametrize(
    "text", ["plain", "“Ünïcode” – 日本語 العربية 👍", "3\u202f000 %\xa0", "a\\b"]
)
def test_what_is_seen_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
def test_every_part_of_a_message_is_written_visibly(text: str) -> None:
    parts = dict.fromkeys(("expected", "got", "nearest", "remedy"), text)
    message = str(NetvizError(text, place=Place(text, 1), **parts))
    assert message.isprintable()
    assert message.count(HIDDEN[text]) == 6
