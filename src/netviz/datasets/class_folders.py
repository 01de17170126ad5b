"""Class folders: a folder of pictures for each class, and above them perhaps `train` and `test`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from netviz.bounds import PICTURES
from netviz.datasets.archives import LARGEST_ARCHIVE
from netviz.datasets.description import CLASSES, OwnDataset
from netviz.datasets.forms import no_layout
from netviz.datasets.labelled import (
    ROLES,
    Found,
    Labelled,
    Note,
    chosen_roles,
    composed,
    endings,
    fault,
    size,
    visible,
    what_lies_in,
)
from netviz.datasets.pictures import Picture, read_picture_of_class
from netviz.datasets.pixels import laid_note
from netviz.errors import DataError, Place, listed, nearest_name

DEEPEST = 4  # folders that hold one folder and nothing else, as archives unpack to


@dataclass
class _Met:
    """What is met while pictures are read, to be reported in a line each."""

    passed_over: list[str] = field(default_factory=list)
    transparent: int = 0
    moving: int = 0
    total: int = 0
    bytes: int = 0


def has_class_folders(folder: Path) -> bool:
    """Say whether a folder holds folders with pictures, at once or below others."""
    return any(is_picture(file) for one in _folders(folder) for file in _walk(one, DEEPEST))


def is_picture(file: Path) -> bool:
    """Say whether a file's name is that of a picture."""
    return file.suffix.lower() in PICTURES and not file.is_dir()


def read_class_folders(folder: Path, own: OwnDataset, note: Note) -> Found:
    """Read a folder of class folders, or of folders such as `train` and `test` with them in each.

    Raises:
        DataError: a class has no pictures or is in one split alone, or a picture cannot be read.
    """
    root, met = innermost(folder), _Met()
    roots = _splits(root, note)
    _beside(root, roots, met)
    classes, chosen = _classes(roots, own, note)
    parts, pictures = [], []
    for one, folders in zip(roots, chosen, strict=True):
        read, labels = _read_pictures(one, folders, own, met)
        parts.append(_stacked(one, read, labels))
        pictures += read
    _tell(folder, met, own, note)
    brightest = _darkest_depth(pictures)
    return Found(tuple(parts), classes, brightest.brightest, brightest.white)


def _darkest_depth(pictures: Sequence[Picture]) -> Picture:
    """Return the brightest picture of the depth whose pictures are darkest on their scale.

    Pictures of 12 bits in files of 16, beside others of 8, would all be nearly black.
    """
    by_depth: dict[float, list[Picture]] = {}
    for one in pictures:
        by_depth.setdefault(one.white, []).append(one)
    brightest = [max(group, key=lambda one: one.brightest) for group in by_depth.values()]
    return min(brightest, key=lambda one: one.brightest / one.white)


# --- which folders ---------------------------------------------------------------------------


def _folders(folder: Path) -> list[Path]:
    return [one for one in visible(folder) if one.is_dir()]


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    for one in visible(folder):
        if one.is_dir() and depth:
            yield from _walk(one, depth - 1)
        else:
            yield one


def innermost(folder: Path) -> Path:
    """Return the folder that holds the data, where folders with one folder alone lead to it."""
    for _ in range(DEEPEST):
        inner = visible(folder)
        if len(inner) != 1 or not inner[0].is_dir() or inner[0].name.lower() in ROLES:
            break
        if any(map(is_picture, visible(inner[0]))):
            break
        folder = inner[0]
    return folder


def _splits(root: Path, note: Note) -> list[Path]:
    """Return the folders of the splits, training first; or `root`, where it has none.

    Raises:
        DataError: as `_by_role`.
    """
    named = [one for one in _folders(root) if one.name.lower() in ROLES]
    found = _by_role(root, [one for one in named if _folders(one)])
    read, over = chosen_roles(found)
    if not read:
        return [root]
    for one in named:
        if one not in found.values():  # pictures whose class nobody knows
            count = sum(map(is_picture, visible(one)))
            no_classes = f"{one.name} has no class folders"
            note(f"{root.name}: {no_classes} and is passed over ({count:,} pictures)")
    for role in over:
        count = sum(is_picture(file) for file in _walk(found[role], DEEPEST))
        note(f"{root.name}: {found[role].name} is passed over ({count:,} pictures)")
    if "validation" in read:
        note(f"{root.name}: {found['validation'].name} is the test split")
    return [found[role] for role in read]


