"""Where a network applies its normalisations: before a layer, after it, or after the activation.

The number of a normalisation in a sequence tells it: numbers left free are those of modules without
arrays, such as the activation. So does its length, if only the images or only the answers are so
long. Nothing else does, and then the author is asked.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from netviz.elsewhere.faults import fault, quoted
from netviz.elsewhere.names import keyed
from netviz.elsewhere.parts import ACTIVATION, Dense, Ends, Item, Part, Scaling, names_of
from netviz.errors import DataError, listed

OF_SEQUENCE = re.compile(r"(?:^|.*[./])\d+")


def woven(dense: list[Dense], scalings: list[Scaling], ends: Ends, file: Path) -> list[Item]:
    """Return the layers, which are in order, with activations and normalisations between them.

    Raises:
        DataError: the place of a normalisation cannot be determined, or some layers of a sequence
            have no activation between them.
    """
    _check_sequences(dense, scalings, file)
    places = {one.name: _place(one, dense, scalings, ends) for one in scalings}
    if None in places.values():
        raise _unplaced(dense, scalings, places, file)
    return _woven(dense, scalings, {name: place or 0 for name, place in places.items()})


def _sequence(name: str) -> tuple[str, int] | None:
    """Return the name of the sequence that `name` is an entry of, and its number in it."""
    if not OF_SEQUENCE.fullmatch(name):
        return None
    before, number = re.fullmatch(r"(.*?)(\d+)", name).groups()  # type: ignore[union-attr]  # as OF_SEQUENCE says
    return before, int(number)


def _numbers_in(sequence: str, parts: Sequence[Part]) -> list[int]:
    found = (_sequence(part.name) for part in parts)
    return sorted(one[1] for one in found if one and one[0] == sequence)


def _has_free_numbers(sequence: str, parts: Sequence[Part]) -> bool:
    return any(after - before > 1 for before, after in pairwise(_numbers_in(sequence, parts)))


def _check_sequences(dense: list[Dense], scalings: list[Scaling], file: Path) -> None:
    """Refuse a sequence in which some dense layers follow with no activation between them."""
    parts: list[Part] = [*dense, *scalings]
    for before, after in pairwise(dense):
        first, second = _sequence(before.name), _sequence(after.name)
        if not first or not second or first[0] != second[0]:
            continue
        free = second[1] - first[1] - 1
        free -= sum(first[1] < one < second[1] for one in _numbers_in(first[0], parts))
        if free == 0 and _has_free_numbers(first[0], parts):
            raise fault(
                file,
                f"no activation lies between {before.name} and {after.name}",
                expected="a free number between them, as between other layers of the sequence",
                remedy="netviz applies the same activation between every two layers. If one is"
                " applied here too, list all layers in the setting 'layers'.",
            )


def _place(one: Scaling, dense: list[Dense], scalings: list[Scaling], ends: Ends) -> float | None:
    """Return where `one` is applied: k on the inputs of dense layer k, k + 0.5 on its sums.

    None where that cannot be determined.
    """
    hidden = {layer.shape[1] for layer in dense[:-1]}
    if one.of_pixels and one.size in (1, ends.channels, ends.inputs):
        return 0
    entry = _sequence(one.name)
    if entry and _numbers_in(entry[0], dense):
        return _place_in_sequence(*entry, dense, scalings)
    if one.size not in hidden:
        if one.size == ends.inputs or (one.size in (1, ends.channels) and one.size != ends.classes):
            return 0
        if one.size == ends.classes:
            return len(dense) - 0.5
    return None


def _place_in_sequence(
    sequence: str, number: int, dense: list[Dense], scalings: list[Scaling]
) -> float | None:
    parts: list[Part] = [*dense, *scalings]
    taken = set(_numbers_in(sequence, parts))
    before = [k for k in _numbers_in(sequence, dense) if k < number]
    after = [k for k in _numbers_in(sequence, dense) if k > number]
    if not before:
        is_first = _sequence(dense[0].name) == (sequence, after[0])
        return 0 if is_first else None
    layer = next(k for k, d in enumerate(dense) if _sequence(d.name) == (sequence, before[-1]))
    free_before = set(range(before[-1] + 1, number)) - taken
    if not free_before:
        # Without free numbers the list may hold layers alone, and their order be another's.
        is_sum = _has_free_numbers(sequence, parts) or layer == len(dense) - 1
        return layer + 0.5 if is_sum else None
    if after and not set(range(number + 1, after[0])) - taken:
        return layer + 1
    return None


def _unplaced(
    dense: list[Dense],
    scalings: list[Scaling],
    places: Mapping[str, float | None],
    file: Path,
) -> DataError:
    unsaid = [one for one in scalings if places[one.name] is None]
    guessed = {
        one.name: place
        if (place := places[one.name]) is not None
        else next((k for k, d in enumerate(dense) if d.shape[1] == one.size), 0) + 0.5
        for one in scalings
    }
    order = names_of(_woven(dense, scalings, guessed))
    other = names_of(
        _woven(dense, scalings, {n: p + 0.5 * (places[n] is None) for n, p in guessed.items()})
    )
    return fault(
        file,
        f"nothing tells where {listed([one.name for one in unsaid])} is applied, before the"
        " activation or after it",
        expected=f"the order in the settings, such as layers = {quoted(order)} or {quoted(other)}",
        got=listed([*names_of(dense), *names_of(unsaid)]),
    )


def _woven(
    dense: list[Dense], scalings: Sequence[Scaling], places: Mapping[str, float]
) -> list[Item]:
    """Return all parts in order, with the activation between each two dense layers."""
    keys = keyed([one.name for one in scalings])
    rows: list[tuple[float, tuple[int, ...], Item]] = []
    for number, layer in enumerate(dense):
        rows.append((number + 0.2, (), layer))
        if number < len(dense) - 1:
            rows.append((number + 0.8, (), ACTIVATION))
    rows += [(places[one.name], keys[one.name][1], one) for one in scalings]
    return [item for _, _, item in sorted(rows, key=lambda row: row[:2])]
