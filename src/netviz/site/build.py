"""The build: from an essay's folder to a published site, running only what has changed."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

from netviz.datasets.catalogue import entry
from netviz.datasets.store import prepare, prepare_own, prepare_sample, read_digest
from netviz.errors import EssayError, Place, nearest_name
from netviz.essay.languages import Languages
from netviz.essay.manuscript import Manuscript, Translation, read_manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.page import (
    PageLink,
    Surroundings,
    Version,
    check_identities,
    compose,
    compose_beside,
    compose_figure,
)
from netviz.essay.settings import SETTINGS_NAME, Settings, place_of, read_settings
from netviz.essay.templates import Templates, built_in_templates, found_files, stamp
from netviz.figures.registry import BUILT_IN, FigureFolder, Registry
from netviz.site.assets import ASSET_FOLDER, SiteFiles, drawing_files
from netviz.site.cache import Cache
from netviz.site.downloads import WEIGHTS_FOLDER
from netviz.site.execute import Event, run
from netviz.site.graph import Artifact, Step
from netviz.site.plan import Plan, card_step, figure_step, plan
from netviz.site.session import Session
from netviz.site.sources import Sources
from netviz.site.writer import publish, recover

CARD_FONT = "fonts/source-serif-4-latin-wght-normal.woff2"
MEASUREMENTS_NAME = "measurements.json"
COMPILED = "templates"
MISSING = "missing"
# A translation is named by its original and its language, a tag of BCP 47: "index.es.md".
TRANSLATION = re.compile(r"(?P<original>.+)\.(?P<tag>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")


@dataclass(frozen=True)
class Options:
    """What to build, from what, to where.

    `data_cache` keeps downloads, `data_dir` may hold ready-made data files, `step_cache` keeps
    the results of steps. `sample` builds from the bundled sample instead of the whole data, as
    an essay's own setting of that name does. `offline` downloads nothing, `bars` draws a
    progress bar for each download.
    """

    essay: Path
    out: Path
    step_cache: Path
    data_cache: Path
    data_dir: Path | None = None
    sample: bool = False
    offline: bool = False
    bars: bool = False


@dataclass(frozen=True)
class Essay:
    """An essay's folder, opened; its pages are in the order of the navigation, index.md first.

    Translations come after all originals; `originals` gives the page that each translates.
    """

    folder: Path
    settings: Settings
    registry: Registry
    templates: Templates
    pages: tuple[Path, ...]
    originals: Mapping[Path, Path]
    languages: Languages


def open_essay(folder: Path, compiled: Path | None = None) -> Essay:
    """Open the essay in `folder`; templates are kept compiled in the folder of that name.

    Raises:
        EssayError: there is none, its settings are wrong, or a file of it is a link outwards.
    """
    settings = read_settings(folder / SETTINGS_NAME)
    _refuse_links_outwards(folder)
    index = folder / "index.md"
    if not index.is_file():
        raise EssayError("the essay has no text", place=Place(folder), expected="a file index.md")
    texts = sorted(folder.glob("*.md"))
    originals = {page: found for page in texts if (found := _original(page)) in texts}
    pages = [index, *_other_pages(folder, settings, [one for one in texts if one not in originals])]
    translations = [page for first in pages for page in texts if originals.get(page) == first]
    templates = Templates((folder / "templates", built_in_templates()), compiled)
    return Essay(
        folder=folder,
        settings=settings,
        registry=Registry(folder / "figures"),
        templates=templates,
        pages=(*pages, *translations),
        originals=originals,
        languages=Languages(templates.folders),
    )


def _refuse_links_outwards(folder: Path) -> None:
    """Refuse a stranger's link, by which a file of this machine would be published."""
    inside = folder.resolve()
    published = [*folder.glob("*.md"), folder / "templates", folder / "figures"]
    published += [file for one in published if one.is_dir() for file in one.rglob("*")]
    for file in published:
        if file.is_symlink() and not file.resolve().is_relative_to(inside):
            raise EssayError(
                "a link leads out of the essay's folder",
                place=Place(file),
                got=str(file.readlink()),
                remedy="Put the file itself there.",
            )


def _original(page: Path) -> Path | None:
    """Return the page that `page` would translate, by its name."""
    match = TRANSLATION.fullmatch(page.stem)
    return page.with_name(f"{match['original']}.md") if match else None


def language_tag(page: Path) -> str:
    """Return the language of a translation, by its name."""
    return page.stem.rpartition(".")[2]


