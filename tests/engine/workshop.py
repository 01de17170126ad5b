"""A small graph of steps in a module of its own, which tests may edit as an author would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from netviz.engine.cache import Cache
from netviz.engine.execute import Event, run
from netviz.engine.graph import Artifact, Step, Tree
from netviz.engine.local import LocalExecutor

HELPER = """
OFFSET = 1
"""

SHIFT = """
from {package}.helper import OFFSET


def shifted(inputs, parameters, folder):
    (folder / "text").write_text(str(int((inputs["from"] / "text").read_text()) + OFFSET))
"""

STEPS = '''
import os
import time
from pathlib import Path

from netviz.errors import EssayError, Place
from netviz.limits import Limits, reading


def write(inputs, parameters, folder):
    """Write the text of the parameters and of every input."""
    parts = [(inputs[role] / "text").read_text() for role in sorted(inputs)]
    (folder / "text").write_text(" ".join([parameters.get("text", ""), *parts]).strip())


def gathered(inputs, parameters, folder):
    """Write the texts of a list of inputs within a mapping, in their order."""
    texts = [(one / "text").read_text() for one in inputs["all"]["of"]]
    (folder / "text").write_text(" ".join(texts))


def sign(inputs, parameters, folder):
    value = int((inputs["from"] / "text").read_text())
    (folder / "text").write_text("1" if value > 0 else "0")


def large(inputs, parameters, folder):
    (folder / "deep").mkdir()
    (folder / "deep" / "bytes").write_bytes(b"x" * 200_000)


def sums(inputs, parameters, folder):
    import numpy as np

    rng = np.random.default_rng(parameters["seed"])
    a = rng.standard_normal((300, 700), dtype=np.float32)
    np.save(folder / "sum.npy", a @ a.T)
    (folder / "threads").write_text(os.environ["OPENBLAS_NUM_THREADS"])


def fault(inputs, parameters, folder):
    raise EssayError("it is wrong", place=Place("index.md", 3), remedy="Mend it.")


def bug(inputs, parameters, folder):
    raise ZeroDivisionError("a bug")


def die(inputs, parameters, folder):
    os.kill(os.getpid(), 9)


def read_long(inputs, parameters, folder):
    with reading(Path("net.npz"), Limits(seconds=0.3)):
        if parameters["how"] == "work":
            while True:
                pass
        time.sleep(60)


def read_and_die(inputs, parameters, folder):
    with reading(Path("net.npz")):
        os.kill(os.getpid(), 11)


def read_large(inputs, parameters, folder):
    with reading(Path("net.npz"), Limits(megabytes=200)):
        bytes(1 << 30)


def interrupted(inputs, parameters, folder):
    os.kill(os.getpid(), 2)
    time.sleep(0.01)
    (folder / "text").write_text("unmoved")


def slow(inputs, parameters, folder):
    Path(parameters["sign"]).write_text(str(os.getpid()))
    time.sleep(60)


def too_much(inputs, parameters, folder):
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (parameters["limit"], resource.RLIM_INFINITY))
    (folder / "text").write_bytes(b"x" * 100_000)
'''


@dataclass
class Workshop:
    """A cache, workers, and a package of steps in the modules `steps` and `shift`.

    The latter imports `helper`. `events` are those of the last run.
    """

    cache: Cache
    executor: LocalExecutor
    folder: Path
    events: list[Event] = field(default_factory=list)

    @property
    def module(self) -> str:
        return f"{self.folder.name}.steps"

    @property
    def helper_file(self) -> Path:
        return self.folder / "helper.py"

    def step(
        self,
        function: str,
        name: str = "",
        inputs: Mapping[str, Tree[Step | Artifact]] | None = None,
        **parameters: object,
    ) -> Step:
        module = f"{self.folder.name}.shift" if function == "shifted" else self.module
        return Step(name or function, f"{module}:{function}", parameters, inputs or {})

    def run(self, *steps: Step) -> dict[str, Artifact]:
        self.events.clear()
        return run(steps, cache=self.cache, executor=self.executor, on_event=self.events.append)

    def names(self, kind: str) -> list[str]:
        return sorted(event.step for event in self.events if event.kind == kind)

    def why(self, name: str) -> str:
        (why,) = [
            event.why for event in self.events if event.kind == "started" and event.step == name
        ]
        return why


def text_of(artifact: Artifact) -> str:
    return (artifact.folder / "text").read_text()
