"""The files of a site that are not pages: hashed by content, so that they can be cached forever."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from netviz.datasets.description import SIDES
from netviz.engine.graph import Artifact
from netviz.essay.figure_texts import FigureFile, PlacedDrawing
from netviz.essay.languages import ENGLISH, Language, script_catalogue
from netviz.essay.templates import found_files, is_ours
from netviz.figures.drawings import ANIMATED, FILE_NAME
from netviz.figures.registry import FigureFolder
from netviz.publishing.own_styles import refuse_left_open

HASH_LENGTH = 10
PICTURE_FOLDER = "pictures"
DATA_FOLDER = "data"
ASSET_FOLDER = "assets"
# Parts of the page's script that serve its text, of which a page of one figure has none.
OF_TEXTS = {
    "js/parts/claims.js",
    "js/parts/footnotes.js",
    "js/parts/steps.js",
    "js/late/check.js",
}
# As many tiles as a sheet may show without script: the classes of a large data set, or units.
COUNTED = 128
IMAGE_SIDES = range(1, SIDES[1] + 1)  # filters and maps are smaller than images
SMALL_SIDE = 24  # pixels; images of half of that are shown twice as large as others
WIDEST_TILE = 300  # CSS pixels, which a page 360 wide has room for
# The comment that a file begins with is for its authors. `/*! ...` is kept, as a notice of rights.
HEAD_COMMENT = re.compile(rb"\A\s*/\*(?!!).*?\*/", re.DOTALL)
# What looks so is a comment wherever no template literal goes over several lines.
COMMENT_LINES = re.compile(rb"^[ \t]*(?://.*|/\*(?!!)(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)
# Behind code that ends there; a comment with a quotation mark stays, which may end a text.
COMMENT_ENDS = re.compile(rb"(?<=[;,{})\]]) // [^\n'\"`]*$", re.MULTILINE)
DELIVER, DELIVERED = b"netviz.deliver(", b");\n"  # around name and value of late data
# The last line of a page's script: the files of its late parts, by their names.
LATE_PARTS = re.compile(rb"^netviz\.late = (.*);\n\Z", re.MULTILINE)


class SiteFiles:
    """The files of one site by their path in it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, path: str, content: bytes) -> str:
        """Add a file under exactly this path; return the path.

        Raises:
            ValueError: a file with other content has this path.
        """
        if self.files.setdefault(path, content) != content:
            raise ValueError(f"two files for {path}")
        return path

    def add_all(self, files: Mapping[str, bytes]) -> None:
        """Add files under exactly their paths."""
        for path, content in files.items():
            self.add(path, content)

    def add_folder(self, folder: Path) -> None:
        """Add the files of `folder` under its own name."""
        for file in sorted(folder.iterdir()):
            self.add(f"{folder.name}/{file.name}", file.read_bytes())

    def add_hashed(self, folder: str, stem: str, ending: str, content: bytes) -> str:
        """Add a file whose name carries a hash of its content; return its path."""
        return self.add(f"{folder}/{stem}.{_short_hash(content)}{ending}", content)

    def add_late_data(self, stem: str, json_text: bytes) -> str:
        """Add JSON as a script that hands it to the page, which works from file:// too."""
        name = f"{stem}.{_short_hash(json_text)}.js"
        script = DELIVER + json.dumps(name).encode() + b"," + json_text + DELIVERED
        return self.add(f"{DATA_FOLDER}/{name}", script)

    def add_script(
        self,
        templates: Sequence[Path],
        figures: Sequence[FigureFolder],
        language: Language = ENGLISH,
        *,
        runs_maps: bool = False,
        is_embed: bool = False,
    ) -> str:
        """Join the page's core, its parts and our scripts of `figures`; return the path.

        The script of a page in another language brings that language's catalogue; that of a page
        that `runs_maps` brings the layers of convolutional networks, and that of a page of one
        figure alone, `is_embed`, what such a page does in a frame. Parts that few readers need
        become files beside it, which it names at its end and loads late. Where figures are the
        essay's own, whose scripts `add_own_scripts` adds, it says in those that do not run so.
        """
        parts = list(found_files(templates, "js/core.js").values())
        left_out = OF_TEXTS if is_embed else set()
        of_pages = found_files(templates, "js/parts/*.js")
        parts += [file for name, file in of_pages.items() if name not in left_out]
        if runs_maps:
            parts += found_files(templates, "js/layers/*.js").values()
        if is_embed:
            parts += found_files(templates, "embed/*.js").values()
        scripted = [figure for figure in figures if figure.script_file.is_file()]
        own = [figure.tag for figure in scripted if figure.is_own]
        if own:
            parts += found_files(templates, "js/own/*.js").values()
        of_page = _joined(parts)
        of_figures = _joined([figure.script_file for figure in scripted if not figure.is_own])
        named = f"netviz.own = {json.dumps(own)};\n".encode() if own else b""
        of_need = found_files(templates, "js/late/*.js")
        needed = [file for name, file in of_need.items() if name not in left_out]
        late = self._add_late_parts(needed, language)
        whole = of_page + _catalogue(language, of_page + of_figures) + of_figures + named + late
        return self.add_hashed(ASSET_FOLDER, "page", ".js", whole)

    def add_own_scripts(
        self, figures: Sequence[FigureFolder], language: Language = ENGLISH
    ) -> tuple[str, ...]:
        """Add the script of each of the `figures` that is the essay's own; return the paths.

        Each is a file of its own, so that one that does not run leaves all others alive. What it
        declares is its own too: two scripts may declare one name.
        """
        paths = []
        for figure in figures:
            if figure.is_own and figure.script_file.is_file():
                text = _joined([figure.script_file])
                said = _catalogue(language, text, is_late=True)
                whole = b'"use strict";\n' + said + b"{\n" + text + b"}\n"
                stem = figure.word.replace("_", "-")
                paths.append(self.add_hashed(ASSET_FOLDER, stem, ".js", whole))
        return tuple(paths)

    def _add_late_parts(self, parts: Sequence[Path], language: Language) -> bytes:
        """Add each of the `parts` that load late as a file; return the line that names them all."""
        files = {}
        for part in parts:
            text = _joined([part])
            content = _catalogue(language, text, is_late=True) + text
            path = self.add_hashed(ASSET_FOLDER, part.stem, ".js", content)
            files[part.stem] = path.removeprefix(f"{ASSET_FOLDER}/")
        return f"netviz.late = {json.dumps(files)};\n".encode() if files else b""

    def add_fonts(self, templates: Sequence[Path]) -> None:
        """Copy the fonts that the styles name, with their licences."""
        for name, file in found_files(templates, "fonts/*").items():
            if file.suffix in (".woff2", ".txt"):
                self.add(f"{ASSET_FOLDER}/{name}", file.read_bytes())

    def add_page_assets(self, templates: Sequence[Path]) -> Mapping[str, str]:
        """Add the files of templates/assets; return the path of each by its name."""
        return {
            file.name: self.add_hashed(ASSET_FOLDER, file.stem, file.suffix, file.read_bytes())
            for file in found_files(templates, "assets/*").values()
        }