def _other_pages(folder: Path, settings: Settings, texts: Sequence[Path]) -> list[Path]:
    """Return the pages besides index.md: those that the settings name, then the others by name."""
    found = {page.stem: page for page in texts if page.stem != "index"}
    for name in settings.pages:
        if name not in found:
            raise EssayError(
                f"there is no page {name!r}",
                place=Place(folder / SETTINGS_NAME),
                expected="one of " + ", ".join(found) if found else f"a file {name}.md",
                nearest=nearest_name(name, found),
            )
    return list({name: found[name] for name in (*settings.pages, *found)}.values())


def watched(options: Options) -> list[Path]:
    """Return the folders that the site of `options` is made of."""
    return [options.essay, built_in_templates(), BUILT_IN]


def build(
    options: Options,
    executor: Executor,
    report: Callable[[Event], None],
    tell: Callable[[str], None] = lambda _: None,
    session: Session | None = None,
) -> Measurements:
    """Build the site of `options.essay` into `options.out`; return what was measured.

    `report` is told of every step, `tell` in a sentence of every source of data that is tried.
    Builds that follow each other may share one `session`, whose cache is `options.step_cache`.

    Raises:
        NetvizError: the essay, the data or the disk is at fault. The site that was there
            before stays as it was.
    """
    recover(options.out)
    session = session or Session(Cache(options.step_cache))
    essay = _with_kept_languages(open_essay(options.essay, options.step_cache / COMPILED), session)
    options = replace(options, sample=options.sample or essay.settings.sample)
    work = _Work(session, executor, report, Sources())
    datasets = {name: _dataset(name, essay, options, tell) for name in essay.settings.used_datasets}
    planned = plan(essay.settings, datasets, _weights(essay), options.sample)
    made = work.run([planned.measurements, *planned.measured.values()])
    measured = made[planned.measurements.name]
    networks = [made[step.name] for step in planned.measured.values()]
    manuscripts = _manuscripts(essay, measured, session, strict=not options.sample)
    _tell_false_claims(manuscripts, tell)
    pages = _drawn_pages(essay, planned, manuscripts, work)
    measurements = _measurements(measured, session)
    site = _site(essay, pages, measurements, session, is_sample=options.sample)
    _tell_missing(manuscripts, options.step_cache / MISSING, tell)
    for network in networks:
        site.add_folder(network.folder / WEIGHTS_FOLDER)
    publish(site.files, options.out, session.standing)
    session.end_build()
    return measurements


def _with_kept_languages(essay: Essay, session: Session) -> Essay:
    """Return the essay with the languages of the last build, which know what they lack."""
    files = found_files(essay.templates.folders, "languages/*.toml").values()
    key = ("languages", essay.templates.folders, stamp(files))
    return replace(essay, languages=session.recall(key, lambda: essay.languages))


def _manuscripts(
    essay: Essay, measured: Artifact, session: Session, *, strict: bool
) -> dict[Path, Manuscript]:
    """Read those pages whose text, or what it calls for, is not as it was in the last build."""
    measurements = _measurements(measured, session)
    modules = stamp(figure.module_file for figure in essay.registry.figures.values())
    around = (essay.pages, essay.languages, measured.digest, modules, strict)
    manuscripts: dict[Path, Manuscript] = {}
    for page in essay.pages:
        original = essay.originals.get(page)
        ties = manuscripts[original].ties if original else None
        read = partial(read_page, essay, page, measurements, manuscripts, strict=strict)
        manuscripts[page] = session.recall(("page", page, stamp([page]), ties, around), read)
    return manuscripts


def read_page(
    essay: Essay,
    page: Path,
    measurements: Measurements,
    earlier: Mapping[Path, Manuscript],
    *,
    strict: bool,
) -> Manuscript:
    """Read a page of the essay; what it translates, if it does, is among the `earlier` ones.

    Raises:
        EssayError: as `read_manuscript`.
    """
    original = essay.originals.get(page)
    return read_manuscript(
        page,
        measurements,
        essay.registry,
        strict=strict,
        pages=[page.name for page in essay.pages],
        languages=essay.languages,
        translation=Translation(language_tag(page), earlier[original]) if original else None,
    )


