"""Errors: one message with every part, kept whole across processes."""

import pickle

from netviz.errors import DataError, EssayError, NetvizError, Place, nearest_name


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
