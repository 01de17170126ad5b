"""Networks on disk: `.npz` archives without pickle, checked to the last number when read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from netviz.errors import DataError, Place
from netviz.network.layers import Layer, kinds
from netviz.network.network import ImageShape, Network, describe

Arrays = dict[str, NDArray[Any]]

LARGEST = 256 * 2**20  # bytes of all arrays of a file; the largest network here has 3 MB
REMEDY = "Delete it and build again."


def save(network: Network, file: Path) -> None:
    """Write `network` to `file`: the same network gives the same bytes.

    The array `network` is JSON: the image's shape, and kind, settings and arrays of every layer.

    Raises:
        ValueError: a layer is not that of a trained network (`Network.settled` makes it so).
    """
    for layer in network.layers:
        if layer.only_in_training:
            raise ValueError(f"a layer of kind {layer.kind!r} is for training only")
    records = describe(network.layers)
    text = json.dumps({"image_shape": network.image_shape, "layers": records})
    arrays: Arrays = {"network": np.array(text), "identity": np.array(network.identity)}
    for layer, one in zip(network.layers, records, strict=True):
        for name, key in _array_keys(one).items():
            arrays[key] = layer.arrays[name]
    with file.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def load(file: Path) -> Network:
    """Read a network that `save` wrote.

    Raises:
        DataError: there is no such file, it is not such an archive, its arrays do not fit
            together, or its weights are not those that were saved.
    """
    arrays = read_arrays(file)
    network = network_of(arrays, file)
    identity = str(arrays.get("identity", ""))
    if network.identity != identity:
        raise _fault(
            file,
            "the weights are not those that were saved",
            expected=f"identity {identity[:12] or 'given'}",
            got=network.identity[:12],
        )
    return network


def network_of(arrays: Arrays, file: Path) -> Network:
    """Return the network that the arrays of `file` describe, whatever its identity.

    Files of netviz 0.1 are read too, which have no record of layers but `image_shape`, `hidden`,
    `activation`, and a dense layer for each `weights_0`, `weights_1`, ...

    Raises:
        DataError: the arrays do not fit together.
    """
    try:
        image_shape, records = _records(arrays)
    except (ArithmeticError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _fault(file, "the network has no readable shape", got=repr(error)) from None
    layers = [_layer(file, arrays, one) for one in records]
    try:
        return Network(image_shape, tuple(layers))
    except (ArithmeticError, IndexError, TypeError, ValueError) as error:
        raise _fault(file, f"the layers do not follow each other: {error}") from None


def _records(arrays: Arrays) -> tuple[ImageShape, list[dict[str, Any]]]:
    """Return the image's shape and the record of each layer."""
    if "network" not in arrays:
        height, width, channels = (int(size) for size in arrays["image_shape"])
        return _image_shape(height, width, channels), _records_of_dense_layers(arrays)
    described = json.loads(str(arrays["network"]))
    height, width, channels = described["image_shape"]
    records = described["layers"]
    if not records or not all(isinstance(one, dict) for one in records):
        raise ValueError("no layers")
    return _image_shape(height, width, channels), records


def _image_shape(height: int, width: int, channels: int) -> ImageShape:
    if min(height, width, channels) < 1:
        raise ValueError("an image without pixels")
    return height, width, channels


def _records_of_dense_layers(arrays: Arrays) -> list[dict[str, Any]]:
    activation = {"kind": "activation", "function": str(arrays["activation"])}
    records: list[dict[str, Any]] = [{"kind": "flatten"}]
    for k in range(len(arrays["hidden"]) + 1):
        keys = {"weights": f"weights_{k}", "biases": f"biases_{k}"}
        records += [{"kind": "dense", "arrays": keys}, activation]
    return records[:-1]


def _array_keys(described: Mapping[str, Any]) -> dict[str, str]:
    """Return under which key of the file each array of a layer is kept, by its name."""
    return dict(described.get("arrays", {}))


def _layer(file: Path, arrays: Arrays, described: Mapping[str, Any]) -> Layer:
    """Return the layer of a record with its arrays, whatever the layers around it."""
    settings = {name: one for name, one in described.items() if name not in ("kind", "arrays")}
    kind = kinds().get(str(described.get("kind")))
    if kind is None:
        raise _fault(
            file,
            "the network has a layer of an unknown kind",
            expected="one of " + ", ".join(sorted(kinds())),
            got=str(described.get("kind")),
        )
    try:
        found = {name: _array(file, arrays, key) for name, key in _array_keys(described).items()}
        return kind(**settings, **found)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise _fault(file, f"a layer of kind {kind.kind!r} is wrong: {error}") from None


def read_arrays(file: Path) -> Arrays:
    """Read every array of an `.npz` archive.

    Raises:
        DataError: there is no such file, or it is not a whole archive of plain arrays.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            _check_size(archive)
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise _fault(file, "there is no such file") from None
    except Exception as error:  # a damaged archive fails in more ways than can be listed
        raise _fault(
            file, "not a readable archive of arrays", got=f"{type(error).__name__}: {error}"
        ) from None


def _check_size(archive: NpzFile) -> None:
    """Refuse what would unpack to more than any network has, before anything is unpacked."""
    assert archive.zip is not None  # noqa: S101 - it has just been opened
    size = sum(member.file_size for member in archive.zip.infolist())
    if size > LARGEST:
        raise ValueError(f"it unpacks to {size} bytes; at most {LARGEST} are read")


def _array(file: Path, arrays: Arrays, name: str) -> NDArray[np.float32]:
    """Return the array `name`, checked: float32, every number finite."""
    array = arrays.get(name)
    if array is None:
        raise _fault(file, f"{name} is missing", expected="an array of float32")
    if array.dtype != np.float32:
        raise _fault(
            file, f"{name} does not fit the network", expected="float32", got=str(array.dtype)
        )
    if not array.size or not np.isfinite(array).all():
        raise _fault(file, f"{name} has numbers that are not finite, or none")
    array.setflags(write=False)
    return array


def _fault(file: Path, problem: str, **details: str) -> DataError:
    return DataError(problem, place=Place(file), remedy=REMEDY, **details)
