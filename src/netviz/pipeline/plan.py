"""Which steps an essay needs: from its settings, and from the figures it calls."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from netviz.engine.graph import Artifact, Input, Step
from netviz.errors import EssayError, nearest_name
from netviz.essay.figure_calls import FigureCall
from netviz.essay.settings import NetworkSettings, Settings, as_row, network_named
from netviz.figures.figure import references
from netviz.pipeline.assemble import assemble_step
from netviz.pipeline.draw import Drawn, draw_step
from netviz.pipeline.evaluate import evaluation_step
from netviz.pipeline.import_answers import answers_step
from netviz.pipeline.import_weights import Import, Weights, import_step
from netviz.pipeline.material import material_inputs
from netviz.pipeline.measure import measure_step
from netviz.pipeline.shuffle import shuffle_step
from netviz.pipeline.sweep import point_step
from netviz.pipeline.train import Training, training_step
from netviz.pipeline.try_unsaid import unsaid_step

DESCRIBED = "+"  # in a data set's digest, between that of its arrays and that of its description


@dataclass(frozen=True)
class NetworkSteps:
    """The steps behind one network trained from one seed, and the images that it reads.

    There is no training where only its answers are known; `tried` is there where its weights come
    from elsewhere.
    """

    dataset: Input
    training: Step | None
    evaluation: Step
    tried: Step | None = None

    @property
    def material(self) -> dict[str, Input]:
        """The inputs of a step that draws the network."""
        return material_inputs(self.dataset, self.training, self.evaluation)

    @property
    def measured(self) -> dict[str, Input]:
        """The inputs of the step that measures the network."""
        return self.material if self.tried is None else self.material | {"tried": self.tried}


@dataclass(frozen=True)
class Plan:
    """The steps that train and measure an essay's networks.

    `networks` holds the steps of each network for the seed that figures show, `evaluations` its
    answers from every seed, `measured` what was measured of it, `sweeps` every point,
    `measurements` the one step that puts all measurements together.
    """

    datasets: Mapping[str, Artifact]
    networks: Mapping[str, NetworkSteps]
    evaluations: Mapping[str, tuple[Step, ...]]
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
    by_seed = {
        name: _network_steps(name, network, weights.get(name), _images_for(network, datasets))
        for name, network in settings.networks.items()
    }
    networks = {name: steps[0] for name, steps in by_seed.items()}
    evaluations = {name: tuple(one.evaluation for one in s) for name, s in by_seed.items()}
    measured = {
        name: _measure_step(name, settings.networks[name], steps, weights.get(name))
        for name, steps in by_seed.items()
    }
    sweeps = {name: _sweep_steps(name, settings, datasets) for name in settings.sweeps}
    measurements = assemble_step(
        datasets,
        {
            name: {"measured": measured[name], "evaluations": list(evaluations[name])}
            for name in by_seed
        },
        sweeps,
        is_sample=is_sample,
    )
    return Plan(datasets, networks, evaluations, measured, sweeps, measurements)


def _measure_step(
    name: str, settings: NetworkSettings, steps: Sequence[NetworkSteps], weights: Weights | None
) -> Step:
    seeds = settings.seeds if weights is None else (None,)
    return measure_step(
        name,
        settings.title,
        steps[0].measured,
        {seed: one.evaluation for seed, one in zip(seeds, steps, strict=True)},
        may_have_learnt=weights is not None and weights.may_have_learnt,
    )


def _network_steps(
    name: str, settings: NetworkSettings, weights: Weights | None, dataset: Input
) -> list[NetworkSteps]:
    """Return the steps of a network for each of its seeds; one that is imported has one."""
    if weights is not None and settings.answers is not None:
        answers = answers_step(name, Path(settings.answers).name, weights, dataset)
        return [NetworkSteps(dataset, None, answers)]
    arrays = _arrays_of(dataset)
    if weights is not None:
        return [_imported_steps(name, settings, weights, arrays)]
    steps = []
    for seed in settings.seeds:
        training = training_step(name, _training(settings, seed), arrays)
        evaluation = evaluation_step(f"{name}, seed {seed}", training, arrays)
        steps.append(NetworkSteps(dataset, training, evaluation))
    return steps


def _imported_steps(
    name: str, settings: NetworkSettings, weights: Weights, arrays: Input
) -> NetworkSteps:
    said = _import(settings)
    training = import_step(name, said, weights, arrays)
    evaluation = evaluation_step(name, training, arrays)
    return NetworkSteps(arrays, training, evaluation, unsaid_step(name, said, weights, arrays))


def _images_for(network: NetworkSettings, datasets: Mapping[str, Artifact]) -> Input:
    """Return the data set as `network` reads it; those who read it alike share the step."""
    dataset = datasets[network.dataset]
    return shuffle_step(network.dataset, dataset) if network.shuffled_pixels else dataset


def _arrays_of(dataset: Input) -> Input:
    """Return a data set to learn from: what its classes are called makes no network another."""
    if isinstance(dataset, Step):
        return dataset
    return Artifact(dataset.folder, dataset.digest.partition(DESCRIBED)[0])


def _training(settings: NetworkSettings, seed: int) -> Training:
    return Training(
        hidden=settings.hidden,
        activation=settings.activation or "relu",
        layers=settings.layers,
        recipe=settings.recipe,
        seed=seed,
        shuffled_labels=settings.shuffled_labels,
    )


def _import(settings: NetworkSettings) -> Import:
    return Import(
        file=Path(settings.weights or "").name,
        activation=settings.activation,
        mean=as_row(settings.pixel_mean),
        deviation=as_row(settings.pixel_deviation),
        is_inverted=settings.inverted,
        layers=settings.layers,
        epsilon=settings.normalisation_epsilon,
        colours=settings.colours,
    )


def _sweep_steps(
    name: str, settings: Settings, datasets: Mapping[str, Artifact]
) -> tuple[Step, ...]:
    sweep = settings.sweeps[name]
    return tuple(
        point_step(
            name,
            Training(sweep.recipe, seed, shape, sweep.activation),
            _arrays_of(datasets[sweep.dataset]),
        )
        for shape in sweep.shapes
        for seed in sweep.seeds
    )


def figure_step(call: FigureCall, settings: Settings, plan: Plan, module_digest: str) -> Step:
    """Return the step that draws the figure of `call`.

    Raises:
        EssayError: the figure reads a network, data set or sweep that is not declared.
    """
    try:
        drawn = _drawn(call, settings, plan, module_digest)
    except EssayError as error:
        raise error.at(call.place) from None
    name = f"{Path(call.place.file).stem}#{call.id}"
    return draw_step(name, call.place, call.folder, asdict(call.arguments), drawn)


def _drawn(call: FigureCall, settings: Settings, plan: Plan, code: str) -> Drawn:
    """Return the steps that make what the figure of `call` reads.

    Raises:
        EssayError: one of its networks, data sets or sweeps is not declared.
    """
    read = references(call.arguments)
    titles = {name: network_named(settings, name).title for name in read.networks}
    for name in read.networks:
        _refuse_untrained(name, "network", plan.networks)
    for name in read.datasets:
        _known(name, "data set", list(plan.datasets))
    for name in read.sweeps:
        _known(name, "sweep", list(settings.sweeps))
        _refuse_untrained(name, "sweep", plan.sweeps)
    return Drawn(
        networks={name: plan.networks[name].material for name in read.networks},
        datasets={name: plan.datasets[name] for name in read.datasets},
        sweeps={
            name: {
                "dataset": plan.datasets[settings.sweeps[name].dataset],
                "points": plan.sweeps[name],
            }
            for name in read.sweeps
        },
        seeds={name: plan.evaluations[name] for name in read.seeds},
        titles=titles,
        code=code,
    )


def _refuse_untrained(name: str, kind: str, planned: Collection[str]) -> None:
    """Refuse what is declared, but was not known to be asked for when networks were trained."""
    if name not in planned:
        raise EssayError(
            f"the {kind} {name!r} was not trained, since no page has its full name",
            remedy="Write the name in one piece where the page asks for it.",
        )


def _known(name: str, kind: str, names: Sequence[str]) -> None:
    if name not in names:
        raise EssayError(
            f"unknown {kind} {name!r}",
            expected="one of " + ", ".join(names),
            nearest=nearest_name(name, names),
        )
