"""The documentation is true: what it tells a reader to do is done here, and works."""

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netviz import cli
from netviz.essay.languages import Languages
from netviz.essay.saying import said_in
from netviz.essay.templates import built_in_templates
from netviz.figures import words
from tests.essays import FRONT

DOCS = Path(__file__).parents[1] / "docs"
PATIENCE_SECONDS = 60
NOT_BUILT = "-0"  # the version of a site before the server's first build
FENCED = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<language>\w*)\n(?P<code>.*?)```\n", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, its language, and the paragraph that leads to it."""

    before: str
    language: str
    code: str


def blocks(page: str) -> list[Block]:
    text = (DOCS / page).read_text(encoding="utf-8")
    found = [Block(**match.groupdict()) for match in FENCED.finditer(text)]
    assert len(found) == text.count("\n```") / 2, f"a block of {page} was not understood"
    return found


def environment(folder: Path) -> dict[str, str]:
    """Return the reader's environment: netviz is installed, and nothing of ours is set."""
    programs = str(Path(sys.executable).parent)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NETVIZ_")}
    kept["PATH"] = os.pathsep.join([programs, kept.get("PATH", "")])
    # What would be a download ends at once: nothing listens there.
    nowhere = "http://127.0.0.1:9"
    return {
        **kept,
        "NETVIZ_CACHE_DIR": str(folder / "cache-of-downloads"),
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "NO_PROXY": "",
    }


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    finished = subprocess.run(
        shlex.split(command),
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, f"{command}\n{finished.stdout}{finished.stderr}"
    return finished


# --- the tutorial ----------------------------------------------------------------------------


@dataclass
class Preview:
    """`netviz serve` as it runs in a reader's first terminal."""

    process: subprocess.Popen[str]
    terminal: Path
    version: str = ""

    @classmethod
    def start(cls, command: str, folder: Path) -> "Preview":
        terminal = folder / "terminal.txt"
        with terminal.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                shlex.split(command), cwd=folder, env=environment(folder), stderr=output, text=True
            )
        return cls(process, terminal)

    @property
    def said(self) -> str:
        return self.terminal.read_text(encoding="utf-8")

    def wait_for_new_page(self) -> None:
        """Wait until the site has been built again, as an open page would."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            state = self._state()
            assert not state.get("fault"), state
            version = state.get("version", "")
            if version not in ("", self.version) and not version.endswith(NOT_BUILT):
                self.version = version
                return
            time.sleep(0.05)
        raise AssertionError(f"no new page\n{self.said}")

    def _address(self) -> str | None:
        found = re.search(r"http://\S+/", self.said)
        return found[0] if found else None

    def _state(self) -> dict[str, str]:
        address = self._address()
        if address is None:
            return {}
        with urllib.request.urlopen(f"{address}-/events", timeout=PATIENCE_SECONDS) as events:  # noqa: S310 - on this machine
            for line in events:
                if line.startswith(b"data: "):
                    state: dict[str, str] = json.loads(line.removeprefix(b"data: "))
                    return state
        return {}

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE_SECONDS)


def save(file: Path, text: str) -> None:
    """Save as most editors do: no build reads a file of which a part is missing."""
    written = file.with_name(f"{file.name}~")
    written.write_text(text, encoding="utf-8")
    written.replace(file)


@dataclass
class Reader:
    """Someone who does what a page says, in an empty folder."""

    folder: Path
    preview: Preview | None = None
    to_replace: tuple[Path, str] | None = None

    def follow(self, block: Block) -> None:
        if block.language == "sh":
            for command in block.code.splitlines():
                self._run(command)
            return
        self._edit(block)
        if self.preview is not None and self.to_replace is None:
            self.preview.wait_for_new_page()

    def _run(self, command: str) -> None:
        if command.startswith("netviz serve"):
            self.preview = Preview.start(command, self.folder)
            self.preview.wait_for_new_page()
            return
        if command.startswith("netviz build") and self.preview is not None:
            self.preview.stop()
        run(command, self.folder)

    def _edit(self, block: Block) -> None:
        if self.to_replace is not None:
            assert block.before == "by:"
            (file, old), self.to_replace = self.to_replace, None
            self._replace(file, old, block.code)
            return
        told = re.search(
            r"(?P<verb>[Aa]dd at the end of|Take out of|In) `(?P<file>[^`]+)`( again| replace)?:$",
            block.before,
        )
        assert told is not None, f"what is to be done with this? {block}"
        file = self.folder / told["file"]
        if told["verb"] == "In":
            self.to_replace = (file, block.code)
        elif told["verb"] == "Take out of":
            self._replace(file, block.code, "")
        else:
            save(file, f"{file.read_text('utf-8')}\n{block.code}")

    def _replace(self, file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        old, new = old.rstrip("\n"), new.rstrip("\n")
        assert text.count(old) == 1, f"{file} has {text.count(old)} times {old!r}"
        save(file, text.replace(old, new))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    if reader.preview is not None:
        reader.preview.stop()


@pytest.mark.slow
def test_the_tutorial_works_to_the_letter_in_an_empty_folder(reader: Reader) -> None:
    """Every command, every snippet in its place, with the page watched all the while."""
    for block in blocks("tutorial.md"):
        reader.follow(block)
    assert reader.preview is not None
    assert "does not hold: “Otherwise it is hardly ever wrong.”" in reader.preview.said
    site = reader.folder / "build" / "site"
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "Otherwise it is hardly ever wrong" not in page
    for shown in (
        "recognises",
        "below its average",
        "Figure 3</a> are not digits",
        "<meter value=",
    ):
        assert shown in page
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    assert list(measured["networks"]) == ["digits", "ten-units"]


# --- the other pages -------------------------------------------------------------------------


@pytest.mark.slow
def test_the_snippets_of_writing_are_one_essay_that_builds(tmp_path: Path) -> None:
    essay = tmp_path / "my-essay"
    (essay / "templates" / "css").mkdir(parents=True)
    snippets: dict[str, list[str]] = {"markdown": [], "toml": [], "css": []}
    for block in blocks("writing.md"):
        snippets[block.language].append(block.code)
    files = {
        "index.md": FRONT + "\n".join(snippets["markdown"]),
        "essay.toml": "\n".join(snippets["toml"]),
        "templates/css/50-own.css": "\n".join(snippets["css"]),
    }
    for name, text in files.items():
        (essay / name).write_text(text, encoding="utf-8")
    run("netviz build my-essay --offline", tmp_path)
    assert "nothing to mend" in run("netviz check my-essay", tmp_path).stderr
    page = (tmp_path / "build" / "site" / "index.html").read_text(encoding="utf-8")
    for shown in ("<dt>Weight decay</dt>", 'class="admonition', "<math", "Figure 1</a> shows"):
        assert shown in page
    text = page.partition("<style>")[2].partition("</style>")[0]
    assert text.rindex("--nv-accent: light-dark(#8a3b12") > text.rindex("--nv-accent: #a9a0ff")


@pytest.mark.torture
def test_the_snippets_of_material_are_an_essay_of_own_images_and_weights(tmp_path: Path) -> None:
    run("netviz new my-essay", tmp_path)
    essay = tmp_path / "my-essay"
    for name in ("circle", "square"):
        (essay / "shapes" / name).mkdir(parents=True)
        for number in range(20):
            colour = (100 + number, 9, 9) if name == "circle" else (9, 9, 100 + number)
            Image.new("RGB", (30 + number, 24), colour).save(
                essay / "shapes" / name / f"{number}.png"
            )
    settings: list[str] = []
    for block in blocks("material.md"):
        if block.language == "python":
            subprocess.run([sys.executable, "-c", block.code], cwd=tmp_path, check=True)
        elif block.language == "sh":
            (essay / "essay.toml").write_text("\n".join(settings), encoding="utf-8")
            run(block.code, tmp_path)
        else:
            settings.append(block.code)
    learning = '[networks.ours]\ntitle = "ours"\ndataset = "shapes"\n'
    (essay / "essay.toml").write_text("\n".join([*settings, learning]), encoding="utf-8")
    calls = [f'{{{{ figure("weights", network="{name}") }}}}' for name in ("ours", "theirs")]
    calls.append('{{ figure("filters", network="strokes") }}')
    (essay / "index.md").write_text(FRONT + "\n\n".join(calls), encoding="utf-8")
    run("netviz build my-essay --offline", tmp_path)
    site = tmp_path / "build" / "site"
    measured = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    assert measured["networks"]["theirs"]["test"]["accuracy"] == 1.0
    assert measured["networks"]["strokes"]["test"]["accuracy"] > 0.8
    assert measured["datasets"]["shapes"]["image_shape"] == [16, 16, 3]
    assert "nothing to mend" in run("netviz check my-essay", tmp_path).stderr


def answering(tmp_path: Path) -> dict[str, str]:
    """Begin the essay of the page on answers; return its snippets of Python by their lead."""
    run("netviz new my-essay", tmp_path)
    found = blocks("answers.md")
    for block in found:
        if block.language == "sh":
            run(block.code, tmp_path)
        elif block.language == "toml":
            with (tmp_path / "my-essay" / "essay.toml").open("a", encoding="utf-8") as settings:
                settings.write("\n" + block.code)
    call = '\n\n{{ figure("confusion_matrix", network="theirs", id="fig-theirs") }}\n'
    with (tmp_path / "my-essay" / "index.md").open("a", encoding="utf-8") as page:
        page.write(call)
    return {
        block.before.partition("**")[2].partition("**")[0]: block.code
        for block in found
        if block.language == "python"
    }


def accuracy_of_theirs(tmp_path: Path) -> float:
    """Build the essay; return what share of the test images the network of answers knows."""
    run("netviz build my-essay --offline", tmp_path)
    text = (tmp_path / "build" / "site" / "measurements.json").read_text(encoding="utf-8")
    return float(json.loads(text)["networks"]["theirs"]["test"]["accuracy"])


@pytest.mark.torture
def test_the_snippets_of_answers_write_what_a_build_takes(tmp_path: Path) -> None:
    code = answering(tmp_path)["numpy alone"]
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert accuracy_of_theirs(tmp_path) > 0.6


@pytest.mark.slow
def test_the_snippets_of_notebooks_are_one_script(tmp_path: Path) -> None:
    """Every line but the look, which takes a whole build."""
    run("netviz new my-essay", tmp_path)
    run("netviz data --export mnist split.npz --essay my-essay", tmp_path)
    *figures, look = [one.code for one in blocks("notebooks.md") if one.language == "python"]
    assert "netviz.look" in look
    script(figures, tmp_path)
    assert 'data-figure="mistakes"' in (tmp_path / "mistakes.html").read_text(encoding="utf-8")


@pytest.mark.torture
def test_the_look_of_the_page_on_notebooks_is_one_file(tmp_path: Path) -> None:
    run("netviz new my-essay", tmp_path)
    run("netviz data --export mnist split.npz --essay my-essay", tmp_path)
    found = [one.code for one in blocks("notebooks.md") if one.language == "python"]
    script([*found[:2], found[-1]], tmp_path)
    assert 'data-figure="weights"' in (tmp_path / "look.html").read_text(encoding="utf-8")


def script(snippets: list[str], folder: Path) -> None:
    """Run snippets of Python as one script."""
    command = [sys.executable, "-c", "\n".join(snippets)]
    ran = subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.torture
def test_the_command_of_the_page_on_look_makes_a_site(tmp_path: Path) -> None:
    run("netviz new my-essay", tmp_path)
    run("netviz data --export mnist split.npz --essay my-essay", tmp_path)
    with np.load(tmp_path / "split.npz") as split:
        images, labels = split["x_train"] / 255, split["y_train"]
    means = np.stack([images[labels == k].mean(axis=0).ravel() for k in range(10)], axis=1)
    biases = -(means**2).sum(axis=0) / 2  # the nearest average image wins
    np.savez(tmp_path / "theirs.npz", weights_0=means, biases_0=biases)
    (block,) = blocks("look.md")
    assert "the site: build/look/index.html" in run(block.code, tmp_path).stdout
    assert "nothing to mend" in run("netviz check look-theirs --out build/look", tmp_path).stderr


@pytest.mark.torture
def test_the_snippets_of_the_page_on_onnx_make_a_site(tmp_path: Path) -> None:
    found = blocks("onnx.md")
    code = next(block.code for block in found if "onnx alone" in block.before)
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    run("netviz new my-essay", tmp_path)
    essay = tmp_path / "my-essay"
    (essay / "theirs.onnx").write_bytes((tmp_path / "theirs.onnx").read_bytes())
    with (essay / "essay.toml").open("a", encoding="utf-8") as settings:
        settings.writelines("\n" + block.code for block in found if block.language == "toml")
    with (essay / "index.md").open("a", encoding="utf-8") as page:
        page.write('\n\n{{ figure("filters", network="theirs", id="fig-theirs") }}\n')
    assert 0 <= accuracy_of_theirs(tmp_path) <= 1
    command = next(block.code for block in found if "netviz look" in block.code)
    assert "the site: build/look/index.html" in run(f"{command} --sample", tmp_path).stdout


# What a reader of the page brings: a model of each framework, which has learnt nothing.
MODELS = {
    "PyTorch": "import torch; model = torch.nn.Sequential("
    "torch.nn.Flatten(), torch.nn.LazyLinear(10)); model(torch.zeros(1, 1, 28, 28))",
    "Keras": "import keras; model = keras.Sequential([keras.layers.Input((28, 28, 1)),"
    " keras.layers.Flatten(), keras.layers.Dense(10, activation='softmax')])",
    "scikit-learn": "import numpy as np; from sklearn.ensemble import RandomForestClassifier;"
    " s = np.load('split.npz'); model = RandomForestClassifier(20, random_state=1).fit("
    "s['x_train'].reshape(len(s['x_train']), -1) / 255, s['y_train'])",
    "Hugging Face": "from transformers import ViTConfig, ViTForImageClassification,"
    " ViTImageProcessor; processor = ViTImageProcessor(size={'height': 32, 'width': 32});"
    " model = ViTForImageClassification(ViTConfig(hidden_size=16, num_hidden_layers=1,"
    " num_attention_heads=2, intermediate_size=16, image_size=32, patch_size=8, num_labels=10))",
}


@pytest.mark.torture
@pytest.mark.parametrize(
    ("framework", "package"),
    [
        ("PyTorch", "torch"),
        ("Keras", "keras"),
        ("scikit-learn", "sklearn"),
        ("Hugging Face", "transformers"),
    ],
)
def test_each_framework_writes_answers_that_a_build_takes(
    tmp_path: Path, framework: str, package: str
) -> None:
    """`NETVIZ_FRAMEWORKS` names a Python that has the frameworks; without them it is skipped."""
    python = os.environ.get("NETVIZ_FRAMEWORKS", sys.executable)
    if subprocess.run([python, "-c", f"import {package}"], capture_output=True).returncode:  # noqa: PLW1510 - the code is the question
        pytest.skip(f"{python} has no {package}")
    code = MODELS[framework] + "\n" + answering(tmp_path)[framework]
    subprocess.run([python, "-W", "ignore", "-c", code], cwd=tmp_path, check=True)
    assert 0 <= accuracy_of_theirs(tmp_path) <= 1


@pytest.mark.torture
def test_the_snippets_of_languages_are_one_essay_in_two_languages(tmp_path: Path) -> None:
    run("netviz new my-essay", tmp_path)
    essay = tmp_path / "my-essay"
    (essay / "templates" / "languages").mkdir(parents=True)
    original, translation, catalogue, counted = blocks("languages.md")
    for name, block in {
        "index.md": original,
        "index.de.md": translation,
        "templates/languages/de.toml": catalogue,
    }.items():
        (essay / name).write_text(block.code, encoding="utf-8")
    said = run("netviz build my-essay --offline", tmp_path).stderr
    assert "languages/de.toml is missing " in said
    missing = (tmp_path / "build" / "cache" / "missing" / "de.toml").read_text(encoding="utf-8")
    assert '"Skip to the text" = ""' in missing
    assert '"Weights of' not in missing
    page = (tmp_path / "build" / "site" / "index.de.html").read_text(encoding="utf-8")
    for shown in ('<html lang="de"', "Abbildung", "Gewichte für 0", "31. Januar 2026"):
        assert shown in page
    assert "nothing to mend" in run("netviz check my-essay", tmp_path).stderr
    polish = essay / "templates" / "languages" / "pl.toml"
    polish.write_text(f'name = "Polski"\n{counted.code}', encoding="utf-8")
    language = Languages([essay / "templates", built_in_templates()]).find("pl")
    units = words.say_counted("{count} hidden units", "1 hidden unit", count=words.number(22))
    assert said_in(language, units) == "22 ukryte jednostki"


@pytest.mark.torture
def test_the_commands_of_publishing_work_and_its_caching_fits(tmp_path: Path) -> None:
    """The rule for long caching finds each hashed file, and no file that may change."""
    run("netviz new my-essay", tmp_path)
    settings = tmp_path / "my-essay" / "essay.toml"
    by_language = {block.language: block.code for block in blocks("publishing.md")}
    settings.write_text(by_language["toml"] + settings.read_text("utf-8"), encoding="utf-8")
    text = tmp_path / "my-essay" / "index.md"
    named = text.read_text("utf-8").replace("[Your Name]", "[Ada Lovelace]")  # which check asks for
    text.write_text(named, encoding="utf-8")
    for block in blocks("publishing.md"):
        if block.language == "sh":
            run(block.code, tmp_path)
    site = tmp_path / "public"
    assert "https://example.org/essays/nets/" in (site / "sitemap.xml").read_text("utf-8")
    found = re.search(r'location ~ "(.+?)" \{', by_language["nginx"])
    assert found is not None
    for file in (file for file in site.rglob("*") if file.is_file()):
        path = "/" + file.relative_to(site).as_posix()
        is_hashed = file.parent.name in ("assets", "pictures", "data")
        assert bool(re.search(found[1], path)) == is_hashed, path


def options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    """Yield every option of every command below `parser`, with the command's name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                for _, below in options(command):
                    yield name, below
        else:
            yield "", action


