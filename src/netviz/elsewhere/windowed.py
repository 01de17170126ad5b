"""The operations of ONNX that look at images through windows: convolutions and pools.

Attributes that a node does not have mean what the standard says (operators of opset 13 to 23;
older.py makes older ones such).
"""

import numpy as np

from netviz.elsewhere.flow import NO_MARGIN, Flow
from netviz.elsewhere.graph import Node
from netviz.elsewhere.hints import ANSWERS
from netviz.elsewhere.parts import FILTERS, Numbers
from netviz.network.layers import AveragePool, Convolution, MaxPool, Padding
from netviz.network.written import MOST_IN_A_NUMBER, MOST_WEIGHTS

# --- convolutions ----------------------------------------------------------------------------


def conv(flow: Flow, node: Node) -> None:
    weight, bias = flow.needed(node, 1), flow.floats(node, 2)
    if weight.ndim != FILTERS:
        raise flow.refused(node, "is no convolution of images", got=f"weights {weight.shape}")
    groups = node.attributes.get("group", 1)
    weight = _spread(flow, node, _without_groups(flow, node, weight, groups))
    bias = np.zeros(len(weight)) if bias is None else bias
    is_pixel = len(flow.shape) == 1 and flow.places.shape[2:] == (1, 1) == weight.shape[2:]
    if is_pixel and not any(node.attributes.get("pads", ())):
        flow.dense(node, weight[:, :, 0, 0].T, bias)  # one pixel is left of each map
        flow.places = flow.places.reshape(1, -1, 1, 1)
        return
    flow.check_maps(node)
    stride = _stride(flow, node)
    pads = _with_margin(flow, node, _pads(flow, node, (weight.shape[2], weight.shape[3]), stride))
    try:
        layer = Convolution(np.ascontiguousarray(weight.transpose(2, 3, 1, 0)), bias, stride, pads)
    except ValueError as error:
        raise flow.refused(node, f"does not fit: {error}") from None
    flow.add(node, layer)


def _without_groups(flow: Flow, node: Node, weight: Numbers, groups: int) -> Numbers:
    """Return filters that see all channels, with zeros for those that are not of their group."""
    if groups == 1:
        return weight
    filters, channels, *size = weight.shape
    total = filters * channels * groups * size[0] * size[1]
    if groups < 1 or filters % groups or total > MOST_WEIGHTS:
        raise flow.refused(node, f"has {groups} groups, which do not fit its {filters} filters")
    full = np.zeros((filters, channels * groups, *size))
    each = filters // groups
    for k in range(groups):
        full[k * each : (k + 1) * each, k * channels : (k + 1) * channels] = weight[
            k * each : (k + 1) * each
        ]
    return full


def _spread(flow: Flow, node: Node, weight: Numbers) -> Numbers:
    """Return filters with the zeros in them that a dilation means."""
    dilations = tuple(node.attributes.get("dilations", (1, 1)))
    if dilations == (1, 1):
        return weight
    if len(dilations) != 2 or not all(1 <= one <= MOST_IN_A_NUMBER for one in dilations):
        raise flow.refused(node, f"has dilations {dilations}")
    sizes = [(n - 1) * by + 1 for n, by in zip(weight.shape[2:], dilations, strict=True)]
    if weight.shape[0] * weight.shape[1] * sizes[0] * sizes[1] > MOST_WEIGHTS:
        raise flow.refused(node, "has too many weights", expected=f"at most {MOST_WEIGHTS:,}")
    full = np.zeros((*weight.shape[:2], *sizes))
    full[:, :, :: dilations[0], :: dilations[1]] = weight
    return full


def _stride(flow: Flow, node: Node) -> int:
    strides = tuple(node.attributes.get("strides", (1, 1)))
    if len(strides) != 2 or strides[0] != strides[1] or not 1 <= strides[0] <= MOST_IN_A_NUMBER:
        expected = "the same number for rows and columns"
        raise flow.refused(node, "has two strides", expected=expected, got=str(strides))
    return int(strides[0])


