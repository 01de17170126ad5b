"""A file's name follows its content, and what the page is told of a file leads to it."""

import json
import re
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netviz.engine.graph import Artifact
from netviz.essay.figure_texts import PlacedDrawing
from netviz.essay.languages import ENGLISH, Catalogue, Language
from netviz.essay.style import page_style
from netviz.essay.templates import built_in_templates
from netviz.figures.drawings import FILE_NAME, as_json
from netviz.figures.figure import Drawing, Json
from netviz.figures.registry import BUILT_IN, FigureFolder, Registry
from netviz.pipeline.draw import FolderOutput
from netviz.publishing.assets import (
    COUNTED,
    IMAGE_SIDES,
    SiteFiles,
    drawing_files,
    joined_style,
    late_json,
    late_parts,
)
from netviz.rendering.animations import encode_animation
from netviz.rendering.pictures import to_image

LATE: Json = {"text": 'quotes " and </script> and \u2028', "numbers": [1, 2.5, None, True]}


@pytest.fixture
def files() -> SiteFiles:
    return SiteFiles()


def artifact(folder: Path, pictures: dict[str, Image.Image], values: dict[str, Json]) -> Artifact:
    """Write what a figure draws, as the build does."""
    folder.mkdir()
    output = FolderOutput(folder)
    for name, picture in pictures.items():
        output.picture(name, picture)
    for name, value in values.items():
        output.data(name, value)
    (folder / FILE_NAME).write_text(
        json.dumps(as_json(Drawing("It is so.", "It.")) | {"identities": {}})
    )
    return Artifact(folder, "0" * 64)


def picture(seed: int = 1) -> Image.Image:
    return to_image(np.random.default_rng(seed).integers(0, 256, (8, 8, 4), np.uint8))


# --- names by content ------------------------------------------------------------------------


def test_a_name_changes_with_its_content_and_with_nothing_else(files: SiteFiles) -> None:
    first = files.add_hashed("assets", "style", ".css", b"p { color: red }")
    again = SiteFiles().add_hashed("assets", "style", ".css", b"p { color: red }")
    other = files.add_hashed("assets", "style", ".css", b"p { color: blue }")
    assert first == again != other
    assert re.fullmatch(r"assets/style\.[0-9a-f]{10}\.css", first)
    assert set(files.files) == {first, other}


def test_equal_files_are_kept_once(files: SiteFiles) -> None:
    assert files.add_hashed("data", "a", ".js", b"1") == files.add_hashed("data", "a", ".js", b"1")
    assert len(files.files) == 1


def test_two_contents_under_one_path_are_refused(files: SiteFiles) -> None:
    files.add("index.html", b"one")
    files.add("index.html", b"one")
    with pytest.raises(ValueError, match=r"two files for index\.html"):
        files.add("index.html", b"other")


def test_a_folder_is_added_under_its_name(files: SiteFiles, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "a.npz").write_bytes(b"a")
    (folder / "b.json").write_bytes(b"b")
    files.add_folder(folder)
    assert files.files == {"weights/a.npz": b"a", "weights/b.json": b"b"}


# --- drawings --------------------------------------------------------------------------------


def added(files: SiteFiles, made: Artifact) -> PlacedDrawing:
    drawing, its_files = drawing_files("two_words", made)
    files.add_all(its_files)
    return drawing


def test_pictures_arrive_pixel_by_pixel(files: SiteFiles, tmp_path: Path) -> None:
    drawing = added(files, artifact(tmp_path / "a", {"sheet": picture()}, {}))
    path = drawing.assets["sheet"]
    assert re.fullmatch(r"pictures/two-words-sheet\.[0-9a-f]{10}\.webp", path)
    (tmp_path / "sheet.webp").write_bytes(files.files[path])
    with Image.open(tmp_path / "sheet.webp") as read:
        np.testing.assert_array_equal(np.asarray(read), np.asarray(picture()))