def test_the_reference_has_every_command_and_option() -> None:
    """Each option stands in a row that names its commands."""
    text = (DOCS / "reference.md").read_text(encoding="utf-8")
    named = {}
    for row in re.findall(r"^\| (`-.+?) \| (.*?) \| ", text, re.MULTILINE):
        for name in re.findall(r"`(-[\w-]+)", row[0]):
            named[name] = set(re.findall(r"`(\w+)", row[1]))
    found: dict[str, set[str]] = {}
    for command, action in options(cli.parser()):
        for name in action.option_strings:
            found.setdefault(name, set()).add(command)
        if command:
            assert f"`netviz {command}" in text
    for everywhere in ("-h", "--help", "--version"):
        found[everywhere] = set()
        named[everywhere] = set()
    assert named == found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the documentation, as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "docs").symlink_to(DOCS)
    run("netviz build docs --out build/docs --offline", folder)
    return folder


@pytest.mark.slow
def test_the_documentation_is_a_site_of_netviz_without_a_fault(built: Path) -> None:
    assert "nothing to mend" in run("netviz check docs --out build/docs", built).stderr
    pages = {path.stem for path in (built / "build" / "docs").glob("*.html")} - {"404"}
    assert pages == {path.stem for path in DOCS.glob("*.md")}


@pytest.mark.slow
def test_links_work_where_markdown_is_read_too(built: Path) -> None:
    """Every link to another page names its file in the folder, and its page in the site."""
    for file in DOCS.glob("*.md"):
        prose = re.sub(r"^```.*?^```|`[^`\n]+`", "", file.read_text("utf-8"), flags=re.S | re.M)
        html = (built / "build" / "docs" / f"{file.stem}.html").read_text(encoding="utf-8")
        for target, fragment in re.findall(r"\]\(([\w-]+\.md)(#[\w-]+)?\)", prose):
            assert (DOCS / target).is_file()
            assert f'href="{target.removesuffix(".md")}.html{fragment}"' in html
        assert not re.search(r'<a [^>]*href="(?!https?:)[^"]*\.md', html)


@pytest.mark.slow
def test_the_tables_of_the_reference_are_filled(built: Path) -> None:
    html = (built / "build" / "docs" / "reference.html").read_text(encoding="utf-8")
    keys = ("networks.NAME.hidden.votes", "sweeps.NAME.doublings", "comparisons.NAME")
    for shown in ("[networks.NAME.recipe]", 'id="figure-weights"', "whole_percent", *keys):
        assert shown in html
