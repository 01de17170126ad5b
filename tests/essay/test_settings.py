"""essay.toml: what it may say, and how it is told when it is wrong."""

from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.essay.settings import network_named, read_settings

GOOD = """\
site_url = "https://example.org/nets/"

[networks.digits]
title = "one layer"
dataset = "mnist"
seed = 3

[networks.digits.recipe]
learning_rate = 0.2

[sweeps.widths]
dataset = "cifar10"
shapes = [[], [8], [8, 8]]
seeds = [1, 2]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "essay.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "shape",
    [
        "hidden = [8]",
        'layers = ["conv 5x5x8", "relu", "flatten"]',
        'layers = ["flatten", "dense 8", "relu", "dense"]',
    ],
)
def test_hidden_units_that_start_from_zero_are_refused(tmp_path: Path, shape: str) -> None:
    """None of them would ever differ from another, or get a weight at all."""
    text = GOOD.replace("seed = 3", shape)
    read_settings(written(tmp_path, text))
    from_zero = text.replace("learning_rate = 0.2", "init_scale = 0.0")
    with pytest.raises(EssayError, match=r":9:1: hidden units that all start from zero learn not"):
        read_settings(written(tmp_path, from_zero))


def test_a_single_layer_of_weights_may_start_from_zero(tmp_path: Path) -> None:
    from_zero = GOOD.replace("learning_rate = 0.2", "init_scale = 0.0")
    assert read_settings(written(tmp_path, from_zero)).networks["digits"].recipe.init_scale == 0
    flat = from_zero.replace("seed = 3", 'layers = ["flatten", "dense"]')
    assert read_settings(written(tmp_path, flat)).networks["digits"].layers
    patches = from_zero.replace("seed = 3", 'layers = ["conv 6x6x32", "relu", "flatten", "dense"]')
    with_patches = patches.replace("init_scale", 'first_layer = "k-means"\ninit_scale')
    assert read_settings(written(tmp_path, with_patches)).networks["digits"].layers


def test_no_shape_of_a_sweep_with_hidden_units_starts_from_zero(tmp_path: Path) -> None:
    text = GOOD + "\n[sweeps.widths.recipe]\ninit_scale = 0.0\n"
    with pytest.raises(EssayError, match=r":17:1: hidden units that all start from zero"):
        read_settings(written(tmp_path, text))
    read_settings(written(tmp_path, text.replace("[[], [8], [8, 8]]", "[[]]")))


def test_networks_recipes_and_sweeps_are_read(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, GOOD))
    assert settings.networks["digits"].recipe.learning_rate == 0.2
    assert settings.networks["digits"].seed == 3
    assert settings.sweeps["widths"].shapes == ((), (8,), (8, 8))
    assert settings.used_datasets == ("mnist", "cifar10")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("learning_rate = 0.2", "learning_rat = 0.2", ":9:1: unknown setting 'learning_rat'"),
        ("learning_rate = 0.2", "learning_rat = 0.2", "did you mean learning_rate"),
        ("learning_rate = 0.2", "learning_rate = -1", ":9:1: 'learning_rate' is out of range"),
        (
            "learning_rate = 0.2",
            "momentum = 1.0",
            ":9:1: 'momentum' is out of range; expected 0 or m",
        ),
        (
            "learning_rate = 0.2",
            "warm_up = 1.0",
            ":9:1: 'warm_up' is out of range; expected 0 or mo",
        ),
        ("learning_rate = 0.2", "shifts = 33", ":9:1: 'shifts' is out of range; expected 0 to 32"),
        ("learning_rate = 0.2", "weight_decay = -1", ":9:1: 'weight_decay' is out of range; expec"),
        ("learning_rate = 0.2", 'nesterov = true\noptimiser = "adam"', ":9:1: 'nesterov' has no m"),
        (
            "learning_rate = 0.2",
            'first_layer = "k-means"',
            ":9:1: 'first_layer' has no meaning here; expected layers that begin with a conv",
        ),
        (
            "learning_rate = 0.2",
            "frozen_first_layer = true\ninit_scale = 0",
            ":9:1: 'frozen_first_layer' has no meaning here; expected weights to start from oth",
        ),
        (
            "learning_rate = 0.2",
            "frozen_first_layer = true\nsmoothness = 1.0",
            ":10:1: 'smoothness' has no meaning here; expected a first layer that learns",
        ),
        ("learning_rate = 0.2", "learning_rate = nan", ":9:1: 'learning_rate' is out of range"),
        ("seed = 3", 'seed = "three"', ":6:1: 'seed' has the wrong type; expected a whole number"),
        ("seed = 3", "seed = 3\nhidden = [0]", ":7:1: 'hidden' is out of range"),
        ('title = "one layer"\n', "", ":3:2: 'title' is missing"),
        ("[networks.digits]", "[networks.Digits]", "cannot be a name"),
        ("[networks.digits]", "[networks.a-over-b]", "'a-over-b' is the name of a comparison"),
        ("seed = 3", "seed = " + "9" * 5000, "not valid TOML: Exceeds the limit"),
        ("seed = 3", "seed = " + "[" * 5000, "not valid TOML: "),
        ("seed = 3", "seed = 0x" + "f" * 5000, ":6:1: 'seed' is out of range"),
        ("seed = 3", "seed = -1", ":6:1: 'seed' is out of range; expected 0 to 2147483647; got -1"),
        ("seed = 3", "hidden = [10001]", ":6:1: 'hidden' is out of range; expected 1 to 10000"),
        ("seed = 3", f"hidden = {[8] * 21}", ":6:1: 'hidden' has too many entries; expected at mo"),
        ("seed = 3", f"more_seeds = {[8] * 101}", ":6:1: 'more_seeds' has too many entries"),
        ("seeds = [1, 2]", f"seeds = {[8] * 101}", ":14:1: 'seeds' has too many entries"),
        ("[[], [8], [8, 8]]", f"{[[8]] * 201}", ":13:1: 'shapes' has too many entries"),
        ("[[], [8], [8, 8]]", f"{[[8] * 21]}", ":13:1: 'shapes' has too many entries"),
        ("learning_rate = 0.2", "epochs = 10001", ":9:1: 'epochs' is out of range; expected 1 "),
        ("seed = 3", "seed = ", ":6:8: not valid TOML: Invalid value"),
        ("seeds = [1, 2]", "seeds = [1,", ":14:12: not valid TOML: "),
        ("seeds = [1, 2]", "seeds = 1", ":14:1: 'seeds' has the wrong type; expected a list"),
        ("seed = 3", "hidden = 8", ":6:1: 'hidden' has the wrong type; expected a list, as in [8]"),
    ],
)
def test_a_fault_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    assert before in GOOD
    with pytest.raises(EssayError) as caught:
        read_settings(written(tmp_path, GOOD.replace(before, after)))
    assert message in str(caught.value)
    assert "essay.toml" in str(caught.value)


def test_a_folder_without_settings_is_no_essay(tmp_path: Path) -> None:
    with pytest.raises(EssayError, match="there is no essay here"):
        read_settings(tmp_path / "essay.toml")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "essay.toml"
    file.write_bytes(b"title = '\xff'")
    with pytest.raises(EssayError, match="not UTF-8"):
        read_settings(file)


def test_an_unknown_network_is_told_with_the_nearest(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, GOOD))
    with pytest.raises(EssayError, match="did you mean digits"):
        network_named(settings, "digit")


LAYERS = """\
[networks.deep]
title = "a convolutional network"
dataset = "mnist"
layers = [
    "conv 5x5x8",  # "pool 9" is no entry
    'pool 2', "relu",
    "flatten",
]
"""


def test_layers_are_read(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, LAYERS))
    assert settings.networks["deep"].layers == ("conv 5x5x8", "pool 2", "relu", "flatten")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("conv 5x5x8", "cnv 5x5x8", ":5:5: 'cnv 5x5x8' is no layer"),
        ("'pool 2'", "'poool 2'", ":6:5: 'poool 2' is no layer"),
        ('"relu"', '"reluu"', ":6:15: 'reluu' is no layer"),
        ('"flatten"', '"flatten 3"', ":7:5: 'flatten 3': the numbers"),
        ("title", "hidden = [5]\ntitle", ":2:1: 'hidden' has no meaning here"),
        ("title", 'activation = "tanh"\ntitle', ":2:1: 'activation' has no meaning here"),
    ],
)
def test_a_wrong_layer_is_told_where_its_text_stands(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    file = written(tmp_path, LAYERS.replace(before, after, 1))
    with pytest.raises(EssayError) as caught:
        read_settings(file)
    assert f"{file}{message}" in str(caught.value)
