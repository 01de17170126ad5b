"""The manifest of a prepared folder: what the data set is, and the digests of its arrays."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from netviz.datasets.description import Description
from netviz.errors import DataError, Place
from netviz.records import RecordError, record

FILE_NAME = "manifest.json"
ARRAYS = ("train-images", "train-labels", "test-images", "test-labels")


@dataclass(frozen=True)
class Manifest:
    """What is known of a prepared folder.

    `arrays` holds the SHA-256 of each decoded array and `sizes` the bytes of its file, both by
    the names in `ARRAYS`; `digest` is that of all arrays together.
    """

    description: Description
    is_sample: bool
    digest: str
    arrays: Mapping[str, str]
    sizes: Mapping[str, int]


def joint_digest(arrays: Mapping[str, str]) -> str:
    """Return one SHA-256 for the digests of all arrays."""
    return hashlib.sha256(json.dumps(dict(arrays), sort_keys=True).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a prepared folder.

    Raises:
        DataError: there is none, or it is damaged.
    """
    file = folder / FILE_NAME
    try:
        manifest = record(Manifest, dict(json.loads(file.read_bytes())))
        if set(manifest.arrays) != set(ARRAYS) or set(manifest.sizes) != set(ARRAYS):
            raise ValueError("the arrays are not " + ", ".join(ARRAYS))
    except (OSError, ValueError, TypeError, RecursionError, RecordError) as error:
        raise damaged(file, str(error)) from None
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a prepared folder, whole or not at all."""
    fresh = folder / f".{FILE_NAME}-{uuid.uuid4().hex[:8]}"
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
    fresh.write_text(text + "\n", encoding="utf-8", newline="\n")
    fresh.replace(folder / FILE_NAME)


def damaged(file: Path, got: str) -> DataError:
    """Return the error that says that a file of a prepared folder is damaged."""
    return DataError(
        "the prepared data are damaged",
        place=Place(file),
        got=got,
        remedy=f"Delete {file.parent} and build again.",
    )
