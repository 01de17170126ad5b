"""The sources of a page's data: those of what its figures and values show, and no others."""

import pytest

from netviz.essay.measurements import Measurements
from netviz.essay.settings import NetworkSettings, Settings, SweepSettings
from netviz.essay.sources import data_sources
from netviz.figures.figure import References

SETTINGS = Settings(
    networks={
        "one": NetworkSettings("one", "mnist"),
        "two": NetworkSettings("two", "mnist"),
        "own": NetworkSettings("own", "mine"),
    },
    sweeps={"wide": SweepSettings("cifar10", ((),), (1,))},
)
SAID = {"citation": "Whose.", "licence": "Which.", "homepage": "https://example.org/"}
MEASUREMENTS = Measurements(
    {
        "datasets": {
            "mnist": {"title": "MNIST", **SAID},
            "mine": {"title": "Mine", **SAID},
            "cifar10": {"title": "CIFAR-10", **SAID},
        }
    }
)


@pytest.mark.parametrize(
    ("figures", "keys", "titles"),
    [
        ([], [], []),
        ([References(networks=("one", "two"))], [], ["MNIST"]),
        ([References(datasets=("mine",)), References(sweeps=("wide",))], [], ["Mine", "CIFAR-10"]),
        ([], ["networks.own.test.accuracy"], ["Mine"]),
        ([], ["networks"], ["MNIST", "Mine"]),
        ([], ["datasets.cifar10.train"], ["CIFAR-10"]),
        ([], ["sweeps.wide.points"], ["CIFAR-10"]),
        ([], ["comparisons.two-over-one.mended"], ["MNIST"]),
        ([], ["is_sample"], []),
    ],
)
def test_the_data_of_a_page_are_those_it_shows(
    figures: list[References], keys: list[str], titles: list[str]
) -> None:
    found = data_sources(figures, keys, SETTINGS, MEASUREMENTS)
    assert [one.title for one in found] == titles
    assert [one.is_ours for one in found] == [one != "Mine" for one in titles]


def test_a_data_set_of_which_nothing_is_said_is_left_out() -> None:
    silent = {"title": "MNIST", "citation": "", "licence": "", "homepage": ""}
    measured = Measurements({"datasets": {"mnist": silent}})
    settings = Settings(networks={"one": SETTINGS.networks["one"]})
    assert data_sources([References(datasets=("mnist",))], [], settings, measured) == ()


def test_only_an_address_of_the_web_becomes_a_link() -> None:
    for address, is_link in (("http://a.org", True), ("javascript:alert(1)", False), ("", False)):
        said = {**SAID, "title": "MNIST", "homepage": address}
        measured = Measurements({"datasets": {"mnist": said}})
        settings = Settings(networks={"one": SETTINGS.networks["one"]})
        (one,) = data_sources([References(datasets=("mnist",))], [], settings, measured)
        assert one.is_link == is_link