def _tell_missing(
    manuscripts: Mapping[Path, Manuscript], folder: Path, tell: Callable[[str], None]
) -> None:
    """Tell of what a language's catalogue lacks; write it to `folder`, ready to be filled in."""
    languages = {page.language.tag: page.language for page in manuscripts.values()}
    for tag, language in languages.items():
        file = folder / f"{tag}.toml"
        if not language.missing:
            file.unlink(missing_ok=True)
            continue
        lines = [f'{json.dumps(text, ensure_ascii=False)} = ""' for text in language.missing]
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(["[text]", *lines, ""]), encoding="utf-8")
        tell(
            f"languages/{tag}.toml lacks {len(lines)} texts, such as {lines[0][:-5]};"
            f" all of them, ready to be filled in, stand in {file}"
        )


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


def _dataset(name: str, essay: Essay, options: Options, tell: Callable[[str], None]) -> Artifact:
    own = essay.settings.datasets
    if name in own:
        folder = prepare_own(name, own[name], essay.folder, options.data_cache)
        return Artifact(folder, read_digest(folder))
    try:
        entry(name, own)
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


def _weights(essay: Essay) -> dict[str, Artifact]:
    """Return the file of each network that was trained elsewhere, as its folder and its digest."""
    found = {}
    for name, network in essay.settings.networks.items():
        if network.weights is None:
            continue
        file = essay.folder / network.weights
        if not file.is_file() or not file.resolve().is_relative_to(essay.folder.resolve()):
            settings = essay.folder / SETTINGS_NAME
            raise EssayError(
                f"there are no weights for {name!r}",
                place=place_of(
                    settings, settings.read_text(encoding="utf-8"), ("networks", name, "weights")
                ),
                expected=f"a file in {essay.folder}",
                got=network.weights,
            )
        found[name] = Artifact(file.parent, hashlib.sha256(file.read_bytes()).hexdigest())
    return found


def _first_use(dataset: str, essay: Essay) -> Place:
    """Return where in the settings a network or sweep first asks for `dataset`."""
    file = essay.folder / SETTINGS_NAME
    users = [("networks", name) for name, one in essay.settings.networks.items()
             if one.dataset == dataset]  # fmt: skip
    users += [("sweeps", name) for name, one in essay.settings.sweeps.items()
              if one.dataset == dataset]  # fmt: skip
    return place_of(file, file.read_text(encoding="utf-8"), (*users[0], "dataset"))


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


@dataclass(frozen=True)
class _Page:
    """A page's text, what was made for each of its figures, and its share card."""

    manuscript: Manuscript
    drawn: Mapping[str, Artifact]
    card: bytes


def _drawn_pages(
    essay: Essay, planned: Plan, manuscripts: Mapping[Path, Manuscript], work: _Work
) -> dict[Path, _Page]:
    """Draw the figures and cards of all pages together, so that they share the workers."""
    figures: dict[Path, dict[str, Step]] = {page: {} for page in manuscripts}
    cards = {}
    alike: dict[str, Step] = {}
    font = found_files(essay.templates.folders, CARD_FONT)[CARD_FONT]
    for page, manuscript in manuscripts.items():
        cards[page] = card_step(page, manuscript.front, planned, font)
        for call in manuscript.calls:
            digest = work.code.digest(essay.registry.find(call.word).module_file)
            step = figure_step(call, essay.settings, planned, essay.registry, digest)
            # A translation shows the figures of its original, drawn once.
            wanted = json.dumps([call.word, call.arguments], sort_keys=True)
            figures[page][call.id] = alike.setdefault(wanted, step)
    made = work.run([*cards.values(), *alike.values()])
    return {
        page: _Page(
            manuscript,
            {call_id: made[step.name] for call_id, step in figures[page].items()},
            (made[cards[page].name].folder / "card.png").read_bytes(),
        )
        for page, manuscript in manuscripts.items()
    }


