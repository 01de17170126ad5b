"""Arrays out of a file that an author brought: `.safetensors`, `.npz`, or netviz's own JSON."""

import json
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.bounds import check_arrays, check_npz, check_safetensors
from netviz.elsewhere.faults import fault
from netviz.elsewhere.kinds import UNREAD, Readable, Unread, kind_of, remedy_for
from netviz.elsewhere.ours import arrays_of_json
from netviz.errors import DataError, listed
from netviz.network.storage import LARGEST

Arrays = Mapping[str, NDArray[Any]]

LARGEST_JSON = LARGEST // 4  # its numbers take more memory than bytes
FORMS = "an .onnx, a .safetensors or an .npz of weights"
DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "u1",
    "BOOL": "?",
}


@dataclass(frozen=True)
class Content:
    """What a file holds: arrays by name, and words that it says about itself."""

    arrays: Arrays
    metadata: Mapping[str, str] = field(default_factory=dict)


def read_content(file: Path) -> Content:
    """Read every array of `file`.

    Raises:
        DataError: there is no such file, it is of no kind that is read, or it is damaged.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise fault(file, "the file is too large", expected=f"at most {LARGEST} bytes")
        kind = kind_of(file)
        if isinstance(kind, Unread):
            raise _unread(file, kind)
        form = kind or _by_suffix(file)
        if form == "npz":
            check_npz(file, LARGEST)
        elif form == "safetensors":
            check_safetensors(file)
        content = READERS[form](file)
        check_arrays(file, content.arrays)
        return content
    except FileNotFoundError:
        raise fault(file, "there is no such file") from None
    except OSError as error:
        raise fault(file, f"the file cannot be read: {error.strerror or error}") from None


def _unread(file: Path, kind: Unread) -> DataError:
    return fault(file, f"the file is {kind.title}", expected=FORMS, remedy=remedy_for(kind, file))


def _by_suffix(file: Path) -> Readable:
    """Return the kind that the suffix of a file names, whose content does not tell it."""
    suffix = file.suffix.lower()
    if suffix == ".safetensors":
        return "safetensors"
    if suffix == ".npz":
        return "npz"
    raise _unread(file, UNREAD["unknown"])


# --- safetensors -----------------------------------------------------------------------------


def _safetensors(file: Path) -> Content:
    from safetensors import deserialize  # noqa: PLC0415 - few essays need it

    try:
        content = file.read_bytes()
        tensors = dict(deserialize(content))  # type: ignore[no-untyped-call]  # it has no annotations
        metadata = json.loads(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])
    except OSError:
        raise
    except Exception as error:  # a damaged file fails in more ways than can be listed
        got = f"{type(error).__name__}: {error}"
        raise fault(file, "not a readable file of safetensors", got=got) from None
    arrays = {name: _tensor(file, name, tensor) for name, tensor in sorted(tensors.items())}
    said = metadata.get("__metadata__", {})
    if said is None:  # MLX alone writes null where nothing is said; others leave the key out
        said = {"format": "mlx"}
    return Content(arrays, {str(key): str(value) for key, value in said.items()})


def _tensor(file: Path, name: str, tensor: Mapping[str, Any]) -> NDArray[Any]:
    dtype = DTYPES.get(tensor["dtype"])
    if dtype is None:
        raise fault(
            file,
            f"{name} is of a type that is not read",
            expected="floats of 16, 32 or 64 bits (F16, BF16, F32, F64)",
            got=str(tensor["dtype"]),
            remedy="With PyTorch, {k: v.float() for k, v in model.state_dict().items()}.",
        )
    array = np.frombuffer(tensor["data"], dtype).reshape(tensor["shape"])
    if tensor["dtype"] == "BF16":  # the upper half of a float32
        return (array.astype(np.uint32) << 16).view(np.float32)
    return array


# --- npz -------------------------------------------------------------------------------------


def _npz(file: Path) -> Content:
    try:
        with zipfile.ZipFile(file) as archive:
            counts = Counter(archive.namelist())
        if twice := sorted(name for name, count in counts.items() if count > 1):
            raise fault(file, "an array is there twice", got=listed(twice))
        with np.load(file, allow_pickle=False) as archive:
            return Content({name: archive[name] for name in archive.files})
    except DataError:
        raise
    except Exception as error:  # a damaged archive fails in more ways than can be listed
        if "allow_pickle" in str(error):
            raise _unread(file, UNREAD["objects"]) from None
        got = f"{type(error).__name__}: {error}"
        raise fault(file, "not a readable archive of arrays", got=got) from None


# --- the JSON that netviz offers for download -------------------------------------------------


def _json(file: Path) -> Content:
    try:
        if file.stat().st_size > LARGEST_JSON:
            raise ValueError("more numbers than any download has")
        tree = json.loads(file.read_text(encoding="utf-8-sig"))
        arrays = arrays_of_json(tree)
    except OSError:
        raise
    except Exception:  # whatever is wrong, it is no JSON of netviz
        raise _unread(file, UNREAD["model.json"]) from None
    return Content(arrays)


READERS: Mapping[Readable, Callable[[Path], Content]] = {
    "safetensors": _safetensors,
    "npz": _npz,
    "json": _json,
}
