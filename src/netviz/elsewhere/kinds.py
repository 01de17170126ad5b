"""What kind of file holds a network: known by its content, whatever its name ends in.

Two kinds are read, and netviz's own JSON; graphs of ONNX have a reader of their own. Every other
kind that frameworks commonly write is named in the refusal, with the lines of Python that write a
file that is read.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from netviz.elsewhere.wire import is_model

HEAD = 4096  # bytes that tell the kind
PICKLE_OF_TORCH = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19"  # the number that opens its older files

Readable = Literal["safetensors", "npz", "json"]


@dataclass(frozen=True)
class Unread:
    """A kind of file that is not read: what it is called, and what the author does about it."""

    title: str
    remedy: str


_KERAS_WRITES = "np.savez({npz!r}, **{{w.path: w.numpy() for w in model.weights}})"
_TORCH_STATE = (
    "In Python: import torch, safetensors.torch; s = torch.load({name!r}, map_location='cpu');"
    " s = s.get('state_dict', s); safetensors.torch.save_file(s, {safetensors!r})"
)
_KERAS_MODEL = (
    "In Python: import keras, numpy as np; model = keras.models.load_model({name!r}); "
    + _KERAS_WRITES
)
_PICKLE = (
    "In Python, for scikit-learn: import joblib, numpy as np; m = joblib.load({name!r});"
    " np.savez({npz!r}, **{{f'coefs_{{k}}': w for k, w in enumerate(m.coefs_)}},"
    " **{{f'intercepts_{{k}}': b for k, b in enumerate(m.intercepts_)}})."
    " A dictionary of arrays: np.savez({npz!r}, **m)"
)
_OTHER = "Name the file of weights instead."
_ORIGIN = (
    "Save the network again where it was trained: with Keras, " + _KERAS_WRITES + "; with PyTorch,"
    " safetensors.torch.save_file(model.state_dict(), {safetensors!r})"
)

UNREAD = {
    "torch": Unread("a checkpoint of PyTorch", _TORCH_STATE),
    "torchscript": Unread(
        "a TorchScript archive of PyTorch",
        "In Python: import torch, safetensors.torch; s = torch.jit.load({name!r}).state_dict();"
        " safetensors.torch.save_file(s, {safetensors!r})",
    ),
    "keras": Unread("a model of Keras", _KERAS_MODEL),
    "hdf5": Unread(
        "an HDF5 file, as Keras writes them",
        _KERAS_MODEL + ". If it holds the weights alone, build the model and take"
        " model.load_weights({name!r}) for load_model",
    ),
    "hdf5 of weights": Unread(
        "an HDF5 file of weights, as Keras writes them",
        "In Python, with the model built as it was: import numpy as np;"
        " model.load_weights({name!r}); " + _KERAS_WRITES,
    ),
    "matlab": Unread(
        "a file of MATLAB",
        "In Python: import numpy as np, scipy.io; m = scipy.io.loadmat({name!r});"
        " np.savez({npz!r}, weights_0=m['W1'], biases_0=m['b1'].ravel()), with the names that"
        " your file has, and weights as inputs × outputs",
    ),
    "pickle": Unread("a pickle of Python objects, which could run any code", _PICKLE),
    "onnx": Unread("a model of ONNX", "Give it as the 'weights' of a network."),
    "tflite": Unread("a model of TensorFlow Lite", _ORIGIN),
    "tensorflow": Unread("a graph of TensorFlow", _ORIGIN),
    "gguf": Unread("a GGUF file", _ORIGIN),
    "msgpack": Unread(
        "a file of MessagePack, as Flax writes them",
        "In Python: import flax, numpy as np;"
        " p = flax.serialization.msgpack_restore(open({name!r}, 'rb').read());"
        " np.savez({npz!r}, **flax.traverse_util.flatten_dict(p, sep='/'))",
    ),
    "npy": Unread(
        "one single array",
        "Save all arrays under names: np.savez({npz!r}, weights_0=…, biases_0=…),"
        " weights as inputs × outputs",
    ),
    "objects": Unread(
        "an .npz with Python objects in it, which could run any code",
        "Save plain arrays of floats: np.savez({npz!r}, weights_0=…, biases_0=…). A list of arrays"
        " of several shapes becomes an object; give each its own name",
    ),
    "model.json": Unread("JSON, but not the one that netviz offers for download", _ORIGIN),
    "compressed": Unread(
        "compressed", "Unpack it first: gzip files with gunzip, others with the program for them."
    ),
    "zip": Unread("a zip archive, but not an .npz", "Unpack it, and name the file of weights."),
    "page": Unread("a web page, not what was to be downloaded", "Download the file itself."),
    "lfs": Unread(
        "a pointer of Git LFS, not the file itself", "Fetch the file itself with: git lfs pull"
    ),
    "empty": Unread("empty", _ORIGIN),
    "ort": Unread(
        "a model in the form of ONNX Runtime alone", "Give the .onnx that it was made of."
    ),
    "picture": Unread("a picture", _OTHER),
    "pdf": Unread("a PDF", _OTHER),
    "text": Unread("a text", "Look into it: it may be a message in place of a download. " + _OTHER),
    "unknown": Unread("of no kind that is known", _ORIGIN),
}

STARTS = (
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"MATLAB ", "matlab"),
    (b"GGUF", "gguf"),
    (b"\x93NUMPY", "npy"),
    (b"version https://git-lfs", "lfs"),
    (b"\x1f\x8b", "compressed"),
    (b"BZh", "compressed"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"%PDF", "pdf"),
    (b"\xfd7zXZ", "compressed"),
    (b"\x28\xb5\x2f\xfd", "compressed"),
    (b"7z\xbc\xaf", "compressed"),
)
SUFFIXES = {
    ".pkl": "pickle",
    ".pickle": "pickle",
    ".joblib": "pickle",
    ".pt": "torch",
    ".pth": "torch",
    ".onnx": "onnx",
    ".pb": "tensorflow",
    ".msgpack": "msgpack",
}


def kind_of(file: Path) -> Readable | Unread | None:
    """Return what `file` holds, by its content; None where nothing tells.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    if head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 2**40:
        return "safetensors"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_kind(file)
    name = _kind_of_head(head, file.suffix.lower()) or _kind_of_rest(file, head)
    if name == "hdf5" and file.name.lower().endswith(".weights.h5"):
        name = "hdf5 of weights"
    if name == "json":
        return "json"
    return UNREAD[name] if name else None


