"""Essays with one fault each: one message that an editor can jump to, and the last site stays."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from netviz.cli import main
from netviz.datasets.store import prepare_sample
from tests.essays import FRONT

SETTINGS = """\
[networks.digits]
title = "one layer"
dataset = "mnist"
[networks.digits.recipe]
epochs = 1
validation = 40
frames = 1
"""
TEXT = (
    FRONT
    + """
## First

It gets {{ value("networks.digits.test.accuracy", "percent") }} right; see [](#fig-weights)
and [the start](#first).

{{ figure("weights",
          network="digits") }}

It has {% claim number("networks.digits.architecture.parameters") == 7850 %}few parameters{%
endclaim %}.

{{ figure("own_box") }}
"""
)
FIGURE = '''"""A figure of the author's own."""

from dataclasses import dataclass

from netviz.figures.figure import Drawing


@dataclass(frozen=True)
class Arguments:
    pass


def draw(arguments, materials, output):
    return Drawing(finding="A box.", caption="A box.")
'''
FRAGMENT = "<nv-own-box></nv-own-box>\n"


def write(essay: Path) -> None:
    figure = essay / "figures" / "own_box"
    figure.mkdir(parents=True, exist_ok=True)
    (essay / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (essay / "index.md").write_text(TEXT, encoding="utf-8")
    (figure / "own_box.py").write_text(FIGURE, encoding="utf-8")
    (figure / "own_box.html").write_text(FRAGMENT, encoding="utf-8")


def content(site: Path) -> dict[str, bytes]:
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in sorted(site.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound essay and its site, whose sample passes for whole data, so that claims bind."""
    folder = tmp_path_factory.mktemp("wrong")
    write(folder / "essay")
    with pytest.MonkeyPatch.context() as patch:
        as_whole(patch, folder)
        assert main(["build", "-q", "--jobs", "2"]) == 0
        assert main(["check"]) == 0
    return folder


def as_whole(patch: pytest.MonkeyPatch, folder: Path) -> None:
    def sample(name: str, cache: Path, *_: Any, **__: Any) -> Path:  # noqa: ANN401 - as `prepare` is called
        return prepare_sample(name, cache)

    patch.setattr("netviz.build.datasets.prepare", sample)
    patch.setenv("NETVIZ_CACHE_DIR", str(folder / "data"))
    patch.chdir(folder)


@pytest.fixture
def essay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sound essay, in the folder that the command runs in."""
    as_whole(monkeypatch, folder)
    shutil.rmtree(folder / "essay")
    write(folder / "essay")
    return folder / "essay"


# What is wrong: the file, what stands there, what is put in its place, and what is told.
BUILDS = {
    "unknown figure": (
        "index.md", '"weights"', '"wieghts"',
        "index.md:13:12: unknown figure 'wieghts'; expected one of .*; did you mean weights?",
    ),
    "unknown argument": (
        "index.md", 'network="digits"', 'netwrok="digits"',
        "index.md:14:11: unknown setting 'netwrok'; expected one of .*; did you mean network?",
    ),
    "unknown network": (
        "index.md", 'network="digits"', 'network="digit"',
        ("index.md:13:12: unknown network 'digit'; expected one of digits; did you mean digits? "
        "Networks are declared in essay.toml."),
    ),
    "unknown number": (
        "index.md", "test.accuracy", "test.acuracy",
        ("index.md:10:19: nothing is measured at 'networks.digits.test.acuracy'; expected one of "
        ".*; got 'acuracy'; did you mean accuracy? All keys are in measurements.json."),
    ),
    "bad format": (
        "index.md", '"percent"', '"prcent"',
        "index.md:10:52: unknown format 'prcent'; expected one of .*; did you mean percent?",
    ),
    "false claim": (
        "index.md", "== 7850", "== 7851",
        ("index.md:16:8: this claim does not hold: “few parameters”; "
        "got networks.digits.architecture.parameters = 7850. Mend the sentence or its condition."),
    ),
    "link to no state": (
        "index.md", "(#fig-weights)", "(#fig-weights?scale=singed)",
        ("index.md:10:79: fig-weights has no 'scale' of 'singed'; expected one of grey, signed; "
        "did you mean signed?"),
    ),
    "link to no figure": (
        "index.md", "(#fig-weights)", "(#fig-wieghts)",
        ("index.md:10:79: no figure has the id 'fig-wieghts'; expected one of fig-weights, "
        "fig-own-box; did you mean fig-weights?"),
    ),
    "broken Jinja": (
        "index.md", '"percent") }}', '"percent") + }}',
        "index.md:10:9: the template code is wrong: .*",
    ),
    "open tag": (
        "index.md", "{%\nendclaim %}", "",
        "index.md:18:1: the template code is wrong: .*",
    ),
    "bad front matter": (
        "index.md", "authors: [A]", "author: [A]",
        "index.md:4:1: unknown setting 'author'; expected one of .*; did you mean authors?",
    ),
    "bad TOML": (
        "essay.toml", 'title = "one layer"', 'title = one layer',
        "essay.toml:2:9: not valid TOML: Invalid value",
    ),
    "TOML cut short": (
        "essay.toml", "frames = 1", "frames = [1",
        "essay.toml:7:12: not valid TOML: .*",
    ),
    "misspelt setting": (
        "essay.toml", "epochs", "epoch",
        "essay.toml:5:1: unknown setting 'epoch'; expected one of .*; did you mean epochs?",
    ),
    "unknown data set": (
        "essay.toml", '"mnist"', '"minst"',
        "essay.toml:3:1: unknown data set 'minst'; expected .*; did you mean mnist?",
    ),
    "missing alternative": (
        "figures/own_box/own_box.py", 'finding="A box."', 'finding=""',
        ("figures/own_box/own_box.py:1: the figure 'own_box' has no text alternative; expected "
        "'finding', a sentence, in the Drawing that draw returns"),
    ),
    "bug of an own figure": (
        "figures/own_box/own_box.py", 'return Drawing(', 'return Drawing(1 / 0, ',
        "figures/own_box/own_box.py:14: the figure 'own_box' failed: ZeroDivisionError: .*",
    ),
    "syntax of an own figure": (
        "figures/own_box/own_box.py", "def draw(", "def draw((",
        "figures/own_box/own_box.py:13:.*: the figure 'own_box' cannot be imported: .*",
    ),
    "broken fragment": (
        "figures/own_box/own_box.html", "></", ">{{ nothing }}</",
        "figures/own_box/own_box.html:1: the template is wrong: 'nothing' is undefined",
    ),
}  # fmt: skip
CHECKS = {
    "typed number": (
        "index.md", "few parameters{%", "92.3% of them{%",
        ("index.md:16:77: this number is typed by hand; expected a call such as .*; got 92.3%. "
        "If nothing here measures it, say why on its line: {# typed: reason #}."),
    ),
    "unused network": (
        "essay.toml", "[networks.digits]",
        '[networks.more]\ntitle = "M"\ndataset = "mnist"\n[networks.digits]',
        "essay.toml:1:2: no page reads the network 'more'. Remove it, or write about it.",
    ),
    "unused figure": (
        "index.md", '{{ figure("own_box") }}', "",
        ("figures/own_box/own_box.py:1: no page reads the figure 'own_box'. Remove it, or "
        "write about it."),
    ),
}  # fmt: skip
AFTER_A_BUILD = {
    "broken link": (
        "index.md", "(#first)", "(frist.html)",
        "index.md:11:17: a link leads nowhere: frist.html.*",
    ),
    "broken anchor": (
        "index.md", "(#first)", "(#frist)",
        "index.md:11:17: a link leads to no anchor: #frist; did you mean first?",
    ),
}  # fmt: skip

Fault = tuple[str, str, str, str]


def spoil(essay: Path, fault: Fault) -> str:
    """Put `fault` into the essay; return the pattern of the one message that it gives."""
    name, before, after, message = fault
    text = (essay / name).read_text(encoding="utf-8")
    assert text.count(before) >= 1
    (essay / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    return "essay/" + re.escape(message).replace(r"\.\*", ".*")


@pytest.mark.parametrize("name", BUILDS)
def test_a_fault_stops_the_build_by_one_message_and_the_last_site_stays(
    name: str, essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = essay.parent / "build" / "site"
    good = content(site)
    pattern = spoil(essay, BUILDS[name])
    assert main(["build", "-q", "--jobs", "1"]) == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(pattern, message), message
    assert content(site) == good


ONLY_BUILT = {"link to no state", "unknown network", "unknown data set", *list(BUILDS)[-4:]}
READ_BY_CHECK = [name for name in BUILDS if name not in ONLY_BUILT]


@pytest.mark.parametrize("name", [*READ_BY_CHECK, *CHECKS])
def test_a_fault_is_found_by_checking_alone(
    name: str, essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pattern = spoil(essay, {**BUILDS, **CHECKS}[name])
    assert main(["check"]) == 1
    told = capsys.readouterr()
    messages = [*told.out.splitlines(), *told.err.replace("1 faults\n", "").splitlines()]
    assert len(messages) == 1, messages
    assert re.fullmatch(pattern, messages[0]), messages[0]


@pytest.mark.parametrize("name", AFTER_A_BUILD)
def test_a_link_that_leads_nowhere_is_told_where_the_author_wrote_it(
    name: str, essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pattern = spoil(essay, AFTER_A_BUILD[name])
    assert main(["build", "-q", "--jobs", "1", "--out", "linked/site"]) == 0
    assert main(["check", "--out", "linked/site"]) == 1
    (message,) = capsys.readouterr().out.splitlines()
    assert re.fullmatch(pattern, message), message


@pytest.mark.parametrize(
    "name", ["more.md", "templates", "templates/assets/x.svg", "figures/own_box/own_box.css"]
)
def test_a_link_out_of_the_essay_s_folder_is_refused(
    name: str, essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = essay.parent / "build" / "site"
    good = content(site)
    secret = essay.parent / "secret"
    secret.mkdir(exist_ok=True)
    (essay / name).parent.mkdir(parents=True, exist_ok=True)
    (essay / name).symlink_to(secret)
    assert main(["build", "-q", "--jobs", "1"]) == 1
    (message,) = capsys.readouterr().err.splitlines()
    assert message.startswith(f"essay/{name}: a link leads out of the essay's folder; got /")
    assert content(site) == good


def test_a_template_of_the_essay_s_own_reaches_nothing_of_the_machine(
    essay: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in ("{{ ''.__class__.__mro__ }}", "{{ essay.title.__class__ }}",
                 "{% include '../../secret' %}", "{{ range(10 ** 9) | list }}"):  # fmt: skip
        (essay / "templates").mkdir(exist_ok=True)
        (essay / "templates" / "404.html").write_text(f"\n{line}\n", encoding="utf-8")
        assert main(["build", "-q", "--jobs", "1"]) == 1, line
        (message,) = capsys.readouterr().err.splitlines()
        assert message.startswith("essay/templates/404.html:2: the template is wrong: "), message
