"""Which numbers of a claim a page can compute again."""

import pytest

from netviz.essay.measurements import Value
from netviz.essay.rechecks import Shipped, rechecks

SHIPPED = {
    "one": Shipped("data/network-one.js", "data/held-out.js", 10_000),
    "alone": Shipped("data/network-alone.js", "", 10_000),
}


def found(key: str, value: Value = 0.5) -> list[dict[str, object]]:
    return [needed for _, needed in rechecks({key: value}, SHIPPED)]


@pytest.mark.parametrize(("key", "left"), [("accuracy", 0), ("moved.3.accuracy", 3)])
def test_a_share_takes_a_network_and_images(key: str, left: int) -> None:
    assert found(f"networks.one.test.{key}") == [
        {
            "network": "data/network-one.js",
            "images": "data/held-out.js",
            "value": 0.5,
            "count": 10_000,
            "left": left,
        }
    ]
    assert found(f"networks.alone.test.{key}") == []
    assert found(f"networks.elsewhere.test.{key}") == []


@pytest.mark.parametrize("part", ["lowest", "highest", "centre", "ring"])
def test_a_weight_takes_the_network_alone(part: str) -> None:
    assert found(f"networks.alone.templates.classes.7.{part}") == [
        {"network": "data/network-alone.js", "value": 0.5, "unit": 7, "part": part}
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("networks.one.test.moved.4.highest", 0.5),
        ("networks.one.test.count", 10_000),
        ("networks.one.templates.classes.7.correlation_own", 0.5),
        ("networks.one.templates.classes.7.ring", None),
        ("datasets.one.chance", 0.1),
    ],
)
def test_other_numbers_are_not_computed_again(key: str, value: Value) -> None:
    assert found(key, value) == []
