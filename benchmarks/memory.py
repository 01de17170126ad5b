"""The memory of a process and all its descendants, while it runs."""

import os
import re
import threading
from pathlib import Path
from types import TracebackType

INTERVAL_SECONDS = 0.1
PROPORTIONAL = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


class MemoryWatch:
    """Looks again and again, as a context, at the memory of everything this process has started.

    Pages that processes share, such as mapped data, are divided among them (Linux's "proportional
    set size"), so that the sum counts each once.

    Attributes:
        peak_megabytes: the largest sum seen; 0 where the system does not tell.
    """

    def __init__(self) -> None:
        self.peak_megabytes = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(INTERVAL_SECONDS):
            total = sum(_kilobytes(process) for process in _descendants(os.getpid()))
            self.peak_megabytes = max(self.peak_megabytes, total / 1024)


def _descendants(process: int) -> list[int]:
    try:
        text = " ".join(
            file.read_text() for file in Path(f"/proc/{process}/task").glob("*/children")
        )
    except OSError:
        return []
    children = [int(word) for word in text.split()]
    return children + [deeper for child in children for deeper in _descendants(child)]


def _kilobytes(process: int) -> int:
    try:
        found = PROPORTIONAL.search(Path(f"/proc/{process}/smaps_rollup").read_bytes())
    except OSError:
        return 0
    return int(found[1]) if found else 0