def test_late_data_are_delivered_under_the_name_of_their_file(
    files: SiteFiles, tmp_path: Path
) -> None:
    """The script hands the page its value by the last part of the address it was loaded from."""
    drawing = added(files, artifact(tmp_path / "a", {}, {"network-one": LATE}))
    path = drawing.assets["network-one"]
    assert re.fullmatch(r"data/network-one\.[0-9a-f]{10}\.js", path)
    script = files.files[path].decode("utf-8")
    match = re.fullmatch(r"netviz\.deliver\((\".*?\"),(.*)\);\n", script, flags=re.DOTALL)
    assert match is not None
    assert json.loads(match[1]) == path.removeprefix("data/")
    assert json.loads(match[2]) == LATE
    assert json.loads(late_json(files.files[path])) == LATE


def test_a_table_is_a_file_under_a_hashed_name(files: SiteFiles, tmp_path: Path) -> None:
    made = artifact(tmp_path / "a", {}, {})
    (made.folder / "mine.csv").write_bytes(b"a,b\r\n1,2\r\n")
    drawing = added(files, made)
    ((name, kind, path),) = (astuple(one) for one in drawing.downloads)
    assert (name, kind) == ("mine", "table")
    assert re.fullmatch(r"data/two-words-mine\.[0-9a-f]{10}\.csv", path)
    assert files.files == {path: b"a,b\r\n1,2\r\n"}
    assert not drawing.assets


def test_an_animation_is_taken_along_and_is_no_picture_of_the_page(
    files: SiteFiles, tmp_path: Path
) -> None:
    made = artifact(tmp_path / "a", {"film": picture()}, {})
    frames = [picture(seed).convert("RGB") for seed in (1, 2, 3)]
    FolderOutput(made.folder).animation("film", frames)
    drawing = added(files, made)
    ((name, kind, path),) = (astuple(one) for one in drawing.downloads)
    assert (name, kind) == ("film", "animation")
    assert re.fullmatch(r"pictures/two-words-film\.[0-9a-f]{10}\.webp", path)
    assert list(drawing.assets) == ["film"]
    assert drawing.assets["film"] != path
    assert files.files[path] == encode_animation(frames)


def test_the_drawing_is_for_the_page_alone(files: SiteFiles, tmp_path: Path) -> None:
    made = artifact(tmp_path / "a", {"sheet": picture()}, {"late": LATE})
    (made.folder / "manifest.json").write_text("{}")  # as the cache leaves it
    drawing = added(files, made)
    assert (drawing.finding, drawing.caption) == ("It is so.", "It.")
    assert set(drawing.assets) == {"sheet", "late"}
    assert set(files.files) == set(drawing.assets.values())


def test_two_figures_share_equal_late_data(files: SiteFiles, tmp_path: Path) -> None:
    first = added(files, artifact(tmp_path / "a", {}, {"network-one": LATE}))
    second = added(files, artifact(tmp_path / "b", {}, {"network-one": LATE}))
    assert first.assets == second.assets
    assert len(files.files) == 1


def test_two_figures_of_one_word_keep_their_own_pictures(files: SiteFiles, tmp_path: Path) -> None:
    first = added(files, artifact(tmp_path / "a", {"sheet": picture(1)}, {}))
    second = added(files, artifact(tmp_path / "b", {"sheet": picture(2)}, {}))
    assert first.assets["sheet"] != second.assets["sheet"]
    assert len(files.files) == 2


# --- what the pages share --------------------------------------------------------------------


@pytest.fixture
def templates(tmp_path: Path) -> tuple[Path, Path]:
    """An author's folder, which replaces one file of ours and adds another, and ours."""
    own, ours = tmp_path / "own", tmp_path / "ours"
    texts = {
        own / "css" / "10-text.css": "/*! own text */",
        own / "js" / "parts" / "zoom.js": "// own zoom",
        ours / "css" / "10-text.css": "/*! our text */",
        ours / "css" / "05-base.css": "/*! our base */",
        ours / "js" / "core.js": "// core",
        ours / "js" / "parts" / "grid.js": "// grid",
        ours / "fonts" / "serif.woff2": "font",
        ours / "fonts" / "OFL.txt": "licence",
        ours / "fonts" / "build.py": "not for the site",
        ours / "assets" / "icon.svg": "<svg/>",
    }
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return own, ours


