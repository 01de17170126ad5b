"""How long a build takes, as an author feels it: whole processes, from the command to its end.

Cold (data there, nothing else), unchanged, after an edit of the text; and how long the command
line takes to start, against bare Python. Prints a table and writes build/bench.json.
Arguments are handed on to `netviz build`: --sample, --jobs 2, and so on.
"""

import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]
REPORT = PROJECT / "build" / "bench.json"
REPEATS = 5  # of what takes a second or less; the median counts


def seconds(*command: str | Path, repeats: int = 1) -> float:
    """Return the median time of `command` in seconds."""
    return statistics.median(_seconds(command) for _ in range(repeats))


def _seconds(command: tuple[str | Path, ...]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure(folder: Path, options: list[str]) -> dict[str, float]:
    """Build a copy of the essay in `folder` again and again; return seconds by name."""
    essay = folder / "essay"
    shutil.copytree(PROJECT / "essay", essay)

    def build(out: str, repeats: int = 1) -> float:
        site = folder / out / "site"
        return seconds(
            "-m", "netviz", "build", essay, "--out", site, *options, repeats=repeats
        )  # fmt: skip

    build("warm-up")  # fetches the data, where they are not there yet
    times = {
        "bare Python": seconds("-c", "pass", repeats=REPEATS),
        "netviz --help": seconds("-m", "netviz", "--help", repeats=REPEATS),
        "build, cold": build("cold"),
        "build, unchanged": build("cold", repeats=REPEATS),
    }
    edits = []
    for number in range(REPEATS):
        with (essay / "index.md").open("a", encoding="utf-8") as text:
            text.write(f"\nThis is edit {'i' * (number + 1)}.\n")
        edits.append(build("cold"))
    return times | {"build, text edited": statistics.median(edits)}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        times = measure(Path(folder), sys.argv[1:])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    for name, value in times.items():
        print(f"{name:20} {value:7.2f} s")
    print(f"{'largest process':20} {peak:7.0f} MB")
    report = {
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
        "python": platform.python_version(),
        "options": sys.argv[1:],
        "seconds": times,
        "largest_process_megabytes": peak,
    }
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