def _pads(flow: Flow, node: Node, size: tuple[int, int], stride: int) -> Padding:
    """Return the zeros around an image: above, to the left, below, to the right."""
    automatic = node.attributes.get("auto_pad", "NOTSET")
    if automatic == "VALID":
        return 0, 0, 0, 0
    if automatic in ("SAME_UPPER", "SAME_LOWER"):
        needed = [
            max((-(-length // stride) - 1) * stride + side - length, 0)
            for length, side in zip(flow.shape[:2], size, strict=True)
        ]
        less, more = [one // 2 for one in needed], [one - one // 2 for one in needed]
        first, last = (less, more) if automatic == "SAME_UPPER" else (more, less)
        return first[0], first[1], last[0], last[1]
    pads = tuple(node.attributes.get("pads", (0, 0, 0, 0)))
    if len(pads) != 4 or not all(0 <= one <= MOST_IN_A_NUMBER for one in pads):
        raise flow.refused(node, "has a padding that is not read", got=str(pads))
    return pads[0], pads[1], pads[2], pads[3]


def _with_margin(flow: Flow, node: Node, pads: Padding) -> Padding:
    """Return `pads` with the zeros that a node before has put around the image."""
    margin, flow.margin = flow.margin, NO_MARGIN
    if any(margin) and node.attributes.get("auto_pad", "NOTSET") not in ("NOTSET", "VALID"):
        expected = "pads in numbers, behind a node that pads"
        raise flow.refused(node, "pads by itself what was padded", expected=expected)
    top, left, bottom, right = (one + more for one, more in zip(pads, margin, strict=True))
    return top, left, bottom, right


def pad(flow: Flow, node: Node) -> None:
    """Note zeros around an image, for the convolution that comes next."""
    flow.check_maps(node)
    said, value, axes = (flow.constant(node, number) for number in (1, 2, 3))
    if said is None and "pads" in node.attributes:  # as before opset 11
        said, value = (np.array(node.attributes.get(name, 0)) for name in ("pads", "value"))
    mode = node.attributes.get("mode", "constant")
    if said is None or mode != "constant" or (value is not None and value.any()):
        expected = "zeros around images, before a convolution"
        raise flow.refused(node, "pads in another way", expected=expected, remedy=ANSWERS)
    sides = flow.places.ndim
    along = range(sides) if axes is None else [int(one) % sides for one in axes.ravel()]
    ends = np.zeros((2, sides), np.int64)
    ends[:, list(along)] = said.reshape(2, -1)
    if ends[:, :2].any() or not ((ends >= 0) & (ends <= MOST_IN_A_NUMBER)).all():
        expected = "zeros around images alone"
        raise flow.refused(node, "pads in another way", expected=expected, got=str(ends.tolist()))
    more = (int(ends[0, 2]), int(ends[0, 3]), int(ends[1, 2]), int(ends[1, 3]))
    top, left, bottom, right = (one + two for one, two in zip(flow.margin, more, strict=True))
    flow.margin = top, left, bottom, right


# --- pools -----------------------------------------------------------------------------------


def pool(flow: Flow, node: Node) -> None:
    flow.check_maps(node)
    height, width, _ = flow.shape
    size = tuple(node.attributes.get("kernel_shape", ()))
    if len(size) != 2 or not all(1 <= one <= MOST_IN_A_NUMBER for one in size):
        raise flow.refused(node, "is no pool of images", got=f"kernel_shape {size}")
    stride = _stride(flow, node)
    _check_edges(flow, node, (size[0], size[1]), stride)
    if node.kind == "AveragePool" and size == (height, width):
        global_average(flow, node)
        return
    if size[0] != size[1]:
        expected = "as many rows as columns"
        raise flow.refused(node, "has no square window", expected=expected, got=str(size))
    kind = MaxPool if node.kind == "MaxPool" else AveragePool
    flow.add(node, kind(int(size[0]), stride))


def _check_edges(flow: Flow, node: Node, size: tuple[int, int], stride: int) -> None:
    """Refuse a pool that looks at more than whole windows of the image."""
    if any(_pads(flow, node, size, stride)):
        expected = "no padding: netviz pools whole windows of an image"
        raise flow.refused(node, "pools beyond the edge", expected=expected, remedy=ANSWERS)
    if any(one != 1 for one in node.attributes.get("dilations", ())):
        raise flow.refused(node, "has a dilation", expected="windows without gaps")
    over = [(length - side) % stride for length, side in zip(flow.shape[:2], size, strict=True)]
    if node.attributes.get("ceil_mode", 0) and any(over):
        expected = "ceil_mode = 0, or windows that fill the image"
        raise flow.refused(node, "pools beyond the edge", expected=expected, remedy=ANSWERS)


def global_average(flow: Flow, node: Node) -> None:
    flow.check_maps(node)
    flow.average(node)
    flow.places = flow.places.reshape(1, -1, 1, 1)