def figure(folder: Path, style: str = "nv-own { color: red }") -> FigureFolder:
    folder.mkdir()
    (folder / "own.css").write_text(style)
    (folder / "own.js").write_text("// figure")
    return FigureFolder("own", folder)


def test_styles_are_joined_in_order_an_author_s_before_ours(
    templates: tuple[Path, Path], tmp_path: Path
) -> None:
    style = joined_style(templates, [figure(tmp_path / "own-figure")]).decode()
    parts = ["/*! our base */", "/*! own text */", "nv-own { color: red }", ".nv-i-0{--nv-i:0}"]
    assert [style.index(part) for part in parts] == sorted(style.index(part) for part in parts)
    assert "our text" not in style


def test_scripts_are_joined_core_first_figures_last(
    files: SiteFiles, templates: tuple[Path, Path]
) -> None:
    path = files.add_script(templates, [Registry().find("weights")])
    script = files.files[path].decode()
    parts = ["// core", "// grid", "// own zoom", 'netviz.define("nv-weights"']
    assert [script.index(part) for part in parts] == sorted(script.index(part) for part in parts)
    assert "netviz.own" not in script


def test_the_script_of_a_figure_of_the_essay_s_own_is_a_file_by_itself(tmp_path: Path) -> None:
    """It keeps the names that it declares, and brings what it says in another language."""
    own = FigureFolder("own", tmp_path / "own")
    own.folder.mkdir()
    own.script_file.write_text(
        '/* What it is. */\nconst text = say("Best first.");\n', encoding="utf-8"
    )
    bare = FigureFolder("bare", tmp_path / "bare")  # which has none
    figures = [bare, own, Registry().find("weights")]
    spanish = Language("es", Catalogue("español", text={"Best first.": "El mejor"}))
    files = SiteFiles()
    page = files.files[files.add_script([built_in_templates()], figures, spanish)].decode()
    (path,) = files.add_own_scripts(figures, spanish)
    assert re.fullmatch(r"assets/own\.[0-9a-f]{10}\.js", path)
    written = files.files[path].decode()
    assert written.startswith('"use strict";\nnetviz.speak({')
    assert written.endswith('{\nconst text = say("Best first.");\n}\n')
    assert "El mejor" in written
    assert "El mejor" not in page
    assert "const text" not in page
    assert 'netviz.define("nv-weights"' in page
    assert 'netviz.own = ["nv-own"];\nnetviz.late = {' in page
    assert len(late_parts(page.encode())) == 3


def test_the_comment_at_the_head_of_a_file_stays_at_home(files: SiteFiles, tmp_path: Path) -> None:
    """A notice of rights is published, and so is every comment after the first line of code."""
    texts = {
        "core.js": '/* What it is for.\n * netviz.it() does it */\n"use strict"; // so\n/* on */',
        "parts/theirs.js": "/*! Somebody's rights */ /* and more */ it();",
        "parts/zoom.js": "it(); /* then */ it();",
    }
    for name, text in texts.items():
        file = tmp_path / "js" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    path = files.add_script([tmp_path], [])
    assert files.files[path].decode().rstrip() == (
        '"use strict"; // so\n/* on */\n'
        "/*! Somebody's rights */ /* and more */ it();\n"
        "it(); /* then */ it();"
    )


def our_scripts() -> list[Path]:
    folders = (built_in_templates(), BUILT_IN)
    return [file for folder in folders for file in sorted(folder.rglob("*.js"))]


