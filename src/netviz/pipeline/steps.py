"""The steps of a build: each a function from folders and plain parameters to one folder.

They run in worker processes, so each reads what it needs from disk and leaves what it made.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from netviz.analysis.evaluation import Evaluation, evaluate, features_of
from netviz.analysis.hidden import survival
from netviz.analysis.moving import accuracies_moved
from netviz.analysis.sweep import Sweep, SweepPoint
from netviz.datasets.dataset import Dataset, Split
from netviz.datasets.shuffled import with_shuffled_pixels
from netviz.datasets.store import open_dataset, write
from netviz.elsewhere.answers import Asked, identity_of, read_answers
from netviz.elsewhere.reader import Expected, read_foreign
from netviz.errors import DataError, Place
from netviz.figures import drawings
from netviz.figures.drawings import as_json, checked
from netviz.figures.figure import Json, Materials, NetworkMaterial
from netviz.figures.registry import Registry
from netviz.limits import reading
from netviz.network.network import Network, dense_network
from netviz.network.written import network_of_layers
from netviz.pipeline.assemble import assemble as assemble_measurements
from netviz.pipeline.downloads import write_downloads
from netviz.pipeline.measure import measure_network
from netviz.records import record
from netviz.rendering.cards import share_card
from netviz.rendering.pictures import Style, encode_png, encode_webp, weight_picture
from netviz.training.recipe import Recipe
from netviz.training.trained import load_trained, save_trained
from netviz.training.trainer import fit, taken
from netviz.training.trainer import train as train_network

MOST_ON_CARD = 10

Inputs = Mapping[str, Path]
Parameters = Mapping[str, Any]


def train(inputs: Inputs, parameters: Parameters, folder: Path) -> None:
    """Train one network: `dataset` → network, history and film."""
    dataset = open_dataset(inputs["dataset"])
    recipe = record(Recipe, parameters["recipe"])
    seed = int(parameters["seed"])
    split = dataset.train
    if parameters["shuffled_labels"]:
        split = _with_shuffled_labels(split, np.random.default_rng(seed))
    try:
        trained = train_network(_start(dataset, parameters), recipe, split, seed)
    except DataError as error:
        raise error.at(Place(f"the data set {dataset.description.title!r}")) from None
    save_trained(trained, folder)


def shuffle_pixels(inputs: Inputs, parameters: Parameters, folder: Path) -> None:  # noqa: ARG001 - every step has the same form
    """Move all pixels by one shuffle: `dataset` → the same images without neighbours."""
    shuffled = with_shuffled_pixels(open_dataset(inputs["dataset"]))
    splits = shuffled.train, shuffled.test
    write(folder, shuffled.description, splits, is_sample=shuffled.is_sample)


def take_weights(inputs: Inputs, parameters: Parameters, folder: Path) -> None:
    """Read a network that was trained elsewhere: `dataset`, `weights` → network and one frame."""
    dataset = open_dataset(inputs["dataset"])
    description = dataset.description
    expected = Expected(
        description.image_shape,
        len(description.class_names),
        parameters["activation"],
        tuple(parameters["mean"]),
        tuple(parameters["deviation"]),
        is_inverted=parameters["is_inverted"],
        layers=tuple(parameters["layers"]),
        epsilon=parameters["epsilon"],
        colours=parameters["colours"],
    )
    file = inputs["weights"] / parameters["file"]
    with reading(file):
        network = read_foreign(file, expected)
    save_trained(taken(network, dataset.train), folder)


def take_answers(inputs: Inputs, parameters: Parameters, folder: Path) -> None:
    """Read what a network answered to the test images: `dataset`, `answers` → logits."""
    dataset = open_dataset(inputs["dataset"])
    asked = Asked(
        dataset.test.labels,
        dataset.description.class_names,
        len(dataset.train),
        is_sample=dataset.is_sample,
    )
    file = inputs["answers"] / parameters["file"]
    with reading(file):
        logits = read_answers(file, asked)
    np.save(folder / "logits.npy", logits)


def _start(dataset: Dataset, parameters: Parameters) -> Network:
    """Return the layers of a network for `dataset`: `layers`, or `hidden` and `activation`."""
    image_shape = dataset.description.image_shape
    classes = len(dataset.description.class_names)
    if parameters.get("layers"):
        return network_of_layers(parameters["layers"], image_shape, classes)
    hidden, activation = tuple(parameters["hidden"]), parameters["activation"]
    return dense_network(image_shape, hidden, classes, activation)


def _with_shuffled_labels(split: Split, rng: np.random.Generator) -> Split:
    """Return the same images with labels that mean nothing: the control of an experiment."""
    return Split(split.images, rng.permutation(split.labels))


def evaluate_on_test(inputs: Inputs, parameters: Parameters, folder: Path) -> None:  # noqa: ARG001 - every step has the same form
    """Score the test set: `dataset`, `training` → logits; and with it moved, and units silenced."""
    dataset = open_dataset(inputs["dataset"])
    network = load_trained(inputs["training"]).network
    evaluation = evaluate(network, dataset.test)
    np.save(folder / "logits.npy", evaluation.logits)
    np.save(folder / "moved.npy", accuracies_moved(network, dataset.test))
    if network.has_hidden_units:
        features = features_of(network, dataset.test)
        left = survival(evaluation.logits, features, network.dense[-1].weights, evaluation.labels)
        np.savez(folder / "survival.npz", whole=left.whole, without=left.without)


def load_evaluation(folder: Path, identity: str | None, dataset: Dataset) -> Evaluation:
    """Read back what `evaluate_on_test` left for the network of that `identity`.

    None where only its answers are known, which then name it.
    """
    logits = np.load(folder / "logits.npy", allow_pickle=False)
    labels = dataset.test.labels.astype(np.intp)
    return Evaluation(logits, labels, identity or identity_of(logits))


def measure(inputs: Inputs, parameters: Parameters, folder: Path) -> None:
    """Measure one network: `dataset`, `training`, `evaluation` → its measurements and downloads.

    Of a network of which only its answers are known there is no training, and no download.
    """
    name = parameters["name"]
    material = _network_material(name, parameters["title"], inputs, "")
    measured = measure_network(material)
    if material.training is not None:
        measured["downloads"] = write_downloads(material.training.network, name, folder)
    _write_json(folder / "measurements.json", measured)


def assemble(inputs: Inputs, parameters: Parameters, folder: Path) -> None:
    """Put all measurements together: everything above → measurements.json without its claims."""
    _write_json(folder / "measurements.json", assemble_measurements(inputs, parameters))


def sweep_point(inputs: Inputs, parameters: Parameters, folder: Path) -> None:
    """Train and score one network of a sweep: `dataset` → its accuracy and cost."""
    dataset = open_dataset(inputs["dataset"])
    start = _start(dataset, parameters)
    seed = int(parameters["seed"])
    network = fit(start, record(Recipe, parameters["recipe"]), dataset.train, seed)
    point = SweepPoint(
        hidden=start.hidden,
        seed=seed,
        multiply_adds=start.multiply_adds,
        parameters=start.parameters,
        accuracy=evaluate(network, dataset.test).accuracy,
    )
    _write_json(folder / "point.json", asdict(point))


def load_point(folder: Path) -> SweepPoint:
    """Read back what `sweep_point` left."""
    return record(SweepPoint, json.loads((folder / "point.json").read_text("utf-8")))


def draw(inputs: Inputs, parameters: Parameters, folder: Path) -> None:
    """Draw one figure: its materials → drawing.json, pictures and late data."""
    figure = Registry(inputs.get("own_figures")).find(parameters["word"])
    module = figure.load()
    arguments = record(module.Arguments, parameters["arguments"])
    materials = _materials(inputs, parameters)
    identities = {name: network.evaluation.identity for name, network in materials.networks.items()}
    with figure.faults_told():
        drawing = checked(module.draw(arguments, materials, FolderOutput(folder)), figure)
        _write_json(folder / drawings.FILE_NAME, as_json(drawing) | {"identities": identities})


def _materials(inputs: Inputs, parameters: Parameters) -> Materials:
    networks = {
        name: _network_material(name, title, inputs, f":{name}")
        for name, title in parameters["networks"].items()
    }
    datasets = {name: open_dataset(inputs[f"data:{name}"]) for name in parameters["datasets"]}
    sweeps = {
        name: Sweep(
            name=name,
            dataset=open_dataset(inputs[f"data:{sweep['dataset']}"]).description.title,
            points=tuple(
                load_point(inputs[f"sweep:{name}:{index}"]) for index in range(sweep["points"])
            ),
        )
        for name, sweep in parameters["sweeps"].items()
    }
    return Materials(networks=networks, datasets=datasets, sweeps=sweeps)


def _network_material(name: str, title: str, inputs: Inputs, suffix: str) -> NetworkMaterial:
    dataset = open_dataset(inputs[f"dataset{suffix}"])
    folder = inputs.get(f"training{suffix}")
    training = None if folder is None else load_trained(folder)
    identity = None if training is None else training.network.identity
    evaluation = load_evaluation(inputs[f"evaluation{suffix}"], identity, dataset)
    return NetworkMaterial(name, title, training, dataset, evaluation)


def draw_card(inputs: Inputs, parameters: Parameters, folder: Path) -> None:
    """Draw the share card of a page: `fonts` and perhaps `training` → card.png."""
    pictures = []
    if "training" in inputs:
        filters = load_trained(inputs["training"]).network.filters()
        style: Style = "colour" if filters.shape[-1] == 3 else "grey"
        pictures = [weight_picture(one, style) for one in filters[:MOST_ON_CARD]]
    fonts = [inputs["fonts"] / name for name in parameters["fonts"]]
    fonts += [Path(file) for file in parameters["system_fonts"]]
    card = share_card(parameters["title"], parameters["subtitle"], pictures, fonts)
    (folder / "card.png").write_bytes(encode_png(card))


class FolderOutput:
    """Where a figure's pictures and late data go until the page is composed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def picture(self, name: str, image: Image.Image) -> str:
        """Write `image` losslessly as `<name>.webp`."""
        (self.folder / f"{name}.webp").write_bytes(encode_webp(image))
        return name

    def data(self, name: str, value: Json) -> str:
        """Write `value` as `<name>.json`; the page's copy becomes a script."""
        if f"{name}.json" == drawings.FILE_NAME:
            raise ValueError(f"the name {name!r} is that of the drawing itself")
        _write_json(self.folder / f"{name}.json", value)
        return name


def _write_json(file: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    file.write_text(text, encoding="utf-8")
