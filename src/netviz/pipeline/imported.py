"""Networks that were trained elsewhere: where their files are, and what to say of their numbers.

An author may state the accuracy that the framework gave: the one check that sees what no file of
weights can tell, such as an activation or a normalisation that went unmentioned.
"""

import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from netviz.analysis.class_order import ClassOrder, other_order
from netviz.datasets.manifest import read_manifest
from netviz.elsewhere.answers import LABELS
from netviz.elsewhere.kinds import is_onnx
from netviz.elsewhere.unsaid import Better, Tried
from netviz.engine.graph import Artifact
from netviz.errors import EssayError, Place
from netviz.essay.measurements import Measurements
from netviz.essay.opening import Essay
from netviz.essay.settings import SETTINGS_NAME, NetworkSettings, Settings, as_row, place_of
from netviz.pipeline.import_weights import Weights
from netviz.records import record

OF_WEIGHTS = (
    "Compare the activation, the normalisation of the pixels, the order of colours and"
    " layers, anything between the layers, and the test images themselves."
)
OF_ANSWERS = (
    "Compare the test images and their order, which labels saved beside the answers would prove."
)
UNORDERED = (
    "nothing proves that {name!r} answers the test images in their order: with another, all that"
    " is shown of it is wrong. Save the labels beside the answers, or give accuracy, as it was"
    " measured where it was trained."
)
OF_OUTPUTS = "Put the outputs into the order of the labels."
LEAST_DIGITS = 2  # after the point, of an accuracy: 0.9 is taken for 0.90


def weights_of(essay: Essay, datasets: Mapping[str, Artifact]) -> dict[str, Weights]:
    """Return the file of weights or answers of each network that was trained elsewhere, by name.

    Raises:
        EssayError: there is no such file in the essay's folder.
    """
    found = {}
    for name, network in essay.settings.networks.items():
        key = "weights" if network.answers is None else "answers"
        named = network.weights or network.answers
        if named is None:
            continue
        file, place = essay.folder / named, _place(essay, name, key)
        if not file.is_file() or not file.resolve().is_relative_to(essay.folder.resolve()):
            raise EssayError(
                f"there are no {key} for {name!r}",
                place=place,
                expected=f"a file in {essay.folder}",
                got=named,
            )
        artifact = Artifact(file.parent, hashlib.sha256(file.read_bytes()).hexdigest())
        description = read_manifest(datasets[network.dataset].folder).description
        found[name] = Weights(artifact, place, description.is_divided)
    return found


def check_trained_elsewhere(
    essay: Essay, measurements: Measurements, tell: Callable[[str], None]
) -> None:
    """Compare the accuracies in the settings, and report those that are missing.

    Test images that may have been learnt from are reported as well.

    On the bundled sample, whose test images are others, a difference is only reported.

    Raises:
        EssayError: netviz measures another accuracy than the settings state.
    """
    for name, network in essay.settings.networks.items():
        if not network.is_from_elsewhere:
            continue
        if network.accuracy is not None:
            try:
                _check_accuracy(essay, name, network.accuracy, measurements)
            except EssayError as error:
                if not _is_sample(essay, name, measurements):
                    raise
                tell(f"on the sample: {error}")
        elif said := _doubted(essay, name, measurements):
            tell(said)
        if measurements.at(f"networks.{name}.test.may_have_learnt"):
            tell(
                f"{name!r} may have learnt from the images that it is measured on: netviz drew"
                f" them itself from the data set {network.dataset!r}, which has no test split."
                " Divide it before you train: give it folders train and test, or the arrays"
                " x_train, y_train, x_test and y_test."
            )


def _doubted(essay: Essay, name: str, measurements: Measurements) -> str:
    """Return what there is to say of a network whose accuracy elsewhere is not known, or ""."""
    network = essay.settings.networks[name]
    if order := _other_order(name, essay.settings, measurements):
        return order
    if network.weights is not None:
        return unproved(name, essay.folder, network, measurements)
    return (
        "" if _has_labels(essay.folder / (network.answers or "")) else UNORDERED.format(name=name)
    )


def _has_labels(answers: Path) -> bool:
    """Say whether labels are saved beside answers, which were compared as these were read."""
    with zipfile.ZipFile(answers) as archive:
        return f"{LABELS}.npy" in archive.namelist()


