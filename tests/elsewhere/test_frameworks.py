"""Networks as frameworks make and save them answer here as they do there, or are refused.

`make frameworks` sets up an environment with the frameworks; `NETVIZ_FRAMEWORKS` names its Python.
What was found is kept in `frameworks/found.json`, from which the table of our page is written.
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.errors import DataError
from netviz.essay.settings import NetworkSettings
from netviz.network.network import Network
from netviz.pipeline.plan import _import
from netviz.records import record
from tests.elsewhere.frameworks.keeping import DOCS, Array, Said

APART = 1e-4
PROJECT = Path(__file__).parents[2]
FOUND = Path(__file__).parent / "frameworks" / "found.json"
PYTHON = os.environ.get("NETVIZ_FRAMEWORKS", "")
BEGIN, END = "| framework |", "\n\n"  # of the table

# The title of each framework, its modules beside this one, and on what Keras computes there.
FRAMEWORKS: dict[str, tuple[tuple[str, str], ...]] = {
    "PyTorch": (("pytorch", ""), ("pytorch_onnx", "")),
    "Keras": (("keras_models", "torch"), ("keras_models", "jax")),
    "Flax": (("flax_models", ""),),
    "Haiku": (("haiku_models", ""),),
    "Equinox": (("equinox_models", ""),),
    "scikit-learn": (("sklearn_models", ""),),
    "MLX": (("mlx_models", ""),),
}
# Packages by the names under which they are installed; those that the frameworks bring along.
INSTALLED_AS = {"haiku": "dm-haiku", "sklearn": "scikit-learn"}
OF_OTHERS = {"numpy", "optax", "tests"}
Row = dict[str, Any]


def said_of(place: Path) -> Said:
    said = json.loads((place / "said.json").read_text(encoding="utf-8"))
    return Said(**said | {"shape": tuple(said["shape"])})


def read(place: Path, said: Said) -> Network:
    """Read the file as a build does, with what an author says in `essay.toml`."""
    table = {"title": "theirs", "dataset": "images", "weights": said.file, **said.settings}
    fields = asdict(_import(record(NetworkSettings, table)))
    return read_foreign(place / fields.pop("file"), Expected(said.shape, said.classes, **fields))


def given(logits: Array, said: Said) -> Array:
    """Return what the framework gives, made of logits."""
    if said.gives == "logits":
        return logits
    shifted = logits - logits.max(axis=1, keepdims=True)
    found = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.asarray(found if said.gives == "log probabilities" else np.exp(found))


def wrong(place: Path) -> str:
    """Return what is wrong with how netviz takes a network, or ""."""
    said = said_of(place)
    try:
        network = read(place, said)
    except DataError as error:
        is_right = said.why and re.search(said.reason, str(error), re.DOTALL)
        return "" if is_right else f"refused: {error}"
    with np.load(place / "answers.npz") as kept:
        pixels, answers = kept["pixels"], kept["answers"]
    found = given(network.logits(pixels.reshape(len(pixels), -1)).astype(np.float64), said)
    if found.shape != answers.shape:
        return f"answers {found.shape} for {answers.shape}"
    apart = np.abs(found - answers).max()
    others = (found.argmax(axis=1) != answers.argmax(axis=1)).sum()
    if said.why:
        return f"read, though it was to be refused: {apart:.2g} apart, {others} in other classes"
    return f"{apart:.2g} apart, {others} in other classes" if apart > APART or others else ""


def made(title: str, folder: Path) -> list[Path]:
    """Let a framework make its networks; return the folder of each."""
    for module, backend in FRAMEWORKS[title]:
        name = f"tests.elsewhere.frameworks.{module}"
        variables = {**os.environ, "PYTHONPATH": str(PROJECT), "KERAS_BACKEND": backend or "torch"}
        ran = subprocess.run(
            [Path(PYTHON).absolute(), "-W", "ignore", "-m", name, folder / f"{module}{backend}"],
            cwd=PROJECT, env=variables, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-5000:]
    return sorted(file.parent for file in folder.glob("*/*/said.json"))


def row_of(places: list[Path]) -> Row:
    """Return what the table says of a framework: its version, its forms, and what was refused."""
    said = [said_of(place) for place in places]
    return {
        "version": (places[0].parent / "version.txt").read_text(encoding="utf-8"),
        "forms": {
            form: {
                "read": sum(not one.why for one in said if one.form == form),
                "refused": dict(sorted(Counter(
                    one.why for one in said if one.form == form and one.why).items())),
            }
            for form in sorted({one.form for one in said})
        },
    }  # fmt: skip


@pytest.mark.torture
@pytest.mark.skipif(not PYTHON, reason="make frameworks sets them up")
@pytest.mark.parametrize("title", FRAMEWORKS)
def test_networks_answer_as_in_their_framework_or_are_refused(
    tmp_path: Path, title: str, pytestconfig: pytest.Config
) -> None:
    places = made(title, tmp_path)
    faults = {str(place.relative_to(tmp_path)): wrong(place) for place in places}
    assert {name: fault for name, fault in faults.items() if fault} == {}
    found = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.is_file() else {}
    if pytestconfig.getoption("--golden-update"):
        found[title] = row_of(places)
        found = {one: found[one] for one in FRAMEWORKS if one in found}
        FOUND.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        write_table(found)
    assert found.get(title) == row_of(places), "renew it with ARGS=--golden-update"


def test_make_installs_all_that_the_frameworks_modules_import() -> None:
    """Where `make frameworks` misses a package, no other test tells."""
    files = sorted((Path(__file__).parent / "frameworks").glob("*.py"))
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    names = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    names |= {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names}
    packages = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    dry = subprocess.run(
        ["make", "--dry-run", "frameworks"], cwd=PROJECT, capture_output=True, text=True, check=True
    )  # fmt: skip
    installed = set(re.findall(r"([\w-]+)==", dry.stdout))
    assert {INSTALLED_AS.get(one, one) for one in packages - OF_OTHERS} <= installed


# --- the table of the documentation ----------------------------------------------------------


def table(found: dict[str, Row]) -> str:
    lines = ["| framework | saved as | read | refused, and why |", "|---|---|---|---|"]
    for title, row in found.items():
        for form, counts in row["forms"].items():
            whys = ", ".join(
                why if count == 1 else f"{why} ({count})"
                for why, count in counts["refused"].items()
            )
            lines.append(f"| {title} {row['version']} | {form} | {counts['read']} | {whys} |")
    return "\n".join(lines)


def write_table(found: dict[str, Row]) -> None:
    page = DOCS / "look.md"
    text = page.read_text(encoding="utf-8")
    start = text.index(BEGIN)
    page.write_text(text[:start] + table(found) + text[text.index(END, start) :], encoding="utf-8")


def test_the_table_of_the_page_is_what_was_found() -> None:
    """At least 40 networks, of at least five frameworks, convolutional ones among them."""
    found = json.loads(FOUND.read_text(encoding="utf-8"))
    text = (DOCS / "look.md").read_text(encoding="utf-8")
    assert table(found) in text
    assert f"to {APART:.4f}," in text
    read = [form["read"] for row in found.values() for form in row["forms"].values()]
    assert sum(read) >= 40
    assert list(found) == list(FRAMEWORKS)
