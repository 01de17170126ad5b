"""What a key depends on, and how a difference is told."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from netviz.engine.graph import Step
from netviz.engine.keys import Key, Keys
from netviz.engine.sources import Sources

KEY = Key(
    function="steps:train",
    parameters={"seed": 1, "recipe": {"epochs": 5, "rate": 0.1}},
    inputs={"dataset": "d", "points": ["p", "q"]},
    sources={"steps": "s"},
    versions={"numpy": "2.4.6"},
)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"function": "steps:draw"}, ["function: steps:train → steps:draw"]),
        (
            {"parameters": {"seed": 2, "recipe": {"epochs": 5, "rate": 0.1}}},
            ["seed: 1 → 2"],
        ),
        (
            {"parameters": {"seed": 1, "recipe": {"epochs": 6}, "extra": [1]}},
            ["extra: nothing → [1]", "recipe.epochs: 5 → 6", "recipe.rate: 0.1 → nothing"],
        ),
        ({"inputs": {"dataset": "e", "points": ["p", "q"]}}, ["input dataset"]),
        ({"inputs": {"dataset": "d", "points": ["p", "r"]}}, ["input points.1"]),
        ({"sources": {"steps": "s", "network": "n"}}, ["code of network"]),
        ({"versions": {"numpy": "2.5.0"}}, ["numpy: 2.4.6 → 2.5.0"]),
    ],
)
def test_each_part_changes_the_key_and_is_told(changes: Mapping[str, Any], told: list[str]) -> None:
    now = dataclasses.replace(KEY, **changes)
    assert now.digest != KEY.digest
    assert now.changes_since(KEY) == told


def test_a_long_value_is_cut_short() -> None:
    now = dataclasses.replace(KEY, parameters={**KEY.parameters, "seed": list(range(100))})
    (told,) = now.changes_since(KEY)
    assert len(told) < 60
    assert told.endswith("…")


def test_order_and_kind_of_sequence_do_not_count() -> None:
    keys = Keys(Sources())

    def key(parameters: Mapping[str, Any]) -> Key:
        return keys.key(Step("a", "netviz.engine.keys:canonical", parameters), {})

    one, other = key({"a": (1, 2), "b": 0.1}), key({"b": 0.1, "a": [1, 2]})
    assert one == other
    assert one.digest == other.digest
    assert one.parameters["a"] == [1, 2]  # what the step gets is what the key speaks of


def test_a_parameter_that_is_no_plain_value_is_a_bug() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        Keys(Sources()).key(Step("a", "netviz.engine.keys:canonical", {"a": float("nan")}), {})


def test_a_step_whose_module_is_not_there_is_a_bug() -> None:
    with pytest.raises(ValueError, match=r"there is no module netviz\.engine\.nowhere"):
        Keys(Sources()).key(Step("a", "netviz.engine.nowhere:f"), {})
