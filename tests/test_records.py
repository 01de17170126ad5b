"""Records from plain values: right ones built, wrong ones named."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pytest

from netviz.records import AtMost, BelowOne, Positive, RecordError, Seed, Within, record


@dataclass(frozen=True)
class Inner:
    rate: float = 0.1


@dataclass(frozen=True)
class Outer:
    name: str
    sizes: tuple[int, ...] = ()
    shape: tuple[int, int] = (1, 1)
    kind: Literal["sgd", "adam"] = "sgd"
    unit: int | None = None
    inner: Inner = field(default_factory=Inner)
    table: dict[str, Inner] = field(default_factory=dict)
    which: int | str = 0


def test_lists_numbers_and_tables_become_what_the_annotations_say() -> None:
    built = record(
        Outer,
        {
            "name": "a",
            "sizes": [3, 4],
            "shape": [5, 6],
            "unit": 2,
            "inner": {"rate": 1},
            "table": {"x": {"rate": 0.5}},
        },
    )
    assert built == Outer("a", (3, 4), (5, 6), "sgd", 2, Inner(1.0), {"x": Inner(0.5)})
    assert isinstance(built.inner.rate, float)


@pytest.mark.parametrize("which", [3, "cat"])
def test_a_value_may_be_of_either_kind(which: int | str) -> None:
    assert record(Outer, {"name": "a", "which": which}).which == which


@pytest.mark.parametrize(
    ("values", "path", "message"),
    [
        ({}, (), "'name' is missing"),
        ({"name": 3}, ("name",), "expected a text; got 3"),
        ({"name": "a", "nmae": 1}, ("nmae",), "did you mean name"),
        ({"name": "a", "sizes": 3}, ("sizes",), "expected a list"),
        ({"name": "a", "sizes": ["x"]}, ("sizes",), "expected a whole number; got 'x'"),
        ({"name": "a", "shape": [1]}, ("shape",), "expected 2 values; got 1"),
        ({"name": "a", "kind": "adma"}, ("kind",), "did you mean adam"),
        ({"name": "a", "unit": True}, ("unit",), "expected a whole number; got True"),
        ({"name": "a", "which": 1.5}, ("which",), "expected a whole number or a text; got 1.5"),
        ({"name": "a", "which": True}, ("which",), "expected a whole number or a text; got True"),
        ({"name": "a", "inner": {"rate": "x"}}, ("inner", "rate"), "expected a number"),
        ({"name": "a", "inner": 3}, ("inner",), "expected a table"),
        ({"name": "a", "table": {"x": {"y": 1}}}, ("table", "x", "y"), "unknown setting 'y'"),
    ],
)
def test_a_wrong_value_is_named_with_its_path(
    values: dict[str, Any], path: tuple[str, ...], message: str
) -> None:
    with pytest.raises(RecordError) as caught:
        record(Outer, values)
    assert caught.value.path == path
    assert message in str(caught.value)


@dataclass(frozen=True)
class Limited:
    seed: Seed = 1
    rate: Positive = 0.1
    share: BelowOne | None = None
    sizes: Annotated[tuple[Annotated[int, Within(1, 9)], ...], AtMost(2)] = ()


def test_the_limits_themselves_are_in_range() -> None:
    values = {"seed": 0, "rate": 5e-324, "share": 0, "sizes": [1, 9]}
    assert record(Limited, values) == Limited(0, 5e-324, 0.0, (1, 9))
    assert record(Limited, {"seed": 2**31 - 1, "share": None}).share is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"seed": -1}, "'seed' is out of range; expected 0 to 2147483647; got -1"),
        ({"seed": 10**5000}, "'seed' is out of range; expected 0 to 2147483647; got a larger"),
        ({"rate": 0}, "'rate' is out of range; expected more than 0; got 0.0"),
        ({"rate": float("nan")}, "'rate' is out of range; expected more than 0; got nan"),
        ({"rate": float("inf")}, "'rate' is out of range; expected more than 0; got inf"),
        ({"rate": "1"}, "'rate' has the wrong type; expected a number"),
        ({"rate": 10**400}, "'rate' is too large for a number; got 1000"),
        ({"share": 10**400}, "'share' is too large for a number; got 1000"),
        ({"share": 1}, "'share' is out of range; expected 0 or more, and less than 1; got 1.0"),
        ({"sizes": [0]}, "'sizes' is out of range; expected 1 to 9; got 0"),
        ({"sizes": [1, 2, 3]}, "'sizes' has too many entries; expected at most 2; got 3"),
    ],
)
def test_a_value_beyond_its_limits_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(RecordError) as caught:
        record(Limited, values)
    assert message in str(caught.value)
    assert caught.value.path == tuple(values)


def test_marks_that_are_no_limits_are_left_to_others() -> None:
    @dataclass(frozen=True)
    class Marked:
        size: Annotated[int, "in pixels", Within(1, 9)]

    assert record(Marked, {"size": 3}) == Marked(3)
    with pytest.raises(RecordError, match="'size' is out of range"):
        record(Marked, {"size": 10})
