"""Which steps an essay needs: from its settings, and from the figures it calls."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from netviz.engine.graph import Artifact, Step
from netviz.errors import EssayError, Place, nearest_name
from netviz.essay.figure_calls import FigureCall
from netviz.essay.front_matter import FrontMatter
from netviz.essay.settings import NetworkSettings, Settings, as_row, network_named
from netviz.figures.figure import references
from netviz.rendering.typefaces import typefaces

STEPS = "netviz.pipeline.steps"
DESCRIBED = "+"  # in a data set's digest, between that of its arrays and that of its description


@dataclass(frozen=True)
class Weights:
    """A file of a network trained elsewhere: its folder and digest, and where settings name it.

    `may_have_learnt` where netviz itself chose the test images of the network's data set.
    """

    artifact: Artifact
    place: Place
    may_have_learnt: bool


@dataclass(frozen=True)
class NetworkSteps:
    """The steps behind one network trained from one seed, and the images that it reads.

    There is no training where only its answers are known.
    """

    dataset: Step | Artifact
    training: Step | None
    evaluation: Step

    def inputs(self, suffix: str = "") -> dict[str, Step | Artifact]:
        """Return the steps by their roles, each with `suffix`."""
        steps = {f"dataset{suffix}": self.dataset, f"evaluation{suffix}": self.evaluation}
        if self.training is not None:
            steps[f"training{suffix}"] = self.training
        return steps


@dataclass(frozen=True)
class Plan:
    """The steps that train and measure an essay's networks.

    `networks` holds the steps of each network for the seed that figures show, `measured` what
    was measured of it, `sweeps` every point, `measurements` the one step that puts all
    measurements together.
    """

    datasets: Mapping[str, Artifact]
    networks: Mapping[str, NetworkSteps]
    measured: Mapping[str, Step]
    sweeps: Mapping[str, tuple[Step, ...]]
    measurements: Step


def plan(
    settings: Settings,
    datasets: Mapping[str, Artifact],
    weights: Mapping[str, Weights],
    is_sample: bool,
) -> Plan:
    """Return the steps that train and measure everything in `settings`.

    `weights` are the files of the networks that were trained elsewhere, by the network's name.
    """
    networks = {}
    measured = {}
    inputs: dict[str, Step | Artifact] = {f"dataset:{name}": datasets[name] for name in datasets}
    for name, network in settings.networks.items():
        dataset = _images_for(network, datasets[network.dataset])
        if network.answers is not None:
            answering = _answers_step(name, network, weights[name], dataset)
            trained = [NetworkSteps(dataset, None, answering)]
        elif name in weights:
            trained = [
                _with_evaluation(dataset, _taking_step(name, network, weights[name], dataset))
            ]
        else:
            trained = [
                _with_evaluation(dataset, _training_step(name, network, seed, dataset))
                for seed in network.seeds
            ]
        networks[name] = trained[0]
        measured[name] = _measure_step(name, network, trained[0])
        inputs[f"measured:{name}"] = measured[name]
        for index, steps in enumerate(trained):
            inputs[f"evaluation:{name}:{index}"] = steps.evaluation
    sweeps = {name: _sweep_steps(name, settings, datasets) for name in settings.sweeps}
    for name, points in sweeps.items():
        for index, point in enumerate(points):
            inputs[f"sweep:{name}:{index}"] = point
    measurements = Step(
        name="put measurements together",
        function=f"{STEPS}:assemble",
        parameters={
            "datasets": list(datasets),
            "networks": {
                name: [None] if name in weights else list(network.seeds)
                for name, network in settings.networks.items()
            },
            "sweeps": {name: len(points) for name, points in sweeps.items()},
            "is_sample": is_sample,
            "may_have_learnt": [name for name, one in weights.items() if one.may_have_learnt],
        },
        inputs=inputs,
    )
    return Plan(datasets, networks, measured, sweeps, measurements)


def _images_for(network: NetworkSettings, dataset: Artifact) -> Step | Artifact:
    """Return the data set as `network` reads it; those who read it alike share the step."""
    if not network.shuffled_pixels:
        return dataset
    return Step(
        name=f"shuffle the pixels of {network.dataset}",
        function=f"{STEPS}:shuffle_pixels",
        inputs={"dataset": dataset},
        weight=1.0,
    )


def _measure_step(name: str, network: NetworkSettings, steps: NetworkSteps) -> Step:
    return Step(
        name=f"measure {name}",
        function=f"{STEPS}:measure",
        parameters={"name": name, "title": network.title},
        inputs=steps.inputs(),
    )


def _arrays_of(dataset: Step | Artifact) -> Step | Artifact:
    """Return a data set to learn from: what its classes are called makes no network another."""
    if isinstance(dataset, Step):
        return dataset
    return Artifact(dataset.folder, dataset.digest.partition(DESCRIBED)[0])


def _training_step(
    name: str, settings: NetworkSettings, seed: int, dataset: Step | Artifact
) -> Step:
    return Step(
        name=f"train {name}, seed {seed}",
        function=f"{STEPS}:train",
        parameters={
            "hidden": list(settings.hidden),
            "activation": settings.activation or "relu",
            "layers": list(settings.layers),
            "recipe": asdict(settings.recipe),
            "shuffled_labels": settings.shuffled_labels,
            "seed": seed,
        },
        inputs={"dataset": _arrays_of(dataset)},
        weight=20.0 if settings.layers else 3.0 if settings.hidden else 1.0,
    )


def _taking_step(
    name: str, settings: NetworkSettings, weights: Weights, dataset: Step | Artifact
) -> Step:
    return Step(
        name=f"take the weights of {name}",
        function=f"{STEPS}:take_weights",
        parameters={
            "file": Path(settings.weights or "").name,
            "activation": settings.activation,
            "mean": list(as_row(settings.pixel_mean)),
            "deviation": list(as_row(settings.pixel_deviation)),
            "is_inverted": settings.inverted,
            "layers": list(settings.layers),
            "epsilon": settings.normalisation_epsilon,
            "colours": settings.colours,
        },
        inputs={"dataset": _arrays_of(dataset), "weights": weights.artifact},
        place=weights.place,
    )


def _answers_step(
    name: str, settings: NetworkSettings, weights: Weights, dataset: Step | Artifact
) -> Step:
    return Step(
        name=f"take the answers of {name}",
        function=f"{STEPS}:take_answers",
        parameters={"file": Path(settings.answers or "").name},
        inputs={"dataset": dataset, "answers": weights.artifact},
        place=weights.place,
    )


def _with_evaluation(dataset: Step | Artifact, training: Step) -> NetworkSteps:
    inputs = {"dataset": training.inputs["dataset"], "training": training}
    name = training.name.removeprefix("train ").removeprefix("take the weights of ")
    return NetworkSteps(
        dataset,
        training,
        Step(name=f"evaluate {name}", function=f"{STEPS}:evaluate_on_test", inputs=inputs),
    )


def _sweep_steps(
    name: str, settings: Settings, datasets: Mapping[str, Artifact]
) -> tuple[Step, ...]:
    sweep = settings.sweeps[name]
    return tuple(
        Step(
            name=f"sweep {name}, hidden {'-'.join(map(str, shape)) or 'none'}, seed {seed}",
            function=f"{STEPS}:sweep_point",
            parameters={
                "hidden": list(shape),
                "activation": sweep.activation,
                "recipe": asdict(sweep.recipe),
                "seed": seed,
            },
            inputs={"dataset": _arrays_of(datasets[sweep.dataset])},
            weight=1.0 + sum(shape) / 20,
        )
        for shape in sweep.shapes
        for seed in sweep.seeds
    )


def figure_step(call: FigureCall, settings: Settings, plan: Plan, module_digest: str) -> Step:
    """Return the step that draws the figure of `call`.

    Raises:
        EssayError: the figure reads a network, data set or sweep that is not declared.
    """
    read = references(call.arguments)
    inputs: dict[str, Step | Artifact] = {}
    titles: dict[str, str] = {}
    try:
        for name in read.networks:
            network = network_named(settings, name)
            _refuse_untrained(name, "network", plan.networks)
            titles[name] = network.title
            inputs |= plan.networks[name].inputs(f":{name}")
        for name in read.datasets:
            _known(name, "data set", list(plan.datasets))
            inputs[f"data:{name}"] = plan.datasets[name]
        for name in read.sweeps:
            _known(name, "sweep", list(settings.sweeps))
            _refuse_untrained(name, "sweep", plan.sweeps)
            dataset = settings.sweeps[name].dataset
            inputs[f"data:{dataset}"] = plan.datasets[dataset]
            for index, point in enumerate(plan.sweeps[name]):
                inputs[f"sweep:{name}:{index}"] = point
    except EssayError as error:
        raise error.at(call.place) from None
    if call.folder.is_own:
        inputs["own_figures"] = Artifact(call.folder.folder.parent, module_digest)
    return Step(
        name=f"draw {Path(call.place.file).stem}#{call.id}",
        function=f"{STEPS}:draw",
        parameters={
            "word": call.word,
            "arguments": asdict(call.arguments),
            "module": module_digest,
            "networks": titles,
            "datasets": list(read.datasets),
            "sweeps": {
                name: {
                    "dataset": settings.sweeps[name].dataset,
                    "points": len(plan.sweeps[name]),
                }
                for name in read.sweeps
            },
        },
        inputs=inputs,
        weight=0.5,
        place=call.place,
    )


def card_step(page: Path, front: FrontMatter, plan: Plan, font: Path) -> Step:
    """Return the step that draws the share card of `page`, with the first network's weights.

    Fonts of the system are used for letters that our own lacks. They count by their content.
    """
    fonts = card_fonts(front, font)
    ours = [one for one in fonts if one.parent == font.parent]
    others = [one for one in fonts if one.parent != font.parent]
    digest = hashlib.sha256(b"".join(one.read_bytes() for one in ours or [font])).hexdigest()
    inputs: dict[str, Step | Artifact] = {"fonts": Artifact(font.parent, digest)}
    if trained := [one.training for one in plan.networks.values() if one.training is not None]:
        inputs["training"] = trained[0]
    return Step(
        name=f"draw the card of {page.stem}",
        function=f"{STEPS}:draw_card",
        parameters={
            "title": front.title,
            "subtitle": front.subtitle,
            "fonts": [one.name for one in ours],
            "system_fonts": {
                str(one): hashlib.sha256(one.read_bytes()).hexdigest() for one in others
            },
        },
        inputs=inputs,
    )


def card_fonts(front: FrontMatter, font: Path) -> tuple[Path, ...]:
    """Return the fonts of a page's share card, ours first; none where its letters are in none."""
    return _card_fonts(front.title + front.subtitle, font)


@lru_cache(maxsize=256)
def _card_fonts(text: str, font: Path) -> tuple[Path, ...]:
    return typefaces(text, font)


def _refuse_untrained(name: str, kind: str, planned: Collection[str]) -> None:
    """Refuse what is declared, but was not known to be asked for when networks were trained."""
    if name not in planned:
        raise EssayError(
            f"the {kind} {name!r} was not trained, since its name stands in full on no page",
            remedy="Write the name in one piece where the page asks for it.",
        )


def _known(name: str, kind: str, names: Sequence[str]) -> None:
    if name not in names:
        raise EssayError(
            f"unknown {kind} {name!r}",
            expected="one of " + ", ".join(names),
            nearest=nearest_name(name, names),
        )
