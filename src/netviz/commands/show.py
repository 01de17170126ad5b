"""`netviz.show`: a figure of what networks answered, for notebooks and scripts.

The figure is drawn by the code that draws it in an essay. Nothing is trained or measured, no
process is started, and nothing stays on the disk.
"""

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

from numpy.typing import ArrayLike

from netviz.analysis.class_order import other_order
from netviz.analysis.confusion import confusion
from netviz.commands.given import DATASET, Answers, Given, kind_and_answers
from netviz.commands.shown import Shown
from netviz.datasets.description import OwnDataset
from netviz.engine.graph import Artifact
from netviz.errors import EssayError, NetvizError, Place, nearest_name
from netviz.essay.figure_calls import FigureCall
from netviz.essay.templates import Templates, built_in_templates
from netviz.figures.figure import Materials, references
from netviz.figures.registry import FigureFolder, Registry
from netviz.pipeline.draw import draw_into
from netviz.pipeline.imported import OF_OUTPUTS
from netviz.publishing.assets import drawing_files
from netviz.publishing.shown import shown_page
from netviz.records import record

HEIGHT = 720  # CSS pixels
# The figures that need no weights of a network.
OF_ANSWERS = (
    "confusion_matrix",
    "confusion_samples",
    "mistakes",
    "random_sample",
    "reliability",
    "surest_samples",
    "you_first",
)
SHOWN_BY = ("images", "labels", "logits", "probabilities", "classes", "network", "dataset")
OURS = {"network", "networks", "compare", "dataset"}  # these follow from what is given


def show(  # noqa: PLR0913 - arrays by their names, as a notebook has them
    figure: str,
    *,
    images: ArrayLike,
    labels: ArrayLike,
    logits: Answers | None = None,
    probabilities: Answers | None = None,
    classes: Iterable[str] = (),
    network: str = "the network",
    dataset: str = "the data",
    labels_from: int = 0,
    brightest: float | None = None,
    ground: Literal["white", "black"] | None = None,
    height: int = HEIGHT,
    **arguments: Any,  # noqa: ANN401 - checked against the figure's own Arguments
) -> Shown:
    """Return a figure of what networks answered to test images.

    Args:
        figure: its word, such as "confusion_matrix"; one of `OF_ANSWERS`.
        images: (n, rows, columns) or (n, rows, columns, 3), bytes or fractions from 0 to 1.
        labels: (n,) their classes: numbers from 0, or texts.
        logits: (n, classes), or such arrays of several networks by what these are called.
        probabilities: the same, in place of logits.
        classes: the names of the classes, in the order of their labels.
        network: what a single network is called.
        dataset: what the images are called.
        labels_from: the label of the first class.
        brightest: the number that means white, where the pixels do not say it.
        ground: what transparent images are laid on; white unless given.
        height: that of the frame in a notebook, in CSS pixels.
        arguments: what else the figure takes, such as actual=4.

    Raises:
        NetvizError: there is no such figure, it needs more than answers, or the arrays do not fit
            together. The message says which array, what was expected, and what it is.
    """
    folder = _folder(figure)
    kind, answers = kind_and_answers(logits, probabilities, network)
    own = OwnDataset(
        title=dataset,
        path=DATASET,
        classes=_names(classes),
        labels_from=labels_from,
        brightest=brightest,
        ground=ground,
    )
    given = Given(images, labels, kind, answers, own)
    return _drawn(_call(folder, given.titles, arguments), given, height)


def _folder(word: str) -> FigureFolder:
    """Return the figure of this word.

    Raises:
        EssayError: there is none, or it needs more than answers.
    """
    figures = Registry().figures
    if word in OF_ANSWERS:
        return figures[word]
    expected = "one of " + ", ".join(OF_ANSWERS)
    if word not in figures:
        nearest = nearest_name(str(word), figures)
        raise EssayError(f"unknown figure {word!r}", expected=expected, nearest=nearest)
    raise EssayError(
        f"the figure {word!r} needs more of a network than its answers",
        expected=expected,
        remedy="netviz.look shows the weights of a network too.",
    )


