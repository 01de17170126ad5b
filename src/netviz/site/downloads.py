"""A network to take home: its weights in two common forms, each with its size and SHA-256."""

import hashlib
import json
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from netviz.figures.figure import Json
from netviz.network.network import Network
from netviz.network.storage import save

WEIGHTS_FOLDER = "weights"


def write_downloads(network: Network, name: str, folder: Path) -> dict[str, Json]:
    """Write `network` to `folder`/weights as numpy's .npz and as JSON; return what was written.

    The JSON holds a layer's weights as one list for each of its inputs, one number a unit.
    """
    target = folder / WEIGHTS_FOLDER
    target.mkdir()
    archive, text = target / f"{name}.npz", target / f"{name}.json"
    save(network, archive)
    text.write_text(json_text(network), encoding="ascii")
    return {file.suffix[1:]: _described(file, folder) for file in (archive, text)}


def json_text(network: Network) -> str:
    """Return `network` as JSON that reads back to exactly the same numbers."""
    architecture = network.architecture
    head: dict[str, Any] = {
        "identity": network.identity,
        "image_shape": list(architecture.image_shape),
        "hidden": list(architecture.hidden),
        "classes": architecture.classes,
        "activation": architecture.activation,
    }
    layers = [
        f'{{"weights":[{",".join(_numbers(row) for row in weight)}],"biases":{_numbers(bias)}}}'
        for weight, bias in zip(network.weights, network.biases, strict=True)
    ]
    return f'{json.dumps(head)[:-1]}, "layers": [{",".join(layers)}]}}\n'


def _numbers(row: NDArray[Any]) -> str:
    # Nine significant digits tell any two single-precision numbers apart (IEEE 754).
    return f"[{','.join(f'{number:.9g}' for number in row.tolist())}]"


def _described(file: Path, folder: Path) -> dict[str, Json]:
    content = file.read_bytes()
    return {
        "file": file.relative_to(folder).as_posix(),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
