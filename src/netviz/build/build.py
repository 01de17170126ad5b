"""The build: from an essay's folder to a published site, running only what has changed."""

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar, NoReturn

from netviz.build.datasets import dataset
from netviz.build.missing import tell_missing
from netviz.build.options import Options
from netviz.build.places import prepare_places
from netviz.engine.cache import Cache
from netviz.engine.execute import Event, run
from netviz.engine.graph import Artifact, Step
from netviz.engine.recall import Recall, noting, plainly
from netviz.engine.seal import private_name, user_folder, user_key
from netviz.engine.sources import Sources
from netviz.engine.stamps import stamp
from netviz.errors import Gathering, Place
from netviz.essay.figure_calls import FigureCall
from netviz.essay.front_matter import without_author
from netviz.essay.languages import Languages
from netviz.essay.manuscript import Manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.named import named_settings
from netviz.essay.opening import Essay, open_essay, read_page
from netviz.essay.places import read_text
from netviz.essay.settings import Settings
from netviz.essay.signs import signs_of_little_learning
from netviz.essay.templates import Compiled, built_in_templates, found_files
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.pipeline.card import card_fonts, card_step, load_card
from netviz.pipeline.import_weights import Weights
from netviz.pipeline.imported import check_trained_elsewhere, weights_of
from netviz.pipeline.plan import Plan, figure_step, plan
from netviz.pipeline.shapes import check_layers
from netviz.publishing.own_scripts import own_scripts, refuse_unreadable
from netviz.publishing.pages import Measured, Page, site_files
from netviz.publishing.published import refuse_unfound
from netviz.publishing.writer import publish, recover

CARD_FONT = "fonts/source-serif-4-latin-wght-normal.woff2"
MISSING = "missing"


def sources(options: Options) -> list[Path]:
    """Return the folders that the site of `options` is made of, besides the code of netviz."""
    return [options.essay, built_in_templates()]


def build(
    options: Options,
    executor: Executor,
    report: Callable[[Event], None],
    tell: Callable[[str], None] = lambda _: None,
    recall: Recall = plainly,
) -> Measurements:
    """Build the site of `options.essay` into `options.out`; return what was measured.

    `report` gets the events of steps, `tell` a sentence on every source of data that is tried.
    `recall` calls what an earlier build may have called with the same arguments.

    Raises:
        NetvizError: the essay, the data or the disk is at fault. The site that was there
            before stays as it was.
    """
    prepare_places(options.out, options.step_cache)
    recover(options.out)
    essay = _opened(options, tell, recall)
    recall = noting(recall, essay.languages)
    options = replace(options, sample=options.sample or essay.settings.sample)
    cache = recall(Cache, options.step_cache)
    work = _Work(cache, executor, report, Sources())
    made = _made(essay, options, work, tell, recall)
    measurements = recall(read_measurements, made.measured)
    check_trained_elsewhere(essay, measurements, tell)
    faults = Gathering()
    manuscripts = _manuscripts(essay, measurements, recall, faults, strict=not options.sample)
    if faults.faults:
        _refuse(essay, made, manuscripts, work, faults)
    refuse_unfound(essay.folder, manuscripts)
    _tell_doubts(essay, manuscripts, measurements, tell, recall)
    pages = _drawn_pages(essay, made, manuscripts, work, recall)
    site = site_files(
        essay,
        pages,
        Measured(measurements, made.networks),
        is_sample=options.sample,
        embeds=options.embeds,
        recall=recall,
    )
    tell_missing(manuscripts, options.step_cache / MISSING, tell)
    publish(site.files, options.out, recall)
    return measurements


def _opened(options: Options, tell: Callable[[str], None], recall: Recall) -> Essay:
    """Open the essay, and tell what of its own code is left out."""
    compiled = Compiled(user_folder() / private_name("templates"), user_key())
    opened = open_essay(options.essay, compiled, own_code=options.own_code, drafts=options.drafts)
    essay = replace(opened, languages=recall(same_languages, opened.languages))
    for sentence in essay.left_out:
        recall(tell, sentence)
    if options.only is not None:
        essay = replace(essay, pages=(options.only,), originals={})
    refuse_unreadable(own_scripts(essay), recall)
    return essay


