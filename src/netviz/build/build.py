"""The build: from an essay's folder to a published site, running only what has changed."""

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from netviz.build.missing import names_of, tell_missing
from netviz.build.options import Options
from netviz.build.places import prepare_places
from netviz.datasets.catalogue import entry
from netviz.datasets.manifest import read_manifest
from netviz.datasets.store import prepare, prepare_own, prepare_sample, read_digest
from netviz.engine.cache import Cache
from netviz.engine.execute import Event, run
from netviz.engine.graph import Artifact, Step
from netviz.engine.sources import Sources
from netviz.errors import EssayError, Gathering, Place
from netviz.essay.figure_calls import FigureCall
from netviz.essay.manuscript import Manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.named import named_settings
from netviz.essay.opening import Essay, open_essay, read_page
from netviz.essay.renewal import Renewal
from netviz.essay.settings import SETTINGS_NAME, place_of
from netviz.essay.signs import signs_of_little_learning
from netviz.essay.templates import built_in_templates, found_files, stamp
from netviz.limits import Limits, reading
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.pipeline.card import card_fonts, card_step, load_card
from netviz.pipeline.imported import check_trained_elsewhere, weights_of
from netviz.pipeline.plan import DESCRIBED, Plan, figure_step, plan
from netviz.pipeline.shapes import check_layers
from netviz.publishing.pages import Measured, Page, site_files
from netviz.publishing.published import refuse_unfound
from netviz.publishing.session import Session
from netviz.publishing.writer import publish, recover

CARD_FONT = "fonts/source-serif-4-latin-wght-normal.woff2"
MISSING = "missing"
WHOLE_DATASET = Limits(seconds=3600, megabytes=16_000)


def sources(options: Options) -> list[Path]:
    """Return the folders that the site of `options` is made of, besides the code of netviz."""
    return [options.essay, built_in_templates()]


def build(
    options: Options,
    executor: Executor,
    report: Callable[[Event], None],
    tell: Callable[[str], None] = lambda _: None,
    session: Session | None = None,
) -> Measurements:
    """Build the site of `options.essay` into `options.out`; return what was measured.

    `report` gets the events of steps, `tell` a sentence on every source of data that is tried.
    Builds that follow each other may share one `session`, whose cache is `options.step_cache`.

    Raises:
        NetvizError: the essay, the data or the disk is at fault. The site that was there
            before stays as it was.
    """
    prepare_places(options.out, options.step_cache)
    recover(options.out)
    session = session or Session(Cache(options.step_cache))
    opened = open_essay(
        options.essay, session.compiled, own_code=options.own_code, drafts=options.drafts
    )
    essay = _with_kept_languages(opened, session)
    for sentence in essay.left_out:  # a session says it once
        session.recall(("left out", sentence), partial(tell, sentence))
    if options.only is not None:
        essay = replace(essay, pages=(options.only,), originals={})
    options = replace(options, sample=options.sample or essay.settings.sample)
    work = _Work(session, executor, report, Sources())
    made = _made(essay, options, work, tell)
    check_trained_elsewhere(essay, _measurements(made.measured, session), tell)
    faults = Gathering()
    manuscripts = _manuscripts(essay, made.measured, session, faults, strict=not options.sample)
    if faults.faults:
        _refuse(essay, made, manuscripts, work, faults)
    refuse_unfound(essay.folder, manuscripts)
    _tell_false_claims(manuscripts, tell)
    tree = _measurements(made.measured, session).tree
    for notice in signs_of_little_learning(essay.folder, essay.settings, tree):
        tell(str(notice))
    pages = _drawn_pages(essay, made, manuscripts, work, tell)
    measured = Measured(_measurements(made.measured, session), made.measured.digest, made.networks)
    site = site_files(
        essay, pages, measured, session, is_sample=options.sample, embeds=options.embeds
    )
    names = names_of(essay.settings, measured.measurements)
    tell_missing(manuscripts, names, options.step_cache / MISSING, tell)
    publish(site.files, options.out, session.standing)
    session.end_build()
    return measured.measurements


@dataclass(frozen=True)
class _Made:
    """What was trained and measured: by which plan, and from which `ground`.

    `ground` is the cache key of all that is trained and measured.
    """

    ground: Hashable
    plan: Plan
    measured: Artifact
    networks: tuple[Artifact, ...]


