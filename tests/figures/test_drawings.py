"""What a figure's arguments say that it reads, and what becomes of its drawing until the page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from netviz.errors import EssayError
from netviz.figures.drawings import as_json, checked, placed
from netviz.figures.figure import (
    Asset,
    Config,
    DatasetName,
    Drawing,
    NetworkName,
    References,
    SeededNetworkName,
    SweepName,
    references,
)
from netviz.figures.registry import FigureFolder
from netviz.records import record


@dataclass(frozen=True)
class Panel:
    network: NetworkName
    title: str = ""


@dataclass(frozen=True)
class Arguments:
    network: NetworkName
    dataset: DatasetName | None = None
    others: tuple[NetworkName, ...] = ()
    sweeps: tuple[SweepName, ...] | None = None
    pair: tuple[NetworkName, int] | None = None
    seeded: tuple[SeededNetworkName, ...] = ()
    colour: str = "blue"
    unit: int | str = 0
    panel: Panel = field(default_factory=lambda: Panel("p"))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, References(networks=("a", "p"))),
        ({"dataset": "d"}, References(networks=("a", "p"), datasets=("d",))),
        ({"others": ["b", "a"]}, References(networks=("a", "b", "p"))),
        ({"sweeps": ["s", "t"]}, References(networks=("a", "p"), sweeps=("s", "t"))),
        ({"seeded": ["a", "b"]}, References(networks=("a", "b", "p"), seeds=("a", "b"))),
        ({"pair": ["c", 3]}, References(networks=("a", "c", "p"))),
        ({"panel": {"network": "q", "title": "t"}}, References(networks=("a", "q"))),
        ({"colour": "red", "unit": "cat"}, References(networks=("a", "p"))),
    ],
)
def test_the_types_of_arguments_say_what_is_read(values: dict[str, Any], found: References) -> None:
    assert references(record(Arguments, {"network": "a", **values})) == found


def test_an_asset_is_kept_by_its_name_and_given_its_address() -> None:
    config: Mapping[str, Config] = {"a": [Asset("one"), {"b": Asset("two")}], "c": ("d", 1, None)}
    kept = json.loads(json.dumps(as_json(Drawing("F.", "C.", config=config))))["config"]
    shown = placed(kept, lambda name: f"pictures/{name}", str)
    assert shown == {"a": ["pictures/one", {"b": "pictures/two"}], "c": ["d", 1, None]}


def test_what_looks_like_an_asset_is_refused() -> None:
    with pytest.raises(ValueError, match="is taken"):
        as_json(Drawing("F.", "C.", config={"names": {"$asset": "one"}}))


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ({"finding": "F."}, "expected a Drawing, returned by draw; got dict"),
        (Drawing(" ", "C."), "has no text alternative"),
        (Drawing("F.", ""), "has no caption"),
        (Drawing("F.", None), "has no caption"),  # type: ignore[arg-type]  # as an author may return
    ],
)
def test_a_drawing_that_not_everyone_can_read_is_refused(drawn: object, said: str) -> None:
    figure = FigureFolder("one", Path("one"))
    with pytest.raises(EssayError, match=r"one\.py:1: the figure 'one'") as caught:
        checked(drawn, figure)
    assert said in str(caught.value)
