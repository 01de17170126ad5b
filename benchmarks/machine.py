"""The machine that measures, in words that say how fast it may be and not whose it is."""

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("netviz", "numpy", "torch", "scikit-learn")


def machine() -> dict[str, object]:
    """Describe processor, memory and libraries."""
    return {
        "processor": _found(r"model name\s*:\s*(.+)", "/proc/cpuinfo") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(_found(r"MemTotal:\s*(\d+)", "/proc/meminfo") or 0) / 2**20, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),  # what else the machine does
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _found(pattern: str, file: str) -> str | None:
    try:
        found = re.search(pattern, Path(file).read_text("utf-8"))
    except OSError:
        return None
    return found.group(1).strip() if found else None