def test_our_own_scripts_are_published_without_comments_and_with_all_their_code(
    files: SiteFiles,
) -> None:
    """What is left out is a comment: no template literal of ours goes over several lines."""
    figures = list(Registry().figures.values())
    path = files.add_script([built_in_templates()], figures, runs_maps=True)
    script = files.files[path].decode()
    lines = {line.strip() for line in script.splitlines()}
    assert not [line for line in lines if line.startswith(("//", "/*", "* "))]
    for file in our_scripts():
        text = file.read_text("utf-8")
        assert not [line for line in text.splitlines() if line.count("`") % 2], file
        code = re.sub(r"^ *(?://.*|/\*(?s:.*?)\*/ *)$", "", text, flags=re.MULTILINE)
        if file.parent.name not in {"late", "embed", "own"}:
            left_out = {line.strip() for line in code.splitlines()} - lines - {""}
            assert {line.rpartition(" // ")[0] for line in left_out} <= lines, file


def test_what_few_readers_need_is_a_file_of_its_own_that_the_script_names(tmp_path: Path) -> None:
    """A part that loads late brings its own translations, which the page need not."""
    for name, text in {"core": 'say("Now")', "late/film": 'say("See later.")'}.items():
        file = tmp_path / "js" / f"{name}.js"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    said = {"Now": "Ahora mismo", "See later.": "Más tarde", "cat": "gato"}
    spanish = Language("es", Catalogue("español", text=said))
    for language in (ENGLISH, spanish):
        files = SiteFiles()
        script = files.files[files.add_script([tmp_path], [], language)]
        (late,) = late_parts(script)
        assert re.fullmatch(r"assets/film\.[0-9a-f]{10}\.js", late)
        assert b"See later" not in script
        assert b'say("See later.")' in files.files[late]
    assert ["Más tarde" in text.decode() for text in files.files.values()] == [True, False]
    assert ["gato" in text.decode() for text in files.files.values()] == [False, True]


def test_a_script_without_late_parts_names_none() -> None:
    assert late_parts(b"// netviz.late = {};\n") == []


def test_a_figure_without_styles_or_script_adds_none(
    files: SiteFiles, templates: tuple[Path, Path], tmp_path: Path
) -> None:
    bare = FigureFolder("bare", tmp_path / "bare")
    assert files.add_script(templates, [bare]) == SiteFiles().add_script(templates, [])


def test_every_place_and_side_that_a_figure_may_name_has_a_rule() -> None:
    style = joined_style([built_in_templates()], []).decode()
    for place in range(COUNTED):
        assert f".nv-i-{place}{{--nv-i:{place}}}" in style
    for side in IMAGE_SIDES:
        assert f".nv-px-{side}{{--nv-px:{side};--nv-fit:" in style
    assert (IMAGE_SIDES[0], IMAGE_SIDES[-1]) == (1, 64)


def test_fonts_come_with_their_licences_and_nothing_else(
    files: SiteFiles, templates: tuple[Path, Path]
) -> None:
    files.add_fonts(templates)
    assert set(files.files) == {"assets/fonts/serif.woff2", "assets/fonts/OFL.txt"}


def test_page_assets_are_told_by_their_names(
    files: SiteFiles, templates: tuple[Path, Path]
) -> None:
    assets = files.add_page_assets(templates)
    assert set(assets) == {"icon.svg"}
    assert files.files[assets["icon.svg"]] == b"<svg/>"


def test_every_font_that_our_styles_name_is_added(files: SiteFiles) -> None:
    files.add_fonts([built_in_templates()])
    css = joined_style([built_in_templates()], list(Registry().figures.values()))
    named = re.findall(r"url\(\"?([^)\"#]+)\"?\)", page_style(css.decode(), "assets/").text)
    assert named
    for address in named:
        is_within_page = address.startswith(("data:", "#"))
        assert address in files.files or is_within_page, address


def test_our_styles_and_scripts_ask_no_other_host(files: SiteFiles) -> None:
    figures = list(Registry().figures.values())
    templates = [built_in_templates()]
    script = files.files[files.add_script(templates, figures)]
    for text in (joined_style(templates, figures).decode(), script.decode()):
        addresses = set(re.findall(r"https?://[\w./-]+", text))
        assert addresses <= {"http://www.w3.org/2000/svg"}  # a name, never asked for
        assert "@import" not in text