def joined_style(
    templates: Sequence[Path], figures: Sequence[FigureFolder], *, is_embed: bool = False
) -> bytes:
    """Return the site's styles joined with those of `figures`; they name files of ASSET_FOLDER.

    `is_embed` brings the styles of a page of one figure alone.

    Raises:
        EssayError: a style of the essay's own leaves something open.
    """
    sources = list(found_files(templates, "css/*.css").values())
    if is_embed:
        sources += found_files(templates, "embed/*.css").values()
    sources += [figure.style_file for figure in figures if figure.style_file.is_file()]
    refuse_left_open(sources)
    return _joined(sources) + _counting_rules()


def is_hashed(path: str, content: bytes, ending: str) -> bool:
    """Say whether a file of a site is one that `SiteFiles.add_hashed` wrote with this `ending`."""
    return path.endswith(f".{_short_hash(content)}{ending}")


def late_json(script: bytes) -> bytes:
    """Return the JSON that `SiteFiles.add_late_data` made `script` of."""
    text = script.removesuffix(DELIVERED).decode()
    _, end = json.JSONDecoder().raw_decode(text, len(DELIVER))  # the name
    return text[end + 1 :].encode()


def late_parts(script: bytes) -> list[str]:
    """Return the paths of the late parts of a `script` of a page, as `add_script` wrote it."""
    found = LATE_PARTS.search(script)
    files = json.loads(found[1]) if found else {}
    return [f"{ASSET_FOLDER}/{name}" for name in files.values()]