def _by_role(root: Path, folders: Sequence[Path]) -> dict[str, Path]:
    """Return `folders` of `root`, which are named for splits, by the roles of these.

    Raises:
        DataError: two are for the same split.
    """
    found: dict[str, Path] = {}
    for one in folders:
        role = ROLES[one.name.lower()]
        if role in found:
            got = f"{found[role].name} and {one.name}"
            raise fault(root, "two folders are for one split", f"one for {role}", got)
        found[role] = one
    return found


def _beside(root: Path, roots: Sequence[Path], met: _Met) -> None:
    """Count what lies beside the folders that are read."""
    for folder in dict.fromkeys((root, *roots)):
        met.passed_over += [one.name for one in visible(folder) if not one.is_dir()]
    if list(roots) != [root]:
        others = [one for one in _folders(root) if ROLES.get(one.name.lower()) is None]
        met.passed_over += [file.name for one in others for file in _walk(one, DEEPEST)]


def _classes(
    roots: Sequence[Path], own: OwnDataset, note: Note
) -> tuple[tuple[str, ...], list[list[Path | None]]]:
    """Return the names of the classes, and their folders in each split; a test split may lack one.

    Raises:
        DataError: there are none, one has no folder, or the test split has one more.
    """
    known = [_by_name(root) for root in roots]
    classes = own.classes or tuple(sorted(known[0]))
    if not classes or all(name.lower() in ROLES for name in classes):
        raise no_layout(roots[0])
    if len(classes) < CLASSES[0]:
        expected = f"{CLASSES[0]} to {CLASSES[1]} class folders"
        got = what_lies_in(roots[0])
        raise fault(roots[0], "the number of classes is out of range", expected, got)
    for name in classes:
        if composed(name) not in known[0]:
            raise _no_folder(name, roots[0], known[0])
    left = sorted(set().union(*known) - set(map(composed, classes)))
    if left and not own.classes:
        other = roots[1]
        raise fault(
            other / left[0],
            "a class of the test split is none of the training split",
            f"a folder {left[0]!r} in {roots[0].name} as well",
            listed(tuple(known[0])),
            "Move or remove it, or name the classes that are read in the setting classes.",
        )
    if left:
        note(f"{roots[0].name}: classes does not name {listed(left)}, which is passed over")
    return classes, [[names.get(composed(name)) for name in classes] for names in known]


def _by_name(root: Path) -> dict[str, Path]:
    """Return class folders by their names in composed Unicode."""
    found: dict[str, Path] = {}
    for one in _folders(root):
        name = composed(one.name)
        if name in found:
            problem = "two folders have one name, written in different ways"
            raise fault(root, problem, "a name for each class", repr(name))
        found[name] = one
    return found


def _no_folder(name: str, root: Path, known: Mapping[str, Path]) -> DataError:
    return DataError(
        "a class has no folder",
        place=Place(root),
        expected=f"a folder {name!r}",
        got=listed(tuple(known)) or "none",
        nearest=nearest_name(composed(name), known),
    )


# --- what is in them -------------------------------------------------------------------------


def _read_pictures(
    root: Path, folders: Sequence[Path | None], own: OwnDataset, met: _Met
) -> tuple[list[Picture], list[int]]:
    pictures: list[Picture] = []
    labels: list[int] = []
    faults: list[DataError] = []
    for label, folder in enumerate(folders):
        for file in _pictures_in(folder, root, met) if folder else ():
            try:
                picture = read_picture_of_class(file, own)
            except DataError as error:
                faults.append(error)
                continue
            if pictures:
                _check_alike(file, picture, pictures[0])
            _count(picture, root, met)
            pictures.append(picture)
            labels.append(label)
    if faults:
        raise _first_of(faults)
    return pictures, labels


