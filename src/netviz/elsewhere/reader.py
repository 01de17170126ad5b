"""A network that was trained elsewhere, read from its file for the pixels that are shown here.

Every array of the file becomes part of the network, or is folded into it, or ends the reading with
its name. Names tell layouts:

- `0.weight` and `0.bias`: as PyTorch keeps a Linear, (units above, units below), colours plane by
  plane;
- `0.kernel` and `0.bias`: as Keras and Flax keep a Dense, (units below, units above), colours pixel
  by pixel;
- `weights_0` and `biases_0`: as netviz offers its own for download, laid out like Keras's;
- `W1` and `b1`, `coefs_0` and `intercepts_0`, and the like: as their shapes say.

Where the settings name the layers in words, such as "conv 5x5x8", it may have convolutions too.
A file of ONNX says all of this itself.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from netviz.elsewhere.allotment import draft
from netviz.elsewhere.assembly import as_floats, assembled
from netviz.elsewhere.channels_last import as_in_pytorch, check_channels_first
from netviz.elsewhere.expected import Expected
from netviz.elsewhere.faults import fault
from netviz.elsewhere.files import Content, read_content
from netviz.elsewhere.folding import Layer, check_range, folded
from netviz.elsewhere.kinds import is_onnx
from netviz.elsewhere.names import Module, modules_of
from netviz.elsewhere.onnx import read_onnx
from netviz.elsewhere.order import ordered
from netviz.elsewhere.ours import own_network
from netviz.elsewhere.parts import (
    Dense,
    Filters,
    Part,
    Scaling,
    part_of,
    unknown,
)
from netviz.elsewhere.pixels import (
    channel_layer,
    check_channels,
    check_normalisation,
    for_plain_pixels,
    order_of_colours,
    pixel_layers,
)
from netviz.elsewhere.worded import Said, are_words, layers_of
from netviz.errors import DataError, listed
from netviz.network.layers import Activation, ActivationName
from netviz.network.layers import Dense as DenseLayer
from netviz.network.layers.activation import ACTIVATIONS
from netviz.network.network import Network, stacked

Arrays = Mapping[str, NDArray[Any]]
RECORD = ("image_shape", "hidden", "classes", "activation", "identity")
ALIASES = {"logistic": "sigmoid"}  # as scikit-learn calls it


def read_foreign(file: Path, expected: Expected) -> Network:
    """Read the network in `file`, for pixels of 0 to 1 as all networks here.

    Raises:
        DataError: the file cannot be read, has an array that can neither be read nor folded in,
            does not tell the order of its layers, or does not fit the data set. What the settings
            say wrongly has no place yet.
    """
    check_channels(expected)
    if is_onnx(file):
        return read_onnx(file, expected)
    content = read_content(file)
    if ours := own_network(content.arrays, file):
        return _checked_own(ours, expected, file)
    record = _record(content, file)
    arrays = {name: one for name, one in content.arrays.items() if name not in record}
    parts = as_in_pytorch(_parts(arrays, expected, file), content.metadata)
    check_channels_first(parts, expected, file)
    if are_words(expected.layers, parts):
        network = _worded(parts, expected, file)
        _check_worded(network, record, expected, file)
        return network
    layers = _dense_layers(_dense_alone(parts, file), expected, file)
    activation = _activation(record, content, len(layers), expected, file)
    check_range(layers, activation != "relu", file)
    network = _network(layers, activation, expected)
    _check_record(network, record, file)
    return network


def _dense_layers(parts: Sequence[Part], expected: Expected, file: Path) -> list[Layer]:
    """Return the dense layers among `parts` in order, for pixels of 0 to 1, all else folded in."""
    items = ordered(parts, expected.layers, expected.ends, file)
    order = order_of_colours(items, expected, file)
    check_normalisation(items, expected, file)
    layers = folded(items, expected.ends.channels, order, file)
    layers[0] = for_plain_pixels(layers[0], order, expected)
    return layers


def _worded(parts: Sequence[Part | Filters], expected: Expected, file: Path) -> Network:
    """Return the network whose layers the settings name in words."""
    of_pixels = [part for part in parts if isinstance(part, Scaling) and part.of_pixels]
    check_normalisation(of_pixels, expected, file)
    others = [part for part in parts if part not in of_pixels]
    orders = {part.order for part in others if not isinstance(part, Scaling)} - {None}
    order = expected.colours or (orders.pop() if len(orders) == 1 else None)
    said = Said(expected.image_shape, expected.classes, expected.layers, order)
    layers = [
        *pixel_layers(expected),
        *(channel_layer(part, expected, file) for part in of_pixels),
        *layers_of(others, said, file),
    ]
    return assembled(layers, expected.image_shape, expected.classes, file)


def _check_worded(network: Network, record: Arrays, expected: Expected, file: Path) -> None:
    """Refuse what the file or other settings say, where the words say something else."""
    if expected.activation is not None:
        raise DataError(
            "'activation' has no meaning beside layers in words",
            expected="each activation as a layer of its own, such as 'relu'",
        )
    _check_record(network, record, file)
    said = str(record["activation"]) if "activation" in record else None
    functions = {one.function for one in network.layers if isinstance(one, Activation)}
    if said is not None and functions and ALIASES.get(said, said) not in functions:
        got = " and ".join(sorted(functions))
        raise fault(file, "its activation is not that of 'layers'", expected=said, got=got)


def _dense_alone(parts: Sequence[Part | Filters], file: Path) -> list[Part]:
    found = [part for part in parts if not isinstance(part, Filters)]
    if len(found) < len(parts):
        raise draft(parts, file)
    return found


# --- what the file says of itself ------------------------------------------------------------


def _record(content: Content, file: Path) -> Arrays:
    """Return the arrays in which netviz says what network a file holds; none of others' files."""
    found = {name: content.arrays[name] for name in RECORD if name in content.arrays}
    for name, array in found.items():
        is_text = name in ("activation", "identity")
        if array.dtype.kind not in ("U" if is_text else "iu") or array.size > 1000:
            raise fault(
                file,
                f"{name} is not part of a dense layer, and does not say what network this is",
                expected="a text" if is_text else "whole numbers",
                got=f"{array.dtype} {array.shape}",
                remedy=f"Save the file without {name}.",
            )
    return found


