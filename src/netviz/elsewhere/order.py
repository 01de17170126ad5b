"""In which order a network applies its dense layers: from names, shapes or the settings.

The alphabet is no evidence. Numbers in names that are otherwise alike give an order; where names
differ in more, an order is taken only if the shapes of the layers leave no other, and every layer
then has a place. Else the author is asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from netviz.elsewhere.faults import fault, quoted
from netviz.elsewhere.names import keyed
from netviz.elsewhere.parts import ACTIVATION, Dense, Ends, Item, Part, Scaling, names_of
from netviz.elsewhere.places import woven
from netviz.errors import DataError, listed, nearest_name

MOST_GROUPS = 8  # of names, whose orders are tried
ONE_OUTPUT = (
    "One output for two classes becomes two, 0 for the first class: put a unit with weights and"
    " bias of zeros before it."
)


def ordered(parts: Sequence[Part], layers: Sequence[str], ends: Ends, file: Path) -> list[Item]:
    """Return `parts` in the order in which the network applies them, with its activations.

    The weights of dense layers are then (units below, units above).

    Raises:
        DataError: `layers` does not name each part once, or, where it is empty, more than one
            order is possible, or none.
    """
    if layers:
        return _as_told(parts, layers, ends, file)
    dense = _dense_order([part for part in parts if isinstance(part, Dense)], ends, file)
    scalings = [part for part in parts if isinstance(part, Scaling)]
    return woven(dense, scalings, ends, file)


# --- as the settings say ---------------------------------------------------------------------


def _as_told(parts: Sequence[Part], layers: Sequence[str], ends: Ends, file: Path) -> list[Item]:
    known: dict[str, Part] = {part.name: part for part in parts}
    _check_named(layers, known, file)
    items: list[Item] = [known.get(name, ACTIVATION) for name in layers]
    dense = [item for item in items if isinstance(item, Dense)]
    turned = iter(_only(_turnings([dense], ends, file), dense, file))
    items = [next(turned) if isinstance(item, Dense) else item for item in items]
    return items if ACTIVATION in layers else _with_activations(items)


def _check_named(layers: Sequence[str], known: Mapping[str, Part], file: Path) -> None:
    """Refuse `layers` that do not name each of the `known` parts once."""
    for name in layers:
        if name != ACTIVATION and name not in known:
            raise DataError(
                f"'layers' names {name!r}, which is not in {file.name}",
                expected=f"some of {listed(sorted(known))}, or {ACTIVATION}",
                nearest=nearest_name(name, known),
            )
    named = [name for name in layers if name != ACTIVATION]
    if sorted(named) != sorted(known):
        left = sorted(set(known) - set(named)) or sorted({n for n in named if named.count(n) > 1})
        raise DataError(
            f"'layers' does not name each part of {file.name} once",
            expected=f"all of {listed(sorted(known))}",
            got=f"{listed(left)} {'left out' if set(left) - set(named) else 'named twice'}",
            remedy="What the network's answer does not use must not be in the file.",
        )


def _with_activations(items: list[Item]) -> list[Item]:
    """Put the activation between each two dense layers, where nothing else lies between them."""
    full: list[Item] = []
    for before, after in pairwise([*items, ACTIVATION]):
        full.append(before)
        if isinstance(before, Dense) and isinstance(after, Dense):
            full.append(ACTIVATION)
    return full


# --- dense layers ----------------------------------------------------------------------------


def _dense_order(dense: list[Dense], ends: Ends, file: Path) -> list[Dense]:
    groups = _groups(dense)
    if len(groups) > MOST_GROUPS or any(not _is_numbered(group) for group in groups):
        raise _doubtful(dense, file)
    orders = _orders([[one for _, one in group] for group in groups], ends, file)
    return _only(orders, dense, file)


def _only(orders: list[list[Dense]], dense: Sequence[Dense], file: Path) -> list[Dense]:
    """Return the order that was found, if it is the only one and has every layer."""
    if len(orders) > 1 and names_of(orders[0]) == names_of(orders[1]):
        raise fault(
            file,
            "neither names nor shapes tell how the weights are laid out",
            expected="weights_0 (inputs × outputs), 0.weight (outputs × inputs) or another name"
            " that says it",
            got=listed([f"{one.name} {one.weight.shape}" for one in dense]),
        )
    if len(orders) > 1:
        raise _doubtful(dense, file)
    (order,) = orders
    if len(order) < len(dense):
        placed = {one.name for one in order}
        raise fault(
            file,
            "some layers have no place in the network",
            expected=f"no more than {listed([one.name for one in order])}, which lead from the"
            " pixels to the classes",
            got=listed([one.name for one in dense if one.name not in placed]),
            remedy="Save the file without what the network's answer does not use, or name all"
            " layers in their order in the setting 'layers'.",
        )
    return order


def _doubtful(dense: Sequence[Dense], file: Path) -> DataError:
    names = [one.name for one in dense]
    return fault(
        file,
        "the names of the layers do not tell their order",
        expected=f"numbers in names, or the order in the settings: layers = {quoted(names)},"
        " put in order",
        got=listed([f"{one.name} {one.weight.shape}" for one in dense]),
        remedy="What the network's answer does not use, such as a second head, must not be in"
        " the file.",
    )


Group = list[tuple[tuple[int, ...], Dense]]


def _groups(dense: Sequence[Dense]) -> list[Group]:
    """Return the layers whose names differ in numbers alone, together and in their order."""
    keys = keyed([one.name for one in dense])
    found: dict[str, Group] = {}
    for one in dense:
        template, numbers = keys[one.name]
        found.setdefault(template, []).append((numbers, one))
    return [sorted(group, key=lambda entry: entry[0]) for group in found.values()]


def _is_numbered(group: Group) -> bool:
    return len({numbers for numbers, _ in group}) == len(group)


def _orders(groups: list[list[Dense]], ends: Ends, file: Path) -> list[list[Dense]]:
    """Return the orders of groups that lead from the pixels to the classes: one, or two of many.

    Raises:
        DataError: the layers fit together in no order.
    """
    if len(groups) == 1:
        return _turnings(groups, ends, file)
    found: list[list[Dense]] = []
    for is_transposed in _ways([one for group in groups for one in group]):
        turned = [_turned(group, is_transposed) for group in groups]
        for order in _chains([group for group in turned if _follows(group)], ends):
            found.append(order)
            if len(found) > 1:
                return found
    if not found:
        raise fault(
            file,
            "the layers do not follow in any order",
            expected=f"layers from {ends.inputs} inputs to {ends.classes} outputs",
            got=listed([f"{one.name} {one.weight.shape}" for group in groups for one in group]),
            remedy="If an order is right all the same, say it in the setting 'layers'.",
        )
    return found


def _chains(groups: list[list[Dense]], ends: Ends) -> Iterator[list[Dense]]:
    """Yield every row of groups, each used at most once, from the inputs to the classes."""
    waiting: list[tuple[list[Dense], list[list[Dense]], int]] = [([], groups, ends.inputs)]
    while waiting:
        row, left, width = waiting.pop()
        if row and width == ends.classes:
            yield row
        for group in left:
            if group[0].shape[0] == width:
                rest = [other for other in left if other is not group]
                waiting.append(([*row, *group], rest, group[-1].shape[1]))


def _turnings(groups: list[list[Dense]], ends: Ends, file: Path) -> list[list[Dense]]:
    """Return each way in which the layers of the one group, in this order, can be laid out.

    Raises:
        DataError: in this order inputs and outputs of the layers fit in neither layout.
    """
    (layers,) = groups
    turned = [_turned(layers, is_transposed) for is_transposed in _ways(layers)]
    fitting = [row for row in turned if _follows(row) and _fits(row, ends)]
    if fitting:
        return fitting
    nearest = next((row for row in turned if _follows(row)), turned[0])
    for number, (before, after) in enumerate(pairwise(nearest), 1):
        if before.shape[1] != after.shape[0]:
            raise fault(
                file,
                f"the layers do not follow in the order {listed([one.name for one in layers])}",
                expected=f"{before.shape[1]} inputs in layer {number}, {after.name}",
                got=str(after.shape[0]),
                remedy="If their order is another, say it in the setting 'layers'.",
            )
    raise fault(
        file,
        "the network does not fit its data set",
        expected=f"{ends.inputs} inputs and {ends.classes} outputs",
        got=f"{nearest[0].shape[0]} and {nearest[-1].shape[1]}",
        remedy=ONE_OUTPUT if (nearest[-1].shape[1], ends.classes) == (1, 2) else None,
    )


def _ways(layers: Sequence[Dense]) -> tuple[bool, ...]:
    """Return the layouts to try: both where names do not tell, and then the same for all."""
    return (False,) if all(one.is_transposed is not None for one in layers) else (False, True)


def _turned(layers: Sequence[Dense], is_transposed: bool) -> list[Dense]:
    return [
        one.turned(is_transposed=is_transposed if one.is_transposed is None else one.is_transposed)
        for one in layers
    ]


def _follows(layers: Sequence[Dense]) -> bool:
    """Say whether each layer takes what the one before gives, and biases are as many as units."""
    are_biased = all(one.bias is None or len(one.bias) == one.shape[1] for one in layers)
    return are_biased and all(a.shape[1] == b.shape[0] for a, b in pairwise(layers))


def _fits(layers: Sequence[Dense], ends: Ends) -> bool:
    return layers[0].shape[0] == ends.inputs and layers[-1].shape[1] == ends.classes