def _made(essay: Essay, options: Options, work: "_Work", tell: Callable[[str], None]) -> _Made:
    """Train and measure what the pages name of all that the settings declare."""
    session = work.session
    settings = named_settings(essay)
    datasets = {
        name: _own_dataset(name, essay, options, session, tell)
        if name in essay.settings.datasets
        else session.recall(
            ("dataset", name, options),
            partial(_dataset, name, essay, options, tell),
            lambda made: _stand([made]),
        )
        for name in essay.settings.used_datasets
    }
    check_layers(essay, datasets)
    weights = weights_of(essay, datasets)
    digests = [
        *((name, made.digest) for name, made in datasets.items()),
        *weights.items(),
    ]
    named = (tuple(settings.networks), tuple(settings.sweeps))
    ground = (stamp([essay.folder / SETTINGS_NAME]), named, tuple(digests), options.sample)

    def make() -> _Made:
        planned = plan(settings, datasets, weights, options.sample)
        made = work.run([planned.measurements, *planned.measured.values()])
        networks = tuple(made[step.name] for step in planned.measured.values())
        return _Made(ground, planned, made[planned.measurements.name], networks)

    return session.recall(
        ("made", ground), make, lambda made: _stand([made.measured, *made.networks])
    )


def _stand(artifacts: Iterable[Artifact]) -> bool:
    """Return True if every artifact folder still exists; `netviz clean` may remove them."""
    return all(artifact.folder.is_dir() for artifact in artifacts)


def _with_kept_languages(essay: Essay, session: Session) -> Essay:
    """Return the essay with the languages of the last build, which know what they lack."""
    folders = essay.languages.folders
    files = [file for folder in folders for file in folder.glob("languages/*.toml")]
    key = ("languages", tuple(folders), stamp(files))
    return replace(essay, languages=session.recall(key, lambda: essay.languages))


def _manuscripts(
    essay: Essay, measured: Artifact, session: Session, faults: Gathering, *, strict: bool
) -> dict[Path, Manuscript]:
    """Read those pages whose text, or what it calls for, is not as it was in the last build.

    Pages at fault are left out, and with them their translations, which are read by them.
    """
    measurements = _measurements(measured, session)
    modules = stamp(figure.module_file for figure in essay.registry.figures.values())
    around = (essay.pages, essay.languages, measured.digest, modules, strict)
    manuscripts: dict[Path, Manuscript] = {}
    for page in essay.pages:
        original = essay.originals.get(page)
        if original is not None and original not in manuscripts:
            continue
        ties = manuscripts[original].ties if original else None
        convert = session.recall(("renewal", page), Renewal).to_html
        read = partial(
            read_page, essay, page, measurements, manuscripts, strict=strict, convert=convert
        )
        with faults.going_on():
            manuscripts[page] = session.recall(("page", page, stamp([page]), ties, around), read)
    return manuscripts


def _refuse(
    essay: Essay,
    made: _Made,
    manuscripts: Mapping[Path, Manuscript],
    work: "_Work",
    faults: Gathering,
) -> NoReturn:
    """Report the `faults` of texts, and those of all figures that are called correctly."""
    right = [call for fault in faults.faults for call in fault.calls]
    calls = [*right, *(call for one in manuscripts.values() for call in one.calls)]
    steps = _figure_steps(essay, made.plan, calls, work, faults)
    with faults.going_on():
        work.run(list(steps.values()))
    faults.end()
    raise AssertionError("there was a fault")


@dataclass(frozen=True)
class _Work:
    """How steps are run."""

    session: Session
    executor: Executor
    report: Callable[[Event], None]
    code: Sources

    def run(self, steps: list[Step]) -> dict[str, Artifact]:
        return run(
            steps,
            cache=self.session.cache,
            executor=self.executor,
            on_event=self.report,
            code=self.code,
        )


def _own_dataset(
    name: str, essay: Essay, options: Options, session: Session, tell: Callable[[str], None]
) -> Artifact:
    """Return a data set of the essay's own, prepared again where its files have changed."""
    own = essay.settings.datasets[name]
    # Each file in it has tighter limits of its own; this names it where all of it hangs or crashes.
    with reading(essay.folder / own.path, WHOLE_DATASET):
        folder = prepare_own(name, own, essay.folder, options.data_cache)
    session.recall(("notes", name, folder), partial(_tell_notes, name, folder, tell))
    manifest = read_manifest(folder)
    described = hashlib.sha256(repr(manifest.description).encode()).hexdigest()
    return Artifact(folder, f"{manifest.digest}{DESCRIBED}{described}")


def _tell_notes(name: str, folder: Path, tell: Callable[[str], None]) -> None:
    """Say what was passed over or decided when a data set was read; a preview says it once."""
    for note in read_manifest(folder).description.notes:
        tell(f"data set {name!r}: {note}")


def _dataset(name: str, essay: Essay, options: Options, tell: Callable[[str], None]) -> Artifact:
    """Return a data set that is known to all essays, which never changes."""
    try:
        entry(name, essay.settings.datasets)
        folder = _prepared(name, options, tell)
    except EssayError as error:
        raise error.at(_first_use(name, essay)) from None
    return Artifact(folder, read_digest(folder))


