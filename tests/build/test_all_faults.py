"""All that is wrong with an essay is told by one build, each fault at its place."""

from pathlib import Path

import pytest

from netviz.errors import MOST_TOLD, EssayError, EssayGroupError, Gathering, Place, each
from netviz.essay.manuscript import read_manuscript
from netviz.essay.measurements import Measurements
from netviz.figures.registry import Registry
from tests.essays import FRONT, SETTINGS, build, content

HEAD = f"{FRONT}\n"
RIGHT = f"""{HEAD}It gets {{{{ value("networks.digits.test.accuracy", "percent") }}}} right.

{{{{ figure("weights", network="digits") }}}}
"""
INDEX = f"""{RIGHT}
{{{{ figure("weights", network="digit", id="fig-no-network") }}}}

See [](#fig-refused), [](#fig-nowhere) and [a page](none.md).

{{{{ figure("weights", networks="digits", id="fig-refused") }}}}

{{{{ figure("filters_and_votes", network="digits") }}}}

Its {{{{ value("networks.digits.test.acuracy", "percent") }}}} is {{{{ value("networks") }}}}.
"""
ABOUT = f"""{HEAD}{{{{ figure("feature_space", network="digits") }}}}

{{{{ figure("mistake", network="digits") }}}}
"""
TOLD = [
    "index.md:12:12: unknown network 'digit'",
    "index.md:14:26: no figure has the id 'fig-nowhere'",
    "index.md:14:53: there is no page 'none.md'",
    "index.md:16:22: unknown setting 'networks'",
    "index.md:18:12: the votes in 'digits' cannot be drawn",
    "index.md:20: this measurement is no single value",
    "index.md:20:15: nothing is measured at 'networks.digits.test.acuracy'",
    "about.md:8:12: the network 'digits' has no hidden layer",
    "about.md:10:12: unknown figure 'mistake'",
]


def test_one_build_tells_all_faults_of_all_pages_and_leaves_the_site_as_it_was(
    tmp_path: Path,
) -> None:
    """Arguments, networks that a figure refuses, numbers, links: by file and line, none twice."""
    essay = tmp_path / "essay"
    essay.mkdir()
    (essay / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (essay / "index.md").write_text(RIGHT, encoding="utf-8")
    assert build(essay).returncode == 0
    before = content(tmp_path / "build" / "site")
    (essay / "index.md").write_text(INDEX, encoding="utf-8")
    (essay / "about.md").write_text(ABOUT, encoding="utf-8")
    built = build(essay)
    assert built.returncode == 1
    told = [line for line in built.stderr.splitlines() if line.startswith("essay/")]
    assert len(told) == len(TOLD), built.stderr
    for line, expected in zip(told, TOLD, strict=True):
        assert line.removeprefix("essay/").startswith(expected), built.stderr
    assert content(tmp_path / "build" / "site") == before
    (essay / "index.md").write_text(RIGHT, encoding="utf-8")
    (essay / "about.md").write_text(RIGHT, encoding="utf-8")
    assert build(essay).returncode == 0


def test_all_claims_of_a_text_that_do_not_hold_are_told(tmp_path: Path) -> None:
    file = tmp_path / "index.md"
    claims = "{% claim number('a') > 2 %}First.{% endclaim %}\n\nThen {{ value('b') }}.\n\n"
    file.write_text(HEAD + claims + claims.replace("First", "Second"), encoding="utf-8")
    with pytest.raises(EssayGroupError) as caught:
        read_manuscript(file, Measurements({"a": 1}), Registry())
    said = [str(fault).partition(";")[0] for fault in each(caught.value)]
    assert said == [
        f"{file}:8:1: this claim does not hold: “First.”",
        f"{file}:10:16: nothing is measured at 'b'",
        f"{file}:12:1: this claim does not hold: “Second.”",
        f"{file}:14:16: nothing is measured at 'b'",
    ]
    assert caught.value.place == Place(file, 8, 1)


def test_faults_without_end_are_cut_short(tmp_path: Path) -> None:
    """Reading ends at the first fault beyond those that are told."""
    file = tmp_path / "index.md"
    file.write_text(HEAD + "{{ value('b') }}\n\n" * 1000, encoding="utf-8")
    with pytest.raises(EssayGroupError) as caught:
        read_manuscript(file, Measurements({"a": 1}), Registry())
    assert len(each(caught.value)) == MOST_TOLD + 1
    lines = str(caught.value).splitlines()
    assert lines[-1] == "and 1 more"
    assert len(lines) == MOST_TOLD + 1


def test_what_ends_the_reading_hides_no_fault_before_it(tmp_path: Path) -> None:
    file = tmp_path / "index.md"
    file.write_text(HEAD + "{{ value('b') }}\n\n{{ 1 * 'a' }}", encoding="utf-8")
    with pytest.raises(EssayGroupError) as caught:
        read_manuscript(file, Measurements({"a": 1}), Registry())
    first, second = map(str, each(caught.value))
    assert "nothing is measured at 'b'" in first
    assert "the template code is wrong" in second


def test_a_single_fault_is_raised_as_it_is_and_one_that_was_told_is_not_told_again() -> None:
    gathering = Gathering()
    fault = EssayError("it is wrong", place=Place("index.md", 3))
    for error in (fault, EssayError("it is wrong", place=Place("index.md", 3))):
        with gathering.going_on():
            raise error
    with pytest.raises(EssayError) as caught:
        gathering.end()
    assert caught.value is fault
    Gathering().end()
