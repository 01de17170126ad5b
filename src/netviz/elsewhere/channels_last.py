"""MLX, which calls its arrays as PyTorch does, and has the channels last.

Its files of safetensors are known. Its `.npz` are not, and some filters then fit both ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.faults import fault
from netviz.elsewhere.kinds import kind_of
from netviz.elsewhere.parts import Dense, Filters, Scaling

Part = Dense | Filters | Scaling
MLX_SAVES = "With MLX: model.save_weights('theirs.safetensors')."


def as_in_pytorch(parts: Sequence[Part], metadata: Mapping[str, str]) -> list[Part]:
    """Return `parts` with the filters of MLX turned, whose maps are flattened pixel by pixel."""
    if metadata.get("format") != "mlx":
        return list(parts)
    return [_turned(part) for part in parts]


def _turned(part: Part) -> Part:
    if isinstance(part, Scaling) or part.order != "planes":
        return part
    weight = part.weight.transpose(0, 3, 1, 2) if isinstance(part, Filters) else part.weight
    return replace(part, weight=weight, order="pixels")


def check_channels_first(parts: Sequence[Part], expected: Expected, file: Path) -> None:
    """Refuse an `.npz` whose filters may have their channels first, or last as in MLX.

    Filters of which one fits a single way tell it: it is then laid out, or refused, by its shape.
    So do names that begin with a number, as of PyTorch's `Sequential`: in MLX they begin with
    `layers`.
    """
    filters = [part for part in parts if isinstance(part, Filters) and part.is_transposed]
    sides = {part.weight.shape[1:] for part in filters}
    is_open = bool(sides) and all(len(set(one)) == 1 and one[0] > 1 for one in sides)
    is_numbered = any(part.name.partition(".")[0].isdigit() for part in filters)
    if is_open and not is_numbered and expected.colours is None and kind_of(file) == "npz":
        raise fault(
            file,
            f"nothing tells whether the channels of {filters[0].name} come first, as in PyTorch,"
            " or as in MLX with the channels last",
            expected='the setting colours = "planes" for PyTorch, or a file of safetensors',
            got=str(filters[0].weight.shape),
            remedy=MLX_SAVES,
        )
