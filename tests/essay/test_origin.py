"""Where a number comes from, in words."""

import pytest

from netviz.essay.languages import ENGLISH
from netviz.essay.measurements import Measurements
from netviz.essay.origin import origin
from netviz.essay.saying import said_in

MEASURED = Measurements(
    {
        "networks": {
            "net": {
                "title": "a net",
                "seed": 7,
                "counts": {"train": 55000, "validation": 5000, "test": 10000},
                "seeds": {"count": 5},
                "test": {"may_have_learnt": False},
            },
            "theirs": {
                "title": "theirs",
                "seed": None,
                "counts": {"train": 0, "validation": 0, "test": 1600},
                "test": {"may_have_learnt": True},
            },
        },
        "datasets": {"mnist": {"title": "MNIST"}},
        "sweeps": {"wide": {"seeds": 3}},
    }
)


@pytest.mark.parametrize(
    ("key", "phrase"),
    [
        ("networks.net.test.accuracy", "a net, seed 7, 10,000 test images"),
        ("networks.net.train.accuracy", "a net, seed 7, 55,000 training images"),
        ("networks.net.templates.nearest_own_count", "a net, seed 7"),
        ("networks.net.seeds.lowest", "a net, 5 seeds"),
        ("datasets.mnist.pixels", "counted in MNIST"),
        ("sweeps.wide.best.mean", "over 3 seeds for each shape"),
        ("comparisons.net-over-net.difference", "net against net, on the same test images"),
        ("networks.theirs.identity", "theirs, trained elsewhere"),
        (
            "networks.theirs.test.accuracy",
            "theirs, trained elsewhere, 1,600 held-out images it may have learnt from",
        ),
        ("comparisons.theirs-over-net.p_value", "theirs against net, on the same held-out images"),
        ("versions.numpy", ""),
    ],
)
def test_a_key_says_where_its_value_comes_from(key: str, phrase: str) -> None:
    assert said_in(ENGLISH, origin(MEASURED, key)) == phrase
