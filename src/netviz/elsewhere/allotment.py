"""Which arrays of a file belong to which layer that the settings name in words."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from netviz.elsewhere.faults import fault, quoted
from netviz.elsewhere.names import keyed
from netviz.elsewhere.parts import Dense, Filters, Scaling
from netviz.errors import DataError, listed, nearest_name
from netviz.network.written import Written

Part = Dense | Filters | Scaling
KINDS: dict[str, tuple[type[Part], str]] = {
    "conv": (Filters, "convolutions"),
    "dense": (Dense, "dense layers"),
    "batch norm": (Scaling, "batch normalisations"),
}
MOST_TRIED = 10_000  # orders, where numbers in names leave several


def named_apart(text: str) -> tuple[str, str]:
    """Return the layer that `text` says, and the name behind its colon; "" without one."""
    words, _, name = text.partition(":")
    return words, name.strip()


def allotted(
    words: Sequence[Written],
    names: Sequence[str],
    parts: Sequence[Part],
    file: Path,
) -> list[Part | None]:
    """Return for each of `words` the part with its arrays, or None where it has none.

    `names` are those that the settings give beside a word, or "".

    Raises:
        DataError: a kind has other numbers of words and parts, or nothing tells which is which.
    """
    found: list[Part | None] = [None] * len(words)
    for word, (kind, called) in KINDS.items():
        wanted = [place for place, one in enumerate(words) if one.word == word]
        there = [part for part in parts if isinstance(part, kind)]
        given = {place: _named(names[place], there, file) for place in wanted if names[place]}
        _check_counts(wanted, there, called, file)
        left = [part for part in there if part not in given.values()]
        open_places = [place for place in wanted if place not in given]
        shapes = [_units(words[place]) for place in open_places]
        order = _order(left, shapes, called, file) if open_places else []
        for place, part in [*given.items(), *zip(open_places, order, strict=True)]:
            found[place] = part
    _check_sequence([part for part in found if part is not None], names, file)
    return found


def draft(parts: Sequence[Part], file: Path) -> DataError:
    """Return the error for convolutions without words, with what can be said of their layers."""
    keys = keyed([part.name for part in parts])
    # Numbers of one sequence tell the order of all kinds; conv2 and fc1 do not.
    is_sequence = len({template for template, _ in keys.values()}) == 1
    texts = [
        _text(part)
        for part in sorted(
            parts, key=lambda one: (isinstance(one, Dense) > is_sequence, keys[one.name][1])
        )
    ]
    first_dense = next((k for k, part in enumerate(texts) if part.startswith("dense")), None)
    if first_dense is not None:
        texts.insert(first_dense, "flatten")
    return fault(
        file,
        "a file of arrays does not tell how its convolutions follow, nor what lies between them",
        expected=f"all layers in the settings, such as layers = {quoted(texts)} with the pools and"
        " activations among them",
        got=listed([part.name for part in parts]),
        remedy="A file of ONNX says it all: torch.onnx.export, model.export of Keras, or tf2onnx"
        " write one.",
    )


def _text(part: Part) -> str:
    if isinstance(part, Scaling):
        return "batch norm"
    shape = part.weight.shape
    if isinstance(part, Dense):
        return f"dense {shape[0] if part.is_transposed else shape[-1]}"
    rows, columns, units = shape[0], shape[1], shape[3]
    if part.is_transposed:
        rows, columns, units = shape[2], shape[3], shape[0]
    return f"conv {rows}x{columns}x{units}"


def _named(name: str, there: Sequence[Part], file: Path) -> Part:
    known = {part.name: part for part in there}
    if name in known:
        return known[name]
    raise DataError(
        f"'layers' names {name!r}, which is no such layer of {file.name}",
        expected=f"one of {listed(sorted(known))}",
        nearest=nearest_name(name, known),
    )


def _check_counts(wanted: Sequence[int], there: Sequence[Part], called: str, file: Path) -> None:
    if len(wanted) != len(there):
        raise fault(
            file,
            f"the number of {called} in 'layers' is not that of the file",
            expected=f"{len(there)}" + (f": {listed(_names(there))}" if there else ""),
            got=str(len(wanted)),
            remedy="Name them all. What the network's answer does not use must not be in the file.",
        )


def _names(parts: Sequence[Part]) -> list[str]:
    return [part.name for part in parts]


# --- the order of one kind -------------------------------------------------------------------

Units = tuple[int, ...]  # rows, columns and filters of a convolution, units of a dense layer


def _units(written: Written) -> Units:
    return written.numbers if written.word != "batch norm" else ()


def _order(
    parts: Sequence[Part], shapes: Sequence[Units], called: str, file: Path
) -> Sequence[Part]:
    """Return `parts` in order: by their numbers, or in the one way that the shapes leave."""
    groups = _groups(parts)
    if len(groups) == 1 and len({numbers for numbers, _ in groups[0]}) == len(parts):
        return [part for _, part in groups[0]]
    found: list[list[Part]] = []
    for order in _orders([[part for _, part in group] for group in groups], shapes):
        found.append(order)
        if len(found) > 1:
            break
    if len(found) == 1:
        return found[0]
    raise fault(
        file,
        f"the names of the {called} do not tell their order",
        expected="the name behind its layer in the settings, such as"
        f' "conv 3x3x8: {parts[0].name}"',
        got=listed(_names(parts)),
    )


def _groups(parts: Sequence[Part]) -> list[list[tuple[tuple[int, ...], Part]]]:
    """Return the parts whose names differ in numbers alone, together and in their order."""
    keys = keyed(_names(parts))
    found: dict[str, list[tuple[tuple[int, ...], Part]]] = {}
    for part in parts:
        template, numbers = keys[part.name]
        found.setdefault(template, []).append((numbers, part))
    return [sorted(group, key=lambda one: one[0]) for group in found.values()]


def _orders(groups: Sequence[list[Part]], shapes: Sequence[Units]) -> Iterator[list[Part]]:
    """Yield each order that keeps that of every group and fits `shapes`."""
    waiting: list[tuple[list[Part], list[list[Part]]]] = [([], [list(group) for group in groups])]
    for _ in range(MOST_TRIED):
        if not waiting:
            return
        row, left = waiting.pop()
        if len(row) == len(shapes):
            yield row
            continue
        for k, group in enumerate(left):
            if group and _fits(group[0], shapes[len(row)]):
                rest = [one[1:] if other == k else one for other, one in enumerate(left)]
                waiting.append(([*row, group[0]], rest))


def _fits(part: Part, units: Units) -> bool:
    if isinstance(part, Scaling):
        return True
    shape = part.weight.shape
    here = {True: (*shape[2:], shape[0]), False: (*shape[:-2], shape[-1])}
    ways = here.values() if part.is_transposed is None else [here[part.is_transposed]]
    return units in ways


def _check_sequence(parts: Sequence[Part], names: Sequence[str], file: Path) -> None:
    """Refuse an order in words that is not that of the numbers in one sequence."""
    if any(names):
        return
    keys = keyed(_names(parts))
    for group in {template for template, _ in keys.values()}:
        row = [part for part in parts if keys[part.name][0] == group]
        for before, after in pairwise(row):
            if keys[before.name][1] > keys[after.name][1]:
                raise fault(
                    file,
                    f"'layers' puts {before.name} before {after.name}, and their numbers do not",
                    expected="the order of the numbers, or a name behind each layer, such as"
                    f' "conv 3x3x8: {before.name}"',
                    got=listed(_names(row)),
                )