def unproved(name: str, folder: Path, network: NetworkSettings, measurements: Measurements) -> str:
    """Return what is taken for granted of a network whose accuracy elsewhere is not known.

    Its file lies in the `folder` of its essay. One of ONNX names its activations.
    """
    tried = _tried(name, measurements)
    if tried.better is not None:
        return (
            f"{name!r} was very likely trained otherwise, and what is shown of it is wrong:"
            f" {_otherwise(tried, tried.better)}"
        )
    taken = [] if _reads_other_pixels(network) else ["on pixels other than 0 (black) to 1 (white)"]
    activation = measurements.at(f"networks.{name}.architecture.activation")
    is_said = network.activation or network.layers or is_onnx(folder / (network.weights or ""))
    if activation and not is_said:
        taken.append(f"with another activation than {activation}")
    otherwise = f"If it was trained {' or '.join(taken)}, what" if taken else "What"
    usual = f"the {tried.ways} other ways that are usual" if tried.ways > 1 else "the one usual way"
    return (
        f"{name!r} has no accuracy to compare with. {otherwise} is shown of it "
        f"{'is' if taken else 'may be'} wrong, and nothing tells"
        + (f"; of {usual} none reads clearly more images" if tried.ways else "")
        + ". Give accuracy, as it was measured where it was trained."
    )


def _otherwise(tried: Tried, better: Better) -> str:
    """Return how many images a network reads with other settings, and what to do with these."""
    return (
        f"as it is said to be it reads {tried.correct:,} of {tried.images:,} test images,"
        f" and with {', '.join(better.settings)}"
        f" it reads {better.correct:,}. Add what is true to its settings."
    )


def order_of_outputs(
    name: str, network: NetworkSettings, measurements: Measurements
) -> ClassOrder | None:
    """Return the order of the classes that the outputs of a network from elsewhere seem to have.

    None where they are in the order of the labels, or another normalisation explains more.
    """
    matrix = measurements.at(f"networks.{name}.test.confusion_matrix")
    order = other_order(np.array(matrix, np.intp))
    if order is None or network.weights is None:
        return order
    tried = _tried(name, measurements)
    explained = tried.better.correct / tried.images if tried.better else 0.0
    return order if order.correct / order.images > explained else None


def _other_order(name: str, settings: Settings, measurements: Measurements) -> str:
    """Return what to say of outputs in another order than the labels; "" if they are not."""
    network = settings.networks[name]
    order = order_of_outputs(name, network, measurements)
    if order is None:
        return ""
    classes = cast("Sequence[str]", measurements.at(f"datasets.{network.dataset}.classes"))
    told = order.told(name, classes)
    if network.dataset not in settings.datasets:
        return f"{told} {OF_OUTPUTS}"
    return (
        f"{told} Add that to [datasets.{network.dataset}] if its labels are names, of folders or"
        f" texts. Else: {OF_OUTPUTS}"
    )


def _tried(name: str, measurements: Measurements) -> Tried:
    return record(Tried, cast("Mapping[str, Any]", measurements.at(f"networks.{name}.tried")))


def _reads_other_pixels(network: NetworkSettings) -> bool:
    means, deviations = as_row(network.pixel_mean), as_row(network.pixel_deviation)
    return network.inverted or set(means) != {0.0} or set(deviations) != {1.0}


def tolerance(accuracy: float) -> float:
    """Return by how much a rounded `accuracy` may differ from the exact one."""
    digits = len(f"{accuracy:.10f}".rstrip("0").partition(".")[2])
    return 0.5 * 10.0 ** -max(digits, LEAST_DIGITS)


def _place(essay: Essay, name: str, key: str) -> Place:
    file = essay.folder / SETTINGS_NAME
    return place_of(file, file.read_text(encoding="utf-8-sig"), ("networks", name, key))


def _check_accuracy(essay: Essay, name: str, stated: float, measurements: Measurements) -> None:
    measured = cast("float", measurements.at(f"networks.{name}.test.accuracy"))
    if abs(measured - stated) <= tolerance(stated) + 1e-9:
        return
    raise EssayError(
        f"netviz measures another accuracy of {name!r} than it had where it was trained",
        place=_place(essay, name, "accuracy"),
        expected=f"{stated:.10g}",
        got=f"{measured:.6g} on {measurements.at(f'networks.{name}.test.count'):,} test images",
        remedy=_remedy(essay, name, measurements),
    )


def _remedy(essay: Essay, name: str, measurements: Measurements) -> str:
    if order := _other_order(name, essay.settings, measurements):
        return order
    if essay.settings.networks[name].answers:
        return OF_ANSWERS
    tried = _tried(name, measurements)
    found = "" if tried.better is None else f" Now: {_otherwise(tried, tried.better)}"
    return OF_WEIGHTS + found


def _is_sample(essay: Essay, name: str, measurements: Measurements) -> bool:
    own = essay.settings.networks[name].dataset in essay.settings.datasets
    return bool(measurements.at("sample")) and not own