def same_languages(languages: Languages) -> Languages:
    """Return `languages`; recalled, those of the last build, by which its results are known."""
    return languages


@dataclass(frozen=True)
class _Ground:
    """What training and measuring depend on."""

    settings: Settings
    datasets: Mapping[str, Artifact]
    weights: Mapping[str, Weights]
    is_sample: bool


@dataclass(frozen=True)
class _Made:
    """What was trained and measured: from which ground, and by which plan."""

    ground: _Ground
    plan: Plan
    measured: Artifact
    networks: tuple[Artifact, ...]

    @property
    def stamp(self) -> _Ground:
        """What changes when anything of it does."""
        return self.ground

    @property
    def stands(self) -> bool:
        """Whether nothing of it was removed."""
        return all(one.stands for one in (self.measured, *self.networks))


def _made(
    essay: Essay, options: Options, work: "_Work", tell: Callable[[str], None], recall: Recall
) -> _Made:
    """Train and measure what the pages name of all that the settings declare."""
    datasets = {
        name: dataset(name, essay, options, recall, tell) for name in essay.settings.used_datasets
    }
    check_layers(essay, datasets)
    weights = weights_of(essay, datasets)
    ground = _Ground(named_settings(essay), datasets, weights, options.sample)
    return recall(_trained_and_measured, ground, work)


def _trained_and_measured(ground: _Ground, work: "_Work") -> _Made:
    planned = plan(ground.settings, ground.datasets, ground.weights, ground.is_sample)
    made = work.run([planned.measurements, *planned.measured.values()])
    networks = tuple(made[step.name] for step in planned.measured.values())
    return _Made(ground, planned, made[planned.measurements.name], networks)


def _manuscripts(
    essay: Essay, measurements: Measurements, recall: Recall, faults: Gathering, *, strict: bool
) -> dict[Path, Manuscript]:
    """Read the pages of the essay.

    Pages at fault are left out, and with them their translations, which are read by them.
    """
    read: dict[Path, Manuscript] = {}
    for page in essay.pages:
        original = essay.originals.get(page)
        if original is not None and original not in read:
            continue
        with faults.going_on():
            read[page] = read_page(essay, page, measurements, read, strict=strict, recall=recall)
    return read


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
    steps = _figure_steps(essay.settings, made.plan, calls, work, faults)
    with faults.going_on():
        work.run(list(steps.values()))
    faults.end()
    raise AssertionError("there was a fault")


@dataclass(frozen=True)
class _Work:
    """How steps are run, which changes nothing of what they make."""

    cache: Cache
    executor: Executor
    report: Callable[[Event], None]
    code: Sources

    stamp: ClassVar[Hashable] = None  # so that no result depends on it

    def run(self, steps: list[Step]) -> dict[str, Artifact]:
        return run(
            steps,
            cache=self.cache,
            executor=self.executor,
            on_event=self.report,
            code=self.code,
        )


def _tell_doubts(
    essay: Essay,
    manuscripts: Mapping[Path, Manuscript],
    measurements: Measurements,
    tell: Callable[[str], None],
    recall: Recall,
) -> None:
    """Tell what an author may want to mend of an essay that can be published as it is."""
    _tell_false_claims(manuscripts, tell)
    for page, manuscript in manuscripts.items():
        nobody = without_author(page, read_text(page), manuscript.front)
        if nobody is not None:
            tell(str(nobody))
    for notice in signs_of_little_learning(essay.folder, essay.settings, measurements.tree):
        tell(str(notice))
    titles = {str(page): one.front.title + one.front.subtitle for page, one in manuscripts.items()}
    recall(_tell_wordless_cards, titles, _card_font(essay), tell)


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


def read_measurements(assembled: Artifact) -> Measurements:
    """Return what was measured, of the result of the step that puts it together."""
    text = (assembled.folder / MEASUREMENTS_NAME).read_text(encoding="utf-8")
    return Measurements(json.loads(text))


