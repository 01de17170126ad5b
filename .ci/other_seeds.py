"""Build the essay from other seeds: each of its claims must hold, or the build fails.

The networks of those seeds were trained for the essay anyway, to know the spread, so the cache
has them and only measuring, drawing and writing are done again.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[1]
ONE_SEED = re.compile(r"^seed = (\d+)$", re.MULTILINE)
MORE_SEEDS = re.compile(r"^more_seeds = \[([\d, ]+)\]$", re.MULTILINE)


def with_seed(settings: str, seed: int) -> str:
    """Return `settings` with `seed` in the place of the one that figures show."""
    shown = int(ONE_SEED.findall(settings)[0])

    def exchanged(match: re.Match[str]) -> str:
        listed = [shown if int(text) == seed else int(text) for text in match[1].split(",")]
        return f"more_seeds = {listed}"

    changed = MORE_SEEDS.sub(exchanged, ONE_SEED.sub(f"seed = {seed}", settings))
    if changed == settings:
        raise SystemExit(f"the settings have seed {seed} already")
    return changed


def main() -> int:
    """Build once for each seed named in the arguments; return 0 if all builds did."""
    codes = []
    for seed in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory(dir=PROJECT / "build") as folder:
            essay = Path(folder) / "essay"
            shutil.copytree(PROJECT / "essay", essay)
            file = essay / "essay.toml"
            file.write_text(with_seed(file.read_text(encoding="utf-8"), seed), encoding="utf-8")
            shutil.copytree(PROJECT / "build" / "cache", Path(folder) / "cache")
            site = Path(folder) / "site"
            command: list[str | Path] = [
                sys.executable,
                "-m",
                "netviz",
                "build",
                essay,
                "--out",
                site,
            ]
            print(f"seed {seed}", flush=True)
            codes.append(subprocess.run(command, check=False).returncode)  # noqa: S603 - ours
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