def drawing_files(word: str, artifact: Artifact) -> tuple[PlacedDrawing, Mapping[str, bytes]]:
    """Return the drawing of a figure called by `word`, and its files by their path in a site."""
    site = SiteFiles()
    drawing = json.loads((artifact.folder / FILE_NAME).read_text("utf-8"))
    urls: dict[str, str] = {}
    downloads = []
    for file in sorted(artifact.folder.iterdir()):
        name = file.name.removesuffix(ANIMATED).removesuffix(file.suffix)
        stem = f"{word.replace('_', '-')}-{name}"
        if file.name.endswith(ANIMATED):
            url = site.add_hashed(PICTURE_FOLDER, stem, file.suffix, file.read_bytes())
            downloads.append(FigureFile(name, "animation", url))
        elif file.suffix == ".webp":
            urls[name] = site.add_hashed(PICTURE_FOLDER, stem, file.suffix, file.read_bytes())
        elif file.suffix == ".json" and file.name not in (FILE_NAME, "manifest.json"):
            urls[name] = site.add_late_data(name, file.read_bytes())
        elif file.suffix == ".csv":
            url = site.add_hashed(DATA_FOLDER, stem, file.suffix, file.read_bytes())
            downloads.append(FigureFile(name, "table", url))
    placed = PlacedDrawing(
        **drawing, assets=urls, downloads=tuple(downloads), digest=artifact.digest
    )
    return placed, site.files


def _joined(sources: Sequence[Path]) -> bytes:
    """Return the texts of styles or scripts, joined, without the comment at the head of each."""
    return b"\n".join(_published(source).strip() for source in sources) + b"\n"


def _published(source: Path) -> bytes:
    """Return the text of a style or script without the comment at its head.

    A script of ours loses all comments but a few at the ends of lines: a tenth of its bytes.
    """
    text = HEAD_COMMENT.sub(b"", source.read_bytes(), count=1)
    if source.suffix != ".js" or not is_ours(source):
        return text
    return COMMENT_ENDS.sub(b"", COMMENT_LINES.sub(b"", text))


def _catalogue(language: Language, script: bytes, *, is_late: bool = False) -> bytes:
    """Return what lets a `script` speak a language; what is late finds the names there already."""
    if not (language.catalogue.text or language.direction == "rtl"):
        return b""
    catalogue = script_catalogue(language, script.decode(), names=not is_late)
    text = json.dumps(catalogue, ensure_ascii=False, sort_keys=True)
    return f"netviz.speak({text});\n".encode()


def _counting_rules() -> bytes:
    """Return the styles `.nv-i-7 { --nv-i: 7 }`, which bring a number to other rules.

    A strict Content-Security-Policy forbids style attributes, so a number goes by class: `i` is
    a place in a row, `px` the side of a picture in pixels, and `fit` the largest factor at which
    such a picture fits the narrowest page.
    """
    rules = [f".nv-i-{i}{{--nv-i:{i}}}" for i in range(COUNTED)]
    rules += [
        f".nv-px-{side}{{--nv-px:{side};--nv-fit:{WIDEST_TILE // side};--nv-up:{_enlarged(side)}}}"
        for side in IMAGE_SIDES
    ]
    return "".join(rules).encode() + b"\n"


def _enlarged(side: int) -> int:
    """Return by how much more images of few pixels are enlarged, so that they can be seen.

    What is smaller than any image is a filter or a map, whose figure knows how large it has to be.
    """
    return 1 if side < SIDES[0] else max(1, SMALL_SIDE // side)


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