def _check_record(network: Network, record: Arrays, file: Path) -> None:
    here = {
        "image_shape": list(network.image_shape),
        "hidden": list(network.hidden),
        "classes": network.classes,
    }
    for name, value in here.items():
        if name in record and record[name].tolist() != value:
            got = str(record[name].tolist())
            raise fault(file, f"{name} of the file is another", expected=str(value), got=got)


def _checked_own(network: Network, expected: Expected, file: Path) -> Network:
    """Return a network of netviz's own, if it reads the images of the data set."""
    here = (network.image_shape, network.classes)
    if here != (expected.image_shape, expected.classes):
        got = f"{here[0]} and {here[1]}"
        raise fault(
            file,
            "the network does not fit its data set",
            expected=f"images of {expected.image_shape} and {expected.classes} classes",
            got=got,
        )
    if not expected.is_plain or expected.layers:
        raise DataError(
            "the network is one of netviz, which reads pixels of 0 to 1 and knows its layers",
            expected="no 'pixel_mean', 'pixel_deviation', 'inverted' or 'layers' beside it",
        )
    if network.activation is not None:
        _check_activation(network.activation, expected, file)
    return network


def _activation(
    record: Arrays, content: Content, depth: int, expected: Expected, file: Path
) -> ActivationName:
    """Return what hidden units apply: as the file says, else the settings, else relu."""
    said = (
        str(record["activation"]) if "activation" in record else content.metadata.get("activation")
    )
    if said is None:
        return expected.activation or "relu"
    said = ALIASES.get(said, said)
    known = next((one for one in ACTIVATIONS if one == said), None)
    if known is None:
        raise fault(
            file,
            "its activation is not one of netviz's",
            expected="one of " + ", ".join(ACTIVATIONS),
            got=said,
        )
    if depth > 1:
        _check_activation(known, expected, file)
    return known


def _check_activation(known: ActivationName, expected: Expected, file: Path) -> None:
    if expected.activation not in (None, known):
        raise fault(
            file,
            "the file and the settings name two activations",
            expected=f"{expected.activation!r}, as the settings say",
            got=repr(known),
            remedy="Leave 'activation' out of the settings, and that of the file is taken.",
        )


# --- from arrays to parts --------------------------------------------------------------------


def _parts(arrays: Arrays, expected: Expected, file: Path) -> list[Part | Filters]:
    modules, strange = modules_of(arrays)
    if strange:
        raise _strange(strange, modules, arrays, file)
    parts = [part_of(module, file, expected.epsilon) for module in modules]
    if not any(isinstance(part, Dense | Filters) for part in parts):
        raise _no_dense(arrays, file)
    return parts


def _strange(strange: list[str], modules: list[Module], arrays: Arrays, file: Path) -> Exception:
    if not modules:
        return _no_dense(arrays, file)
    leaf = {name: arrays[name] for name in strange}
    return unknown(Module("", "", leaf, {name: name for name in strange}), file)


def _no_dense(arrays: Arrays, file: Path) -> DataError:
    remedy = None
    if arrays and all(re.fullmatch(r"arr_\d+", name) for name in arrays):
        remedy = (
            "These names are numpy's own: give each array one, as in"
            " np.savez(file, **{w.path: w.numpy() for w in model.weights}) for Keras."
        )
    return fault(
        file,
        "the file holds no dense layers",
        expected="arrays such as 0.weight and 0.bias, 0.kernel and 0.bias, weights_0 and biases_0",
        got=listed(sorted(arrays)) or "no arrays",
        remedy=remedy,
    )


def _network(layers: list[Layer], activation: ActivationName, expected: Expected) -> Network:
    dense = [DenseLayer(as_floats(one.weight), as_floats(one.bias)) for one in layers]
    return stacked(expected.image_shape, dense, activation)
