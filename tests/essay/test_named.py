"""Only what a page names is trained; what asks for everything gets everything."""

from pathlib import Path

import pytest

from netviz.essay.named import is_named, named_settings
from netviz.essay.opening import open_essay
from tests.essays import FRONT

SETTINGS = """\
[networks.digits]
title = "one"
dataset = "mnist"
[networks.digits-deep]
title = "two"
dataset = "mnist"
[networks.theirs]
title = "theirs"
dataset = "mnist"
weights = "theirs.npz"
[sweeps.widths]
dataset = "mnist"
shapes = [[1]]
seeds = [1]
"""
HEAD = f"{FRONT}\n"


def named(folder: Path, text: str, **own: str) -> set[str]:
    """Return the networks and sweeps, but `theirs`, that an essay of `text` names."""
    (folder / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "index.md").write_text(HEAD + text, encoding="utf-8")
    for path, content in own.items():
        file = folder / path.replace("__", "/").replace("_py", ".py").replace("_html", ".html")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    settings = named_settings(open_essay(folder))
    assert "theirs" in settings.networks  # costs no training, and is checked
    return {*settings.networks, *settings.sweeps} - {"theirs"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nothing of digits.", set()),
        ('{{ figure("weights", network="digits") }}', {"digits"}),
        ('{{ figure("weights", network="digits-deep") }}', {"digits-deep"}),
        ('{% set deep = "networks.digits-deep" %}{{ value(deep ~ ".seed") }}', {"digits-deep"}),
        ('{{ figure("width_and_depth", sweeps=["widths"]) }}', {"widths"}),
        (
            '{{ value("comparisons.digits-deep-over-digits.difference") }}',
            {"digits", "digits-deep"},
        ),
        ('{% for one in number("networks") %}x{% endfor %}', {"digits", "digits-deep", "widths"}),
        ('{{ value("networks." ~ page.one ~ ".seed") }}', {"digits", "digits-deep", "widths"}),
        ('{# figure("weights", network="digits") #}', set()),
    ],
)
def test_names_in_braces_count(tmp_path: Path, text: str, expected: set[str]) -> None:
    assert named(tmp_path, text) == expected


def test_an_essays_own_figures_and_templates_may_name_networks(tmp_path: Path) -> None:
    assert named(tmp_path, "x", templates__page_html="{{ digits }}") == {"digits"}
    code = 'NETWORK = "digits-deep"\n'
    assert named(tmp_path, "x", figures__own__own_py=code) == {"digits", "digits-deep"}


@pytest.mark.parametrize("calls", ["digits-deep", "my-digits", "digitsx", "xdigits"])
def test_a_part_of_another_name_is_no_name(calls: str) -> None:
    assert not is_named("digits", calls)
