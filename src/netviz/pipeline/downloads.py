"""A network to take home: its weights in two common forms, each with its size and SHA-256."""

import hashlib
import json
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from netviz.measurements.network import Download
from netviz.network.layers import Layer
from netviz.network.network import Network
from netviz.network.storage import save

WEIGHTS_FOLDER = "weights"


def write_downloads(network: Network, name: str, folder: Path) -> dict[str, Download]:
    """Write `network` to `folder`/weights as numpy's .npz and as JSON; return what was written."""
    target = folder / WEIGHTS_FOLDER
    target.mkdir()
    archive, text = target / f"{name}.npz", target / f"{name}.json"
    save(network, archive)
    text.write_text(json_text(network), encoding="ascii", newline="\n")
    return {file.suffix[1:]: _described(file, folder) for file in (archive, text)}


def json_text(network: Network) -> str:
    """Return `network` as JSON that reads back to exactly the same numbers.

    A layer has its kind, its settings and its arrays, these as lists in lists: the weights of a
    dense layer are one list for each of its inputs, with one number a unit.
    """
    head = {"identity": network.identity, "image_shape": network.image_shape}
    layers = ",".join(_layer_text(layer) for layer in network.layers)
    return f'{json.dumps(head)[:-1]}, "layers": [{layers}]}}\n'


def _layer_text(layer: Layer) -> str:
    head = json.dumps({"kind": layer.kind, **layer.settings})[:-1]
    arrays = (f', "{name}": {_numbers(array)}' for name, array in layer.arrays.items())
    return f"{head}{''.join(arrays)}}}"


def _numbers(array: NDArray[Any]) -> str:
    if array.ndim > 1:
        return f"[{','.join(map(_numbers, array))}]"
    # Nine significant digits tell any two single-precision numbers apart (IEEE 754).
    return f"[{','.join(f'{number:.9g}' for number in array.tolist())}]"


def _described(file: Path, folder: Path) -> Download:
    content = file.read_bytes()
    path = file.relative_to(folder).as_posix()
    return Download(path, len(content), hashlib.sha256(content).hexdigest())