@dataclass(frozen=True)
class _Asked:
    """The texts whose figures and cards are asked for, and the folder of their essay."""

    folder: Path
    manuscripts: Mapping[Path, Manuscript]

    @property
    def stamp(self) -> Hashable:
        """What changes when a drawing does: what is called for, and the essay's own code."""
        texts = tuple((str(page), _asked(one)) for page, one in self.manuscripts.items())
        return stamp((self.folder / "figures").rglob("*.py")), texts


@dataclass(frozen=True)
class _Drawn:
    """For each page what was drawn for each of its figures, by its id, and its share card."""

    pages: Mapping[Path, tuple[Mapping[str, Artifact], bytes]]

    @property
    def stands(self) -> bool:
        """Whether nothing of it was removed."""
        return all(one.stands for figures, _ in self.pages.values() for one in figures.values())


def _card_font(essay: Essay) -> Path:
    return found_files(essay.templates.folders, CARD_FONT)[CARD_FONT]


def _tell_wordless_cards(
    titles: Mapping[str, str], font: Path, tell: Callable[[str], None]
) -> None:
    """Tell of pages, by their files, whose titles the fonts of this machine cannot write."""
    for page, title in titles.items():
        if not card_fonts(title, font):
            tell(f"{page}: no font here has all letters of the title; its card has no words")


def _drawn_pages(
    essay: Essay,
    made: _Made,
    manuscripts: Mapping[Path, Manuscript],
    work: _Work,
    recall: Recall,
) -> dict[Path, Page]:
    """Draw the figures and cards of all pages together, so that they share the workers."""
    asked = _Asked(essay.folder, manuscripts)
    drawn = recall(_draw, essay.settings, made, asked, work, _card_font(essay))
    return {page: Page(one, *drawn.pages[page]) for page, one in manuscripts.items()}


def _draw(settings: Settings, made: _Made, asked: _Asked, work: _Work, font: Path) -> _Drawn:
    """Draw what is asked for of what was made; the words of cards are set in `font`."""
    manuscripts, networks = asked.manuscripts, made.plan.networks.values()
    trained = [one.training for one in networks if one.training is not None]
    cards = {
        page: card_step(
            page.stem, one.front.title, one.front.subtitle, next(iter(trained), None), font
        )
        for page, one in manuscripts.items()
    }
    faults = Gathering()
    calls = [call for manuscript in manuscripts.values() for call in manuscript.calls]
    steps = _figure_steps(settings, made.plan, calls, work, faults)
    drawn: dict[str, Artifact] = {}
    with faults.going_on():
        drawn = work.run([*cards.values(), *steps.values()])
    faults.end()
    pages = {
        page: (
            {call.id: drawn[steps[_wanted(call)].name] for call in manuscript.calls},
            load_card(drawn[cards[page].name].folder),
        )
        for page, manuscript in manuscripts.items()
    }
    return _Drawn(pages)


def _figure_steps(
    settings: Settings, planned: Plan, calls: Iterable[FigureCall], work: _Work, faults: Gathering
) -> dict[str, Step]:
    """Return the steps that draw `calls`, by what is wanted; note those that cannot be.

    A translation shows the figures of its original, drawn once.
    """
    steps: dict[str, Step] = {}
    for call in calls:
        with faults.going_on():
            digest = work.code.digest(call.folder.module_file)
            step = figure_step(call, settings, planned, digest)
            steps.setdefault(_wanted(call), step)
    return steps


def _asked(manuscript: Manuscript) -> Hashable:
    """Return all of a text that its drawings depend on."""
    figures = tuple((call.id, _wanted(call)) for call in manuscript.calls)
    return manuscript.front.title, manuscript.front.subtitle, figures


def _wanted(call: FigureCall) -> str:
    """Return a key for the drawing of `call`, independent of its position."""
    return json.dumps([call.word, asdict(call.arguments)], sort_keys=True)