def _names(classes: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the classes.

    Raises:
        EssayError: they are one text, have no order, or two of them are the same.
    """
    if isinstance(classes, str):
        expected = 'a name for each class, such as ["cat", "dog"]'
        raise _fault("classes", "the classes are one text", expected, repr(classes))
    if isinstance(classes, Set | Mapping):
        expected = "a list of names, in the order of the outputs"
        raise _fault("classes", "the classes have no order", expected, type(classes).__name__)
    names = tuple(str(name) for name in classes)
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        expected = "a name of its own for each"
        raise _fault("classes", "two classes have one name", expected, repr(twice[0]))
    return names


def _fault(argument: str, problem: str, expected: str, got: str) -> EssayError:
    return EssayError(problem, place=Place(argument), expected=expected, got=got)


def _call(
    folder: FigureFolder, titles: Mapping[str, str], arguments: Mapping[str, object]
) -> FigureCall:
    """Return the call of a figure on the networks of these `titles` by their names.

    Raises:
        EssayError: the figure shows another number of networks, or takes no such argument.
    """
    place = Place(folder.word)
    kind = folder.load().Arguments
    taken = {field.name for field in fields(kind)}
    free = [field.name for field in fields(kind) if field.name not in OURS]
    if unknown := next((name for name in arguments if name not in free), None):
        raise EssayError(
            f"the figure takes no argument {unknown!r}",
            place=place,
            expected="one of " + ", ".join(free) if free else "none",
            nearest=nearest_name(unknown, [*free, *SHOWN_BY]),
        )
    try:
        shown = {**_shown(taken, titles), **arguments}
        made = record(kind, shown)
    except NetvizError as error:
        raise error.at(place) from None
    return FigureCall(folder, made, f"fig-{folder.tag.removeprefix('nv-')}", 1, None, place)


def _shown(taken: Collection[str], titles: Mapping[str, str]) -> dict[str, object]:
    """Return the arguments of a figure that name what it shows, of those that are `taken`."""
    names = list(titles)
    if "dataset" in taken:
        return {"dataset": DATASET}
    least, most = 1, len(names) if "networks" in taken else 2 if "compare" in taken else 1
    if not least <= len(names) <= max(least, most):
        raise EssayError(
            "the figure shows what networks answered",
            expected="one network" if most <= 1 else "one network or two",
            got=", ".join(titles.values()) or "neither logits nor probabilities",
        )
    if "networks" in taken:
        return {"networks": names}
    compared: dict[str, object] = {"compare": names[1]} if len(names) > 1 else {}
    return {"network": names[0], **compared}


def _drawn(call: FigureCall, given: Given, height: int) -> Shown:
    """Draw the figure, and put it on a page of its own.

    Raises:
        NetvizError: the arrays are at fault, or the figure refuses them.
    """
    materials = given.materials(references(call.arguments).networks)
    with tempfile.TemporaryDirectory(prefix="netviz-") as here:
        try:
            draw_into(Path(here), call.folder, call.arguments, materials)
        except NetvizError as error:
            raise error.at(call.place) from None
        drawing, files = drawing_files(call.word, Artifact(Path(here), ""))
    title = _title(call, materials)
    page = shown_page(call, drawing, files, title, _templates())
    notes = (*materials.datasets[DATASET].description.notes, *_reordered(materials))
    return Shown(title, page, height, notes)


def _reordered(materials: Materials) -> Iterator[str]:
    """Yield what is to be said of each network that answers for the classes in another order."""
    for network in materials.networks.values():
        order = other_order(confusion(network.evaluation).counts)
        if order is not None:
            told = order.told(network.title, network.dataset.description.class_names)
            yield f"{told} {OF_OUTPUTS}"


def _title(call: FigureCall, materials: Materials) -> str:
    shown = [network.title for network in materials.networks.values()]
    shown = shown or [dataset.description.title for dataset in materials.datasets.values()]
    return f"{call.word.replace('_', ' ').capitalize()} of {' and '.join(shown)}"


@cache
def _templates() -> Templates:
    """Return our templates, which are compiled once in a session."""
    return Templates((built_in_templates(),))