def _first_of(faults: Sequence[DataError]) -> DataError:
    """Return the first fault of pictures, which names others of its kind.

    Those of another kind are told when these are mended.
    """
    first, *others = faults
    alike = [one for one in others if one.problem == first.problem]
    if alike:
        files = [Path(str(one.place.file)) for one in alike if one.place]
        names = [f"{file.parent.name}/{file.name}" for file in files]
        first.problem += f" (and {len(alike)} more: {listed(names)})"
    return first


def _pictures_in(folder: Path, root: Path, met: _Met) -> list[Path]:
    """Return the pictures of a class.

    Raises:
        DataError: there are none, or some lie in folders of their own.
    """
    inside = visible(folder)
    for one in inside:
        deeper = [file.name for file in _walk(one, DEEPEST)] if one.is_dir() else []
        if any(Path(name).suffix.lower() in PICTURES for name in deeper):
            raise _nested(one, folder, root)
        met.passed_over += deeper
    files = [one for one in inside if not one.is_dir()]
    pictures = [one for one in files if is_picture(one)]
    others = [one.name for one in files if not is_picture(one)]
    if not pictures:
        raise fault(
            folder,
            f"the class folder {folder.name!r} has no pictures",
            f"files that end in {', '.join(sorted(PICTURES))}",
            endings(others)
            if others
            else "an empty folder"
            if not inside
            else what_lies_in(folder),
            "Remove the folder, or name the classes that are read in the setting classes.",
        )
    met.passed_over += others
    return pictures


def _nested(inner: Path, folder: Path, root: Path) -> DataError:
    return fault(
        folder,
        f"the class folder {folder.name!r} has folders with pictures of their own",
        "a class's pictures in its folder itself",
        what_lies_in(folder),
        f"Move them up; or, where {inner.name!r} is a class, let path lead to "
        f"{(root / folder.name).name!r}.",
    )


def _check_alike(file: Path, picture: Picture, first: Picture) -> None:
    if picture.pixels.shape[:2] != first.pixels.shape[:2]:
        raise fault(
            file,
            "the pictures differ in size",
            size(first.pixels.shape[:2]),
            size(picture.pixels.shape[:2]),
            'Set "side" in the table of the data set, as in side = 28: they are scaled.',
        )


def _count(picture: Picture, root: Path, met: _Met) -> None:
    met.bytes += picture.pixels.size
    met.total += 1
    met.transparent += picture.was_transparent
    met.moving += picture.has_more_frames
    if met.bytes > LARGEST_ARCHIVE:
        most = f"{LARGEST_ARCHIVE} bytes of pixels"
        raise fault(root, "there are too many pictures", most, "more")


def _stacked(root: Path, pictures: Sequence[Picture], labels: Sequence[int]) -> Labelled:
    """Return pictures of one size as a split.

    Raises:
        DataError: `pictures` is empty.
    """
    if not pictures:
        expected, got = "a picture of one class at least", what_lies_in(root)
        raise fault(root, "none of the classes has a picture here", expected, got)
    channels = max(one.pixels.shape[2] for one in pictures)
    shape = (*pictures[0].pixels.shape[:2], channels)
    images = np.stack([np.broadcast_to(one.pixels, shape) for one in pictures])
    return Labelled(images, np.array(labels), root, root)


def _tell(folder: Path, met: _Met, own: OwnDataset, note: Note) -> None:
    if met.passed_over:
        count, kinds = len(met.passed_over), endings(met.passed_over)
        note(
            f"{folder.name}: {met.total:,} pictures are read, other files passed over: "
            f"{count:,} ({kinds})"
        )
    if met.transparent:
        note(laid_note(met.transparent, met.total, own.ground, folder.name))
    if met.moving:
        note(f"{folder.name}: {met.moving:,} pictures have several frames; the first is read")
