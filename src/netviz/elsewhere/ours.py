"""netviz's own downloads, read back: they say of every layer what it is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.faults import fault
from netviz.errors import DataError, listed
from netviz.network.layers import kinds
from netviz.network.network import Network
from netviz.network.storage import network_of

Arrays = Mapping[str, NDArray[Any]]
RECORD = "network"


def own_network(arrays: Arrays, file: Path) -> Network | None:
    """Return the network of a file that netviz wrote; None where it has no record of layers.

    Raises:
        DataError: the record does not fit the arrays, or leaves some out.
    """
    if RECORD not in arrays:
        return None
    try:
        network = network_of(dict(arrays), file)
    except DataError as error:  # its remedy is one for files of the cache
        raise fault(file, error.problem, expected=error.expected, got=error.got) from None
    used = {RECORD, "identity"}
    for one in json.loads(str(arrays[RECORD]))["layers"]:
        used |= set(dict(one.get("arrays", {})).values())
    if left := sorted(set(arrays) - used):
        raise fault(file, "its record of layers leaves out some arrays", got=listed(left))
    return network


def arrays_of_json(tree: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return what an `.npz` would hold for the JSON `tree` that netviz offers for download.

    Raises:
        KeyError, TypeError, ValueError: `tree` is of another form.
    """
    if "hidden" in tree:
        return _arrays_of_older_json(tree)
    arrays: dict[str, NDArray[Any]] = {}
    records = []
    for number, layer in enumerate(tree["layers"]):
        kind = kinds()[layer["kind"]]
        names = [*kind.weight_names, *kind.bias_names]
        keys = {name: f"{name}_{number}" for name in names}
        arrays |= {key: _single(layer[name]) for name, key in keys.items()}
        settings = {name: one for name, one in layer.items() if name not in keys}
        records.append({**settings, "arrays": keys})
    record = {"image_shape": tree["image_shape"], "layers": records}
    return {**arrays, RECORD: np.array(json.dumps(record)), "identity": np.array(tree["identity"])}


def _arrays_of_older_json(tree: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a download of netviz 0.1, which had dense layers alone."""
    heads = ("image_shape", "hidden", "classes", "activation", "identity")
    arrays = {name: np.array(tree[name]) for name in heads}
    for number, layer in enumerate(tree["layers"]):
        arrays[f"weights_{number}"] = np.array(layer["weights"], np.float64)
        arrays[f"biases_{number}"] = np.array(layer["biases"], np.float64)
    return arrays


def _single(numbers: object) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):  # what is not finite is refused where it is used
        return np.array(numbers, np.float64).astype(np.float32)