def remedy_for(kind: Unread, file: Path) -> str:
    """Return the remedy of `kind`, with the names of `file` and of what it becomes."""
    stem = file.name.split(".")[0] or "weights"
    npz, safetensors = (
        f"{stem}-arrays{suffix}" if file.name == stem + suffix else stem + suffix
        for suffix in (".npz", ".safetensors")
    )
    named = kind.remedy.format(name=file.name, npz=npz, safetensors=safetensors)
    return named if named.endswith(".") else named + "."


def _kind_of_head(head: bytes, suffix: str) -> str | None:
    """Return the name of the kind that begins with `head`; the suffix decides what is doubtful."""
    for start, name in STARTS:
        if head.startswith(start):
            return name
    if not head:
        return "empty"
    return _kind_of_text(head) or _kind_of_pickle(head, suffix) or _kind_of_protobuf(head)


def _kind_of_text(head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb"<!doctype html|<html", text, re.IGNORECASE):
        return "page"
    return "json" if text[:1] in (b"{", b"[") else None


def _kind_of_pickle(head: bytes, suffix: str) -> str | None:
    if PICKLE_OF_TORCH in head[:64]:
        return "torch"
    if head[0] == 0x80 and head[1:2] in b"\x01\x02\x03\x04\x05":  # a pickle's protocol
        return "torch" if suffix in (".pt", ".pth", ".ckpt", ".bin") else "pickle"
    return None


def _kind_of_rest(file: Path, head: bytes) -> str | None:
    """Tell what has no head by all of it, or else by its suffix."""
    with file.open("rb") as stream:
        if is_model(stream):
            return "onnx"
    named = SUFFIXES.get(file.suffix.lower())
    return "text" if named in (None, "onnx") and _is_text(head) else named


def _is_text(head: bytes) -> bool:
    """Say whether a file begins with text alone; the last letter of its head may be cut."""
    try:
        text = head.decode() if len(head) < HEAD else head[:-4].decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 8:
            return False
        text = head[: error.start].decode()
    return all(letter.isprintable() or letter in "\t\n\r\f\ufeff" for letter in text)


def is_onnx(file: Path) -> bool:
    """Say whether `file` is a model of ONNX, whatever it is called; False where none is there."""
    try:
        return kind_of(file) is UNREAD["onnx"]
    except OSError:  # which those tell that read it
        return False


def _kind_of_protobuf(head: bytes) -> str | None:
    """Tell ONNX and TensorFlow by the first fields of their messages."""
    if head[4:8] == b"ORTM":
        return "ort"
    if head[4:8] == b"TFL3":
        return "tflite"
    if re.match(rb"\x08[\x03-\x20][\x12\x1a\x22\x28\x32\x3a\x42]", head):
        return "onnx"  # the version of its form, then the name of its producer, or its graph
    if re.match(rb"\x08\x01\x12|\x0a.{1,4}\x0a.{1,64}(Placeholder|Const)", head, re.DOTALL):
        return "tensorflow"
    return None


def _zip_kind(file: Path) -> Readable | Unread:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except Exception:  # a damaged archive fails in many ways; its reader tells how
        return "npz"
    last = {name.rpartition("/")[2] for name in names}
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    if "constants.pkl" in last:
        return UNREAD["torchscript"]
    if "data.pkl" in last:
        return UNREAD["torch"]
    if "model.weights.h5" in last:
        return UNREAD["keras"]
    return UNREAD["zip"] if names else "npz"
