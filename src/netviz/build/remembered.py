"""The memory that a build from the command line leaves for the next one.

Most of the time of a build that trains and draws nothing goes into reading texts and composing
figures and pages, of which an edit changes a few. What functions made of the others is kept in one
file, and found by their arguments as in a preview (`engine/memory.py`). It is a pickle, which may
run any code as it is read: so the file begins with the user's seal, and one that came with a
checkout is not read.
"""

import hashlib
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from netviz.build.build import read_measurements, same_languages
from netviz.engine.disk import disk_faults, is_link, own_folder, write_own
from netviz.engine.memory import Key, Memory
from netviz.engine.seal import is_sealed, seal_of, user_key
from netviz.essay.figure_texts import figure_text
from netviz.essay.languages import Languages
from netviz.essay.manuscript import read_manuscript
from netviz.essay.page import compose, compose_figure, compose_fragment
from netviz.publishing.machines.page import page_markdown
from netviz.publishing.own_scripts import script_fault
from netviz.publishing.pages import measurements_file
from netviz.publishing.shared import joined

SEAL_BYTES = 64  # hexadecimal digits
LARGEST = 1 << 28  # bytes; to read and write more would take longer than it saves

# What they return depends on their arguments alone, and takes longer to make than to read. Steps
# are not among them: the cache looks at what they made before it is used.
LASTING: frozenset[Callable[..., Any]] = frozenset({
    same_languages,
    read_measurements,
    read_manuscript,
    figure_text,
    compose_fragment,
    compose_figure,
    compose,
    page_markdown,
    joined,
    script_fault,
    measurements_file,
})  # fmt: skip


def read_memory(file: Path, code: str | None) -> Memory:
    """Return the memory that was left in `file` by the same `code`; an empty one if there is none.

    `code` is a digest of all that the results depend on besides the arguments of functions, or
    None where that could not be read.
    """
    if code is None or is_link(file) or is_link(file.parent):
        return Memory()
    try:
        if file.stat().st_size > LARGEST:
            return Memory()
        content = memoryview(file.read_bytes())
        seal, pickled = bytes(content[:SEAL_BYTES]), content[SEAL_BYTES:]
        if not is_sealed(user_key(), _sealed(code, pickled), seal.decode("ascii", "replace")):
            return Memory()
        kept: Mapping[Key, Any] = pickle.loads(pickled)  # noqa: S301 - written by this user
    # An essay's own figures cannot be imported yet: what was made of them is made again.
    except (OSError, ImportError, AttributeError):
        return Memory()
    return Memory(kept)


def leave_memory(file: Path, code: str | None, memory: Memory) -> None:
    """Write to `file` what `memory` keeps of functions whose results last.

    Nothing is left where translations are missing, which the next build has to find again in order
    to report them, where a result cannot be pickled, or where all of them are too large.

    Raises:
        SiteError: the disk refuses.
    """
    kept = memory.kept_of(LASTING)
    if code is None or any(map(_is_incomplete, kept.values())):
        return
    try:
        pickled = pickle.dumps(kept, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        return
    if len(pickled) > LARGEST:
        return
    seal = seal_of(user_key(), _sealed(code, pickled)).encode()
    with disk_faults(file):
        own_folder(file.parent)
        write_own(file, seal + pickled)


def _is_incomplete(result: object) -> bool:
    return isinstance(result, Languages) and any(one.missing for one in result.known.values())


def _sealed(code: str, pickled: bytes | memoryview) -> bytes:
    """Return what the seal is of: the code, and a digest, which takes no copy of the results."""
    return b"memory " + code.encode() + b" " + hashlib.sha256(pickled).digest()
