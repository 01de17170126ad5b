"""The promises that CI holds a site to are found broken when they are."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROMISES = Path(__file__).parents[1] / ".ci" / "promises.py"
RIGHT = {
    "mnist-1layer": 920,
    "mnist-2layer": 940,
    "cifar-1layer": 410,
    "cifar-2layer": 530,
    "mnist-conv": 990,
    "mnist-conv-average": 990,
    "cifar-conv": 780,
}


def measured() -> dict[str, Any]:
    """Return measurements that keep every promise; RIGHT of a thousand images in each class."""
    networks = {}
    for name, right in RIGHT.items():
        matrix = [[0] * 10 for _ in range(10)]
        for index, row in enumerate(matrix):
            row[index], row[index - 1] = right, 1000 - right
        test = {"accuracy": right / 1000, "confusion_matrix": matrix}
        networks[name] = {"test": test}
    claim = {"id": "hidden-helps", "holds": True}
    return {"networks": networks, "claims": [claim]}


QUOTED = '<p><data data-key="claims.0.id" value="hidden-helps">it helps</data>, says {}.</p>'


def check(
    site: Path, measurements: dict[str, Any], page: str = QUOTED
) -> "subprocess.CompletedProcess[str]":
    (site / "index.html").write_text(page)
    (site / "convolution.html").write_text(QUOTED.format("nothing else"))
    for name in ("index.md", "convolution.md", "llms.txt"):
        (site / name).write_text("")
    (site / "measurements.json").write_text(json.dumps(measurements))
    command = [sys.executable, str(PROMISES), str(site)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_site_that_keeps_its_promises_passes(tmp_path: Path) -> None:
    finished = check(tmp_path, measured())
    assert finished.returncode == 0, finished.stdout + finished.stderr


def below_its_floor(measurements: dict[str, Any]) -> None:
    test = measurements["networks"]["cifar-2layer"]["test"]
    test["accuracy"] = 0.49


def from_the_sample(measurements: dict[str, Any]) -> None:
    test = measurements["networks"]["mnist-1layer"]["test"]
    test["confusion_matrix"] = [[count // 10 for count in row] for row in test["confusion_matrix"]]


def at_odds_with_its_matrix(measurements: dict[str, Any]) -> None:
    measurements["networks"]["mnist-2layer"]["test"]["accuracy"] = 0.95


def without_a_network(measurements: dict[str, Any]) -> None:
    del measurements["networks"]["cifar-1layer"]


def with_a_false_claim(measurements: dict[str, Any]) -> None:
    measurements["claims"][0]["holds"] = False


Spoil = Callable[[dict[str, Any]], None]

BROKEN: dict[Spoil, str] = {
    below_its_floor: "below 0.5",
    from_the_sample: "measured on 1000 images",
    at_odds_with_its_matrix: "the diagonal of its matrix gives 0.94",
    without_a_network: "cifar-1layer was not measured",
    with_a_false_claim: "claim hidden-helps is false",
}


@pytest.mark.parametrize("spoil", BROKEN)
def test_a_broken_promise_is_named(spoil: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    measurements = measured()
    spoil(measurements)
    finished = check(tmp_path, measurements)
    assert finished.returncode == 1
    assert BROKEN[spoil] in finished.stdout


@pytest.mark.parametrize("number", ["92.3%", "0,97", "12\u202f%", "0.5"])
def test_a_number_that_nobody_measured_is_found(tmp_path: Path, number: str) -> None:
    finished = check(tmp_path, measured(), QUOTED.format(number))
    assert finished.returncode == 1
    assert f"index.html: {number} was not measured" in finished.stdout


@pytest.mark.parametrize(
    "text",
    ["the 28 by 28 pixels", "<figure>92.3%</figure>", "<a>doi 10.1109/5.7</a>", "CC BY 3.0."],
)
def test_constants_figures_and_names_of_papers_are_no_measurements(
    tmp_path: Path, text: str
) -> None:
    assert check(tmp_path, measured(), QUOTED.format(text)).returncode == 0


def test_the_list_of_claims_may_show_the_bounds_that_their_author_set(tmp_path: Path) -> None:
    checked = '<section class="nv-checked">accuracy > 0.5</section>'
    assert check(tmp_path, measured(), QUOTED.format(checked)).returncode == 0
    after = check(tmp_path, measured(), QUOTED.format(f"{checked} but 0.5"))
    assert "index.html: 0.5 was not measured" in after.stdout


def test_every_chapter_is_held_to_its_measurements(tmp_path: Path) -> None:
    check(tmp_path, measured())
    (tmp_path / "convolution.html").write_text(QUOTED.format("92.3%"))
    command = [sys.executable, str(PROMISES), str(tmp_path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "convolution.html: 92.3% was not measured" in finished.stdout


def test_a_quoted_number_that_is_not_the_measurement_is_found(tmp_path: Path) -> None:
    finished = check(tmp_path, measured(), QUOTED.replace("hidden-helps", "other"))
    assert finished.returncode == 1
    assert "claims.0.id is hidden-helps, not other" in finished.stdout


def test_a_missing_site_is_a_broken_promise(tmp_path: Path) -> None:
    command = [sys.executable, str(PROMISES), str(tmp_path / "nowhere")]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "index.html is missing" in finished.stdout
