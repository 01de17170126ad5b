"""Networks on disk: `.npz` archives without pickle, checked to the last number when read."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from netviz.errors import DataError, Place
from netviz.network.activations import ACTIVATIONS, ActivationName
from netviz.network.network import Architecture, Network

Arrays = dict[str, NDArray[Any]]

LARGEST = 256 * 2**20  # bytes of all arrays of a file; the largest network here has 3 MB
REMEDY = "Delete it and build again."


def save(network: Network, file: Path) -> None:
    """Write `network` to `file`: the same network gives the same bytes."""
    architecture = network.architecture
    arrays: Arrays = {
        "image_shape": np.array(architecture.image_shape, np.int64),
        "hidden": np.array(architecture.hidden, np.int64),
        "classes": np.array(architecture.classes, np.int64),
        "activation": np.array(architecture.activation),
        "identity": np.array(network.identity),
    }
    for layer, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays[f"weights_{layer}"] = weight
        arrays[f"biases_{layer}"] = bias
    with file.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def load(file: Path) -> Network:
    """Read a network that `save` wrote.

    Raises:
        DataError: there is no such file, it is not such an archive, its arrays do not fit
            together, or its weights are not those that were saved.
    """
    arrays = read_arrays(file)
    try:
        architecture = _architecture(arrays)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise _fault(file, "the network has no readable shape", got=repr(error)) from None
    layers = range(len(architecture.widths) - 1)
    network = Network(
        architecture,
        tuple(_layer(file, arrays, f"weights_{k}", architecture.widths[k : k + 2]) for k in layers),
        tuple(
            _layer(file, arrays, f"biases_{k}", architecture.widths[k + 1 : k + 2]) for k in layers
        ),
    )
    identity = str(arrays.get("identity", ""))
    if network.identity != identity:
        raise _fault(
            file,
            "the weights are not those that were saved",
            expected=f"identity {identity[:12] or 'given'}",
            got=network.identity[:12],
        )
    return network


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


def _architecture(arrays: Arrays) -> Architecture:
    height, width, channels = (int(size) for size in arrays["image_shape"])
    hidden = tuple(int(units) for units in arrays["hidden"])
    classes = int(arrays["classes"])
    activation = _activation(str(arrays["activation"]))
    if min(height, width, channels, classes, *hidden) < 1:
        raise ValueError("a layer without units")
    return Architecture((height, width, channels), hidden, classes, activation)


def _activation(name: str) -> ActivationName:
    for known in ACTIVATIONS:
        if known == name:
            return known
    raise ValueError(f"unknown activation {name!r}")


def _layer(file: Path, arrays: Arrays, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return the array `name`, checked: float32 of `shape`, every number finite."""
    array = arrays.get(name)
    if array is None:
        raise _fault(file, f"{name} is missing", expected=f"float32 {shape}")
    if array.shape != shape or array.dtype != np.float32:
        raise _fault(
            file,
            f"{name} does not fit the network",
            expected=f"float32 {shape}",
            got=f"{array.dtype} {array.shape}",
        )
    if not np.isfinite(array).all():
        raise _fault(file, f"{name} has numbers that are not finite")
    array.setflags(write=False)
    return array


def _fault(file: Path, problem: str, **details: str) -> DataError:
    return DataError(problem, place=Place(file), remedy=REMEDY, **details)
