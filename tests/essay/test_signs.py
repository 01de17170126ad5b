"""A network that learnt nothing, answers one class or has dead units is told of, with advice."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.cli import main
from netviz.essay.settings import read_settings
from netviz.essay.signs import signs_of_little_learning

SETTINGS = """\
[datasets.halves]
title = "Halves"
path = "halves.npz"
classes = ["a", "b", "c"]

[networks.ours]
title = "ours"
dataset = "halves"
hidden = [4]
EXTRA
[sweeps.widths]
dataset = "halves"
shapes = [[], [2]]
seeds = [1]
"""


def told(folder: Path, measured: dict[str, Any], extra: str = "") -> list[str]:
    file = folder / "essay.toml"
    file.write_text(SETTINGS.replace("EXTRA", extra))
    found = signs_of_little_learning(folder, read_settings(file), measured)
    return [str(one).replace(f"{folder}/", "") for one in found]


def measured(  # noqa: PLR0913 - each test changes one
    *,
    accuracy: float = 0.9,
    silent: tuple[str, ...] = (),
    dead: tuple[int, ...] = (0,),
    hidden: tuple[int, ...] = (4,),
    sample: bool = False,
    highest: float = 0.8,
) -> dict[str, Any]:
    """Return as much of measurements.json as is read."""
    return {
        "sample": sample,
        "datasets": {"halves": {"most_frequent_class": {"share": 0.4}}},
        "networks": {
            "ours": {
                "dataset": "halves",
                "architecture": {"hidden": list(hidden)},
                "test": {
                    "accuracy": accuracy,
                    "classes": [{}, {}, {}],
                    "never_answered": list(silent),
                },
                "hidden": {"dead_by_layer": list(dead)},
            }
        },
        "sweeps": {
            "widths": {"shapes": [{"layers": 0, "highest": 0.9}, {"layers": 1, "highest": highest}]}
        },
    }


def test_nothing_is_told_of_a_network_that_learnt(tmp_path: Path) -> None:
    assert told(tmp_path, measured()) == []


def test_one_answer_and_dead_units_are_told_with_advice(tmp_path: Path) -> None:
    found = measured(accuracy=0.33, silent=("b", "c"), dead=(4,))
    assert told(tmp_path, found, "[networks.ours.recipe]\ncentred = false") == [
        (
            "essay.toml:6:2: network 'ours' answers one class only; 4 of 4 hidden units are dead. "
            "Try a smaller learning_rate, or centred = true, or more epochs."
        )
    ]
    assert "centred" not in told(tmp_path, found)[0]


def test_accuracy_of_a_constant_answer_is_told(tmp_path: Path) -> None:
    (notice,) = told(tmp_path, measured(accuracy=0.4))
    assert "classifies 40.0% of the test images correctly, no more than the answer of one" in notice


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"silent": ("b",)}, "never answers 1 of 3 classes (b)"),
        ({"dead": (1,)}, "1 of 4 hidden units is dead"),
        ({"dead": (0, 2), "hidden": (5, 3)}, "2 of 3 hidden units of layer 2 are dead"),
    ],
)
def test_minor_signs_are_told_of_whole_data_only(
    tmp_path: Path, found: dict[str, Any], said: str
) -> None:
    (notice,) = told(tmp_path, measured(**found))
    assert said in notice
    assert told(tmp_path, measured(**found, sample=True)) == []


def test_a_network_that_is_meant_to_learn_nothing_is_passed_over(tmp_path: Path) -> None:
    assert told(tmp_path, measured(accuracy=0.1), "shuffled_labels = true") == []


def test_a_sweep_of_which_nothing_learns_is_told(tmp_path: Path) -> None:
    (notice,) = told(tmp_path, measured(highest=0.4))
    assert "no network of sweep 'widths' with hidden units does better" in notice


@pytest.mark.slow
def test_a_build_and_a_check_tell_of_a_network_that_died(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A learning rate beyond all measure shuts every unit."""
    rng = np.random.default_rng(1)
    essay, out = tmp_path / "essay", tmp_path / "build" / "site"
    essay.mkdir()
    images = rng.integers(0, 256, (60, 8, 8), np.uint8)
    np.savez(essay / "halves.npz", images=images, labels=np.tile([0, 1, 2], 20))
    (essay / "essay.toml").write_text(
        SETTINGS.partition("[sweeps")[0].replace(
            "EXTRA", "[networks.ours.recipe]\nlearning_rate = 30.0\ncentred = false\n"
        )
    )
    calls = [f'{{{{ figure("{word}", network="ours") }}}}' for word in ("weights", "feature_space")]
    calls += ['{{ figure("filters_and_votes", network="ours") }}']
    front = '---\ntitle: T\nauthors: ["A"]\ndate: 2026-01-01\ndescription: D\n---\n\n## H\n\n'
    (essay / "index.md").write_text(front + "\n\n".join(calls))
    assert main(["build", str(essay), "--out", str(out)]) == 0
    assert "network 'ours' answers one class only; 4 of 4 hidden units" in capfd.readouterr().err
    assert "nan%" not in (out / "index.html").read_text()
    assert main(["check", str(essay), "--out", str(out)]) == 1
    assert "network 'ours' answers one class only" in capfd.readouterr().out
