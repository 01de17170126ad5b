"""`make bench`: where netviz stands, measured in one run, next to its peers.

Each part is measured and kept in build/bench.json; a part that is left out keeps what an
earlier run found. The tables are printed, and on request written into README.md and
docs/performance.md, between their markers.
"""

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from benchmarks.report import tables, write_between_markers

PROJECT = Path(__file__).parents[1]
REPORT = PROJECT / "build" / "bench.json"
PAGES = (PROJECT / "README.md", PROJECT / "docs" / "performance.md")
PARTS = ("training", "convolution", "building", "preview", "page", "growth")


def main() -> int:
    """Measure, keep, print; return the exit code."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as builds do; before a part loads numpy
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
    options = _parser().parse_args()
    report = json.loads(REPORT.read_text("utf-8")) if REPORT.is_file() else {}
    for part in options.only:
        print(f"measuring: {part} ...", file=sys.stderr, flush=True)
        start = time.monotonic()
        module = importlib.import_module(f"benchmarks.{part}")
        measured = module.measure(quick=options.quick)
        report[part] = {"quick": options.quick, "machine": machine(), **measured}
        _save(report)
        print(f"measured: {part}, {time.monotonic() - start:.0f} s", file=sys.stderr)
    for name, table in tables(report).items():
        print(f"\n{name}\n\n{table}")
    if options.write:
        for page in PAGES:
            for name in write_between_markers(page, tables(report)):
                print(f"{page.name}: {name}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: minutes, not many")
    parser.add_argument(
        "--only", nargs="*", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS)
    )
    parser.add_argument(
        "--write", action="store_true", help="write the tables into README.md and the docs"
    )
    return parser


def _save(report: dict[str, Any]) -> None:
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
