"""A build small enough to be killed many times: `python small_build.py FOLDER VERSION`.

Six steps in two layers, then a site of their texts, the same in every undisturbed build of one
version.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netviz.engine.cache import Cache
from netviz.engine.execute import run
from netviz.engine.graph import Step
from netviz.engine.local import local_executor
from netviz.publishing.writer import publish

WIDTH = 3
SIZE = 200_000  # bytes, so that there is time to be killed in the middle of a file


def make(inputs: Mapping[str, Path], parameters: Mapping[str, Any], folder: Path) -> None:
    """Write a long text that depends on the parameters and the inputs."""
    parts = [parameters["text"], *((inputs[role] / "text").read_text() for role in sorted(inputs))]
    text = "|".join(part[:40] for part in parts) + "\n"
    (folder / "text").write_text(text * (SIZE // len(text)))


def steps(version: str) -> list[Step]:
    """Return the steps of the second layer, each of which reads one of the first."""
    first = [
        Step(f"first {n}", "small_build:make", {"text": f"{version}.{n}"}) for n in range(WIDTH)
    ]
    return [
        Step(f"second {n}", "small_build:make", {"text": f"then {n}"}, {"from": step})
        for n, step in enumerate(first)
    ]


def site(folder: Path, version: str) -> dict[str, bytes]:
    """Build; return the files of the site."""
    with local_executor(2) as executor:
        made = run(steps(version), cache=Cache(folder / "cache"), executor=executor)
    return {f"{name}.txt": (item.folder / "text").read_bytes() for name, item in made.items()}


if __name__ == "__main__":
    publish(site(Path(sys.argv[1]), sys.argv[2]), Path(sys.argv[1]) / "site")