def _prepared(name: str, options: Options, tell: Callable[[str], None]) -> Path:
    if options.sample:
        return prepare_sample(name, options.data_cache)
    return prepare(
        name,
        options.data_cache,
        options.data_dir,
        offline=options.offline,
        report=tell,
        bars=options.bars,
    )


def _first_use(dataset: str, essay: Essay) -> Place:
    """Return where in the settings a network or sweep first asks for `dataset`."""
    file = essay.folder / SETTINGS_NAME
    users = [("networks", name) for name, one in essay.settings.networks.items()
             if one.dataset == dataset]  # fmt: skip
    users += [("sweeps", name) for name, one in essay.settings.sweeps.items()
              if one.dataset == dataset]  # fmt: skip
    return place_of(file, file.read_text(encoding="utf-8-sig"), (*users[0], "dataset"))


def _tell_false_claims(manuscripts: Mapping[Path, Manuscript], tell: Callable[[str], None]) -> None:
    """Tell of claims that do not hold; on the whole data such an essay would have been refused."""
    false = [
        (Place(page, claim.line), claim)
        for page, manuscript in manuscripts.items()
        for claim in manuscript.claims
        if not claim.holds
    ]
    if false:
        place, claim = false[0]
        others = f" ({len(false)} do not in all)" if len(false) > 1 else ""
        tell(f"{place}: on the sample this claim does not hold: “{claim.text}”{others}")


def _measurements(assembled: Artifact, session: Session) -> Measurements:
    def read() -> Measurements:
        text = (assembled.folder / MEASUREMENTS_NAME).read_text(encoding="utf-8")
        return Measurements(json.loads(text))

    return session.recall(("measurements", assembled.digest), read)


def _drawn_pages(
    essay: Essay,
    made: _Made,
    manuscripts: Mapping[Path, Manuscript],
    work: _Work,
    tell: Callable[[str], None],
) -> dict[Path, Page]:
    """Draw the figures and cards of all pages together, so that they share the workers."""
    font = found_files(essay.templates.folders, CARD_FONT)[CARD_FONT]
    for page, manuscript in manuscripts.items():
        if not card_fonts(manuscript.front.title + manuscript.front.subtitle, font):
            sentence = f"{page}: no font here has all letters of the title; its card has no words"
            work.session.recall(("wordless", sentence), partial(tell, sentence))
    code = stamp((essay.folder / "figures").rglob("*.py"))
    asked = tuple((page, _asked(manuscript)) for page, manuscript in manuscripts.items())
    drawn = work.session.recall(
        ("drawn", made.ground, code, stamp([font]), asked),
        partial(_draw, essay, made.plan, manuscripts, work, font),
        lambda drawn: all(_stand(figures.values()) for figures, _ in drawn.values()),
    )
    return {page: Page(one, *drawn[page]) for page, one in manuscripts.items()}


def _draw(
    essay: Essay, planned: Plan, manuscripts: Mapping[Path, Manuscript], work: _Work, font: Path
) -> dict[Path, tuple[Mapping[str, Artifact], bytes]]:
    """Return for each page what was drawn for each of its figures, and its share card."""
    trained = [one.training for one in planned.networks.values() if one.training is not None]
    cards = {
        page: card_step(
            page.stem, one.front.title, one.front.subtitle, next(iter(trained), None), font
        )
        for page, one in manuscripts.items()
    }
    faults = Gathering()
    calls = [call for manuscript in manuscripts.values() for call in manuscript.calls]
    steps = _figure_steps(essay, planned, calls, work, faults)
    made: dict[str, Artifact] = {}
    with faults.going_on():
        made = work.run([*cards.values(), *steps.values()])
    faults.end()
    return {
        page: (
            {call.id: made[steps[_wanted(call)].name] for call in manuscript.calls},
            load_card(made[cards[page].name].folder),
        )
        for page, manuscript in manuscripts.items()
    }


def _figure_steps(
    essay: Essay, planned: Plan, calls: Iterable[FigureCall], work: _Work, faults: Gathering
) -> dict[str, Step]:
    """Return the steps that draw `calls`, by what is wanted; note those that cannot be.

    A translation shows the figures of its original, drawn once.
    """
    steps: dict[str, Step] = {}
    for call in calls:
        with faults.going_on():
            digest = work.code.digest(call.folder.module_file)
            step = figure_step(call, essay.settings, planned, digest)
            steps.setdefault(_wanted(call), step)
    return steps


def _asked(manuscript: Manuscript) -> Hashable:
    """Return all of a text that its drawings depend on."""
    figures = tuple((call.id, _wanted(call)) for call in manuscript.calls)
    return manuscript.front.title, manuscript.front.subtitle, figures


def _wanted(call: FigureCall) -> str:
    """Return a key for the drawing of `call`, independent of its position."""
    return json.dumps([call.word, asdict(call.arguments)], sort_keys=True)
