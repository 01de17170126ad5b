"""A network that was trained elsewhere, read from its file for the pixels that are shown here.

Every array of the file becomes part of the network, or is folded into it, or ends the reading with
its name. Names tell layouts:

- `0.weight` and `0.bias`: as PyTorch keeps a Linear, (units above, units below), colours plane by
  plane;
- `0.kernel` and `0.bias`: as Keras and Flax keep a Dense, (units below, units above), colours pixel
  by pixel;
- `weights_0` and `biases_0`: as netviz offers its own for download, laid out like Keras's;
- `W1` and `b1`, `coefs_0` and `intercepts_0`, and the like: as their shapes say.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.elsewhere.faults import fault, listed
from netviz.elsewhere.files import Content, read_content
from netviz.elsewhere.folding import Layer, by_channel, check_range, folded
from netviz.elsewhere.names import Module, modules_of
from netviz.elsewhere.order import ordered
from netviz.elsewhere.ours import own_network
from netviz.elsewhere.parts import Dense, Ends, Item, Order, Scaling, part_of, unknown
from netviz.errors import DataError
from netviz.network.layers import ActivationName
from netviz.network.layers import Dense as DenseLayer
from netviz.network.layers.activation import ACTIVATIONS
from netviz.network.network import Floats, Network, stacked

Arrays = Mapping[str, NDArray[Any]]
RECORD = ("image_shape", "hidden", "classes", "activation", "identity")
BRIGHTEST = 10.0  # beyond, a mean is one of pixels of 0 to 255, however dark
ALIASES = {"logistic": "sigmoid"}  # as scikit-learn calls it


@dataclass(frozen=True)
class Expected:
    """What a network must be to read the images of a data set, and what its author says of it.

    Attributes:
        image_shape: (height, width, channels).
        classes: how many.
        activation: what hidden units apply; None where the file may say it, and else relu.
        mean: by which pixels of 0 to 1 were normalised in its training, one or one a channel.
        deviation: likewise; not 0.
        is_inverted: whether 0 was white then, before the normalisation.
        layers: the names of layers and normalisations in their order; empty where names tell it.
        epsilon: of batch normalisations; None for the usual one of the framework.
        colours: how the numbers of an image in colour followed; None where names tell it.
    """

    image_shape: tuple[int, int, int]
    classes: int
    activation: ActivationName | None = None
    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (1.0,)
    is_inverted: bool = False
    layers: tuple[str, ...] = ()
    epsilon: float | None = None
    colours: Order | None = None

    @property
    def is_plain(self) -> bool:
        """Say whether pixels went in as they are here."""
        return set(self.mean) == {0.0} and set(self.deviation) == {1.0} and not self.is_inverted

    @property
    def ends(self) -> Ends:
        height, width, channels = self.image_shape
        return Ends(height * width * channels, channels, self.classes)


def read_foreign(file: Path, expected: Expected) -> Network:
    """Read the network of dense layers in `file`, for pixels of 0 to 1 as all networks here.

    Raises:
        DataError: the file cannot be read, has an array that can neither be read nor folded in,
            does not tell the order of its layers, or does not fit the data set. What the settings
            say wrongly has no place yet.
    """
    _check_channels(expected)
    content = read_content(file)
    if ours := own_network(content.arrays, file):
        return _checked_own(ours, expected, file)
    record = _record(content, file)
    arrays = {name: one for name, one in content.arrays.items() if name not in record}
    items = ordered(_parts(arrays, expected, file), expected.layers, expected.ends, file)
    order = _order_of_colours(items, expected, file)
    _check_normalisation(items, expected, file)
    layers = folded(items, expected.ends.channels, order, file)
    layers[0] = _for_plain_pixels(layers[0], order, expected)
    activation = _activation(record, content, len(layers), expected, file)
    check_range(layers, activation != "relu", file)
    network = _network(layers, activation, expected)
    _check_record(network, record, file)
    return network


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


def _parts(arrays: Arrays, expected: Expected, file: Path) -> list[Dense | Scaling]:
    modules, strange = modules_of(arrays)
    if strange:
        raise _strange(strange, modules, arrays, file)
    parts = [part_of(module, file, expected.epsilon) for module in modules]
    if not any(isinstance(part, Dense) for part in parts):
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


# --- pixels ----------------------------------------------------------------------------------


def _order_of_colours(items: Iterable[Item], expected: Expected, file: Path) -> Order:
    first = next(item for item in items if isinstance(item, Dense))
    order = expected.colours or first.order
    if order is None and expected.ends.channels > 1:
        raise fault(
            file,
            f"{first.name} does not tell how the numbers of an image in colour follow",
            expected='the setting colours = "planes" (all of red first, as in PyTorch)'
            ' or "pixels" (red, green, blue of each pixel, as in Keras)',
            got="neither",
        )
    return order or "pixels"


def _check_normalisation(items: list[Item], expected: Expected, file: Path) -> None:
    """Refuse pixels that the file and the settings normalise both, or that are not 0 to 1."""
    for item in items:
        if not isinstance(item, Scaling):
            return
        if item.of_pixels and set(expected.mean) != {0.0}:
            raise fault(
                file,
                f"{item.name} normalises the pixels, and 'pixel_mean' does so again",
                expected="one of the two",
                remedy="Leave 'pixel_mean' and 'pixel_deviation' out of the settings.",
            )
        if expected.is_plain and item.centre.max() > BRIGHTEST:
            raise fault(
                file,
                f"{item.name} was made for other pixels than of 0 to 1",
                expected=f"a mean of about 0 to 1, or pixel_deviation = {1 / 255!r} in the settings"
                " for pixels of 0 to 255",
                got=f"{item.centre.max():.4g}",
            )


def _check_channels(expected: Expected) -> None:
    """Refuse numbers by channel of which the images have others."""
    for name, values in (("mean", expected.mean), ("deviation", expected.deviation)):
        if len(values) not in (1, expected.ends.channels):
            raise DataError(
                f"'pixel_{name}' does not fit the images",
                expected="one number" + (", or one for each colour" * (expected.ends.channels > 1)),
                got=f"{len(values)} numbers",
            )


def _for_plain_pixels(layer: Layer, order: Order, expected: Expected) -> Layer:
    """Return the first layer for pixels of 0 to 1, row by row, colours pixel by pixel."""
    layer = Layer(_pixel_by_pixel(layer.weight, order, expected.image_shape), layer.bias)
    channels = expected.ends.channels
    mean, deviation = (np.resize(one, channels) for one in (expected.mean, expected.deviation))
    factor, offset = 1 / deviation, -mean / deviation
    if expected.is_inverted:  # the pixel x was 1 - x
        factor, offset = -factor, offset + factor
    inputs = expected.ends.inputs
    return layer.scaled_below(
        by_channel(factor, inputs, "pixels"), by_channel(offset, inputs, "pixels")
    )


def _pixel_by_pixel(
    weight: NDArray[np.float64], order: Order, image_shape: tuple[int, int, int]
) -> NDArray[np.float64]:
    """Reorder inputs from (channel, row, column) to (row, column, channel)."""
    if order == "pixels":
        return weight
    height, width, channels = image_shape
    planes = weight.reshape(channels, height, width, -1)
    return planes.transpose(1, 2, 0, 3).reshape(height * width * channels, -1)


def _network(layers: list[Layer], activation: ActivationName, expected: Expected) -> Network:
    dense = [DenseLayer(_floats(one.weight), _floats(one.bias)) for one in layers]
    return stacked(expected.image_shape, dense, activation)


def _floats(array: NDArray[np.float64]) -> Floats:
    floats = np.ascontiguousarray(array, np.float32)
    floats.setflags(write=False)
    return floats