def _site(
    essay: Essay,
    pages: Mapping[Path, _Page],
    measurements: Measurements,
    session: Session,
    *,
    is_sample: bool,
) -> SiteFiles:
    """Return the pages with all that they show, and what helps to find them."""
    folders = essay.templates.folders
    site = SiteFiles()
    site.add_fonts(folders)
    assets = site.add_page_assets(folders)
    surroundings = {}
    claims = []
    for file, page in pages.items():
        figures = _figures_of(page.manuscript, essay.registry)
        surroundings[_path(file)] = Surroundings(
            stylesheet=site.add_stylesheet(folders, figures),
            script=site.add_script(folders, figures, page.manuscript.language),
            assets=assets,
            site_url=essay.settings.site_url,
            path=_path(file),
            card=site.add_hashed(ASSET_FOLDER, f"card-{file.stem}", ".png", page.card),
            is_sample=is_sample,
            pages=_links(essay, pages, page.manuscript.front.language),
            versions=_versions(essay, pages, essay.originals.get(file, file)),
        )
        shown = _figures(essay, page, site, session)
        html = compose(page.manuscript, shown, surroundings[_path(file)], essay.templates)
        site.add(_path(file), html.encode())
        if file not in essay.originals:  # a translation makes the same claims
            claims += [asdict(claim) for claim in page.manuscript.claims]
    _add_beside(site, essay, pages, surroundings)
    tree = {**measurements.tree, "claims": claims}
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False, indent=1)
    site.add(MEASUREMENTS_NAME, text.encode() + b"\n")
    site.add(".nojekyll", b"")
    return site


def _figures(essay: Essay, page: _Page, site: SiteFiles, session: Session) -> dict[str, str]:
    """Return the HTML of each figure of a page by its id; add the figures' files to the site."""
    manuscript = page.manuscript
    templates = essay.templates.stamp
    drawings = {}
    figures = {}
    for call in manuscript.calls:
        folder, drawn = essay.registry.find(call.word), page.drawn[call.id]
        drawing, files = session.recall(
            ("drawing", call.word, drawn.digest), partial(drawing_files, call.word, drawn)
        )
        site.add_all(files)
        drawings[call.id] = drawing
        asked = (call.id, call.number, call.caption, repr(call.arguments))
        figures[call.id] = session.recall(
            ("figure", folder, asked, drawn, stamp([folder.fragment_file]), templates,
             manuscript.language),
            partial(
                compose_figure, folder, call, drawing, essay.templates, manuscript.language
            ),
        )  # fmt: skip
    check_identities(manuscript.calls, drawings)
    return figures


def _path(page: Path) -> str:
    """Return where in the site the page of a manuscript stands."""
    return f"{page.stem}.html"


def _links(essay: Essay, pages: Mapping[Path, _Page], tag: str) -> tuple[PageLink, ...]:
    """Return the navigation of a page in the language `tag`: of each page that version, if any."""
    links = []
    for original in (page for page in essay.pages if page not in essay.originals):
        files = _page_versions(essay, original)
        spoken = [one for one in files if pages[one].manuscript.front.language == tag]
        shown = spoken[0] if spoken else original
        links.append(PageLink(_path(shown), pages[shown].manuscript.front.title))
    return tuple(links)


def _page_versions(essay: Essay, original: Path) -> list[Path]:
    """Return a page and its translations."""
    return [original, *(page for page, first in essay.originals.items() if first == original)]


def _versions(essay: Essay, pages: Mapping[Path, _Page], original: Path) -> tuple[Version, ...]:
    """Return what there is of a page, in each of its languages; none if there is only one."""
    files = _page_versions(essay, original)
    if len(files) == 1:
        return ()
    url = essay.settings.site_url
    languages = [pages[file].manuscript.language for file in files]
    return tuple(
        Version(
            tag=language.tag,
            name=language.catalogue.name,
            path=_path(file),
            url=url + quote(_path(file).removesuffix("index.html")) if url else "",
        )
        for file, language in zip(files, languages, strict=True)
    )


def _add_beside(
    site: SiteFiles,
    essay: Essay,
    pages: Mapping[Path, _Page],
    surroundings: Mapping[str, Surroundings],
) -> None:
    """Add the page for lost readers and, where the site's address is known, sitemap and feed."""
    url = essay.settings.site_url
    # A host answers with 404.html at any depth, where relative addresses would go astray.
    absolute = {
        path: replace(
            around,
            stylesheet=url + around.stylesheet,
            script=url + around.script,
            assets={name: url + asset for name, asset in around.assets.items()},
        )
        for path, around in surroundings.items()
    }
    by_path = {_path(file): page.manuscript for file, page in pages.items()}
    for name in ["404.html", "sitemap.xml", "feed.xml"] if url else ["404.html"]:
        text = compose_beside(name, by_path, absolute, essay.templates)
        site.add(name, text.encode())


def _figures_of(manuscript: Manuscript, registry: Registry) -> list[FigureFolder]:
    words = sorted({call.word for call in manuscript.calls})
    return [registry.find(word) for word in words]
