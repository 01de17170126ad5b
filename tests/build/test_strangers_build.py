"""What a `build/` that came with a checkout can do: nothing outside, and no number of its own."""

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2.bccache import bc_magic

from netviz.build.paths import note_of, own_paths
from netviz.build.places import clean
from netviz.build.unchanged import Circumstances, is_unchanged, leave_note
from netviz.cli import main
from netviz.engine.cache import TAG
from netviz.engine.entries import FILES, MANIFEST, finish
from netviz.engine.keys import Key
from netviz.engine.seal import private_name, user_folder, user_key
from netviz.essay.templates import Compiled, Templates
from netviz.publishing.writer import MARKER
from tests.essays import SETTINGS, TEXT, content


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small essay, built, the user's own folder, and a victim's files."""
    top = tmp_path_factory.mktemp("built")
    folder = top / "here" / "essay"
    folder.mkdir(parents=True)
    (folder / "essay.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "index.md").write_text(TEXT, encoding="utf-8")
    (top / "victim" / "photos").mkdir(parents=True)
    (top / "victim" / "photos" / "a.jpg").write_bytes(b"a photo")
    (top / "victim" / ".bashrc").write_text("a text")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.parent)
        patch.setenv("NETVIZ_CACHE_DIR", str(top / "user"))
        assert build() == 0
    return top


@pytest.fixture
def essay(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, for one test: the essay's folder, in the current folder, where it was built."""
    for name in ("here", "user", "victim"):
        shutil.copytree(built / name, tmp_path / name)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("NETVIZ_CACHE_DIR", str(tmp_path / "user"))
    return tmp_path / "here" / "essay"


def build(*arguments: str) -> int:
    return main(["build", "essay", "--sample", "--offline", "--jobs", "1", *arguments])


def victim(essay: Path) -> dict[str, bytes]:
    return content(essay.parents[1] / "victim")


# --- links -----------------------------------------------------------------------------------

TO_FOLDERS = (
    "build",
    "build/cache",
    "build/cache/staging",
    "build/cache/train",
    "build/cache/draw_card",
    "build/site",
    "build/.site-next",
    "build/.site-last",
    "build/cache/staging/build-00000000",
)
TO_FILES = (
    "build/timings.json",
    "build/cache/last-site.json",
    "build/cache/last-site.memory",
    f"build/cache/{TAG}",
    "build/.site.lock",
    "build/cache/staging/build-00000000.lock",
)


@pytest.mark.parametrize("path", [*TO_FOLDERS, *TO_FILES])
def test_no_link_in_a_shipped_build_leads_a_build_out_of_it(
    path: str, essay: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(path) if Path(path).is_dir() else Path(path).unlink(missing_ok=True)
    (essay / "index.md").write_text(TEXT.replace("It gets", "This gets"), encoding="utf-8")
    before = victim(essay)
    target = essay.parents[1] / "victim"
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).symlink_to(target if path in TO_FOLDERS else target / ".bashrc")
    code = build()
    told = capfd.readouterr().err
    assert victim(essay) == before
    assert "Traceback" not in told
    assert code == 0 or "link" in told or "did not write" in told, told


def test_a_link_that_dangles_makes_no_file_outside(essay: Path) -> None:
    Path("build/.site.lock").symlink_to(essay.parents[1] / "victim" / "new")
    build()
    assert "new" not in victim(essay)


def test_links_within_the_cache_are_not_read_through(
    essay: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = content(Path("build/site"))
    for entry in Path("build/cache").glob(f"*/*/{MANIFEST}"):
        moved = essay.parents[1] / "victim" / entry.parent.name
        entry.parent.rename(moved)
        entry.parent.symlink_to(moved)
    before = victim(essay)
    shutil.rmtree("build/site")
    assert build() == 0
    assert content(Path("build/site")) == whole
    assert victim(essay) == before
    assert "a link is in its place" in capfd.readouterr().err


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("essay")
def test_a_forged_result_is_not_used_and_that_is_said_once(
    capfd: pytest.CaptureFixture[str],
) -> None:
    whole = content(Path("build/site"))
    for entry in Path("build/cache").glob("*/*/"):
        file = entry / FILES / "measurements.json"
        manifest = json.loads((entry / MANIFEST).read_text()) if (entry / MANIFEST).exists() else {}
        if not manifest:
            continue
        if file.exists():
            file.write_text(file.read_text().replace('"accuracy": 0.', '"accuracy": 0.99'))
        finish(entry, manifest["step"], Key(**manifest["key"]))  # all hashes are right
    shutil.rmtree("build/site")
    Path("build/cache/last-site.json").unlink()
    capfd.readouterr()
    assert build() == 0
    assert content(Path("build/site")) == whole
    told = capfd.readouterr().err
    assert told.count("not made by your own builds") == 1
    assert "0 reused" in told


@pytest.mark.usefixtures("essay")
def test_a_cache_of_another_user_is_made_again_and_ones_own_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree("build/site")
    shutil.copytree(tmp_path / "user", tmp_path / "moved")  # as a workflow keeps both folders
    monkeypatch.setenv("NETVIZ_CACHE_DIR", str(tmp_path / "moved"))
    assert build() == 0
    assert " 0 steps made" in capfd.readouterr().err
    shutil.rmtree("build/site")
    monkeypatch.setenv("NETVIZ_CACHE_DIR", str(tmp_path / "another"))
    assert build() == 0
    assert "0 reused" in capfd.readouterr().err


def test_a_shipped_site_with_a_note_that_praises_it_is_built_again(
    essay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = content(Path("build/site"))
    page = Path("build/site/index.html")
    page.write_text("forged")
    monkeypatch.setenv("NETVIZ_CACHE_DIR", str(tmp_path / "stranger"))
    out, note = Path("build/site"), note_of(Path("build/site"), Path("build/site"))
    settings = {"essay": "essay", "sample": "True", "data": "None"}
    around = Circumstances(settings, own_paths(out))
    leave_note(note, out, around, [essay], around.digest([essay]))
    assert is_unchanged(note, out, around)
    monkeypatch.setenv("NETVIZ_CACHE_DIR", str(tmp_path / "user"))
    assert not is_unchanged(note, out, around)
    assert build() == 0
    assert content(out) == whole


# --- the key ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("essay")
def test_the_key_is_kept_and_only_its_user_can_read_it() -> None:
    key = user_key()
    assert user_key() == key
    file = user_folder() / private_name("key")
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o644)  # as git would check it out
    assert user_key() != key


@pytest.mark.parametrize("kind", ["link", "folder", "short"])
@pytest.mark.usefixtures("essay")
def test_what_stands_in_the_place_of_a_key_is_none(kind: str) -> None:
    file = user_folder() / private_name("key")
    file.unlink()
    if kind == "link":
        known = file.with_name("known")
        known.write_bytes(bytes(32))
        known.chmod(0o600)
        file.symlink_to(known)
    elif kind == "folder":
        file.mkdir()
    else:
        file.write_bytes(b"short")
    assert len(user_key()) == 32
    assert user_key() != bytes(32)


def test_a_key_within_a_checkout_is_passed_over(
    essay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (essay.parent / ".git").mkdir()
    monkeypatch.setenv("NETVIZ_CACHE_DIR", "data")
    assert not user_folder().is_relative_to(essay.parent)


# --- code ------------------------------------------------------------------------------------


class Harm:
    """Runs code where it is unpickled."""

    def __init__(self, sign: Path) -> None:
        self.sign = sign

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.sign),)


def test_what_jinja_would_unpickle_is_read_only_where_it_is_ours(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("It is {{ x }}.")
    compiled = Compiled(tmp_path / "compiled", bytes(32))
    rendered = Templates((tmp_path / "templates",), compiled).pages.get_template("a.html")
    assert rendered.render(x=1) == "It is 1."
    (file,) = (tmp_path / "compiled").iterdir()
    whole, sign = file.read_bytes(), tmp_path / "harmed"
    for forged in (bc_magic, whole[:32] + bc_magic, bytes(32) + bc_magic):
        file.write_bytes(forged + pickle.dumps(Harm(sign)))
        again = Templates((tmp_path / "templates",), compiled).pages.get_template("a.html")
        assert again.render(x=2) == "It is 2."
        assert not sign.exists()


def test_what_was_compiled_is_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("It is {{ x }}.")
    compiled = Compiled(tmp_path / "compiled", bytes(32))
    Templates((tmp_path,), compiled).pages.get_template("a.html")
    environment = Templates((tmp_path,), compiled).pages

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(type(environment), "compile", refuse)
    assert environment.get_template("a.html").render(x=1) == "It is 1."


def test_what_another_version_of_jinja_compiled_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.html").write_text("It is {{ x }}.")
    compiled = Compiled(tmp_path / "compiled", bytes(32))
    Templates((tmp_path,), compiled).pages.get_template("a.html")
    (file,) = (tmp_path / "compiled").iterdir()
    before = file.read_bytes()
    monkeypatch.setattr("netviz.essay.templates.installed_version", lambda *_: "99")
    assert Templates((tmp_path,), compiled).pages.get_template("a.html").render(x=1) == "It is 1."
    assert file.read_bytes() != before


def test_nothing_below_the_build_is_compiled_code(essay: Path) -> None:
    assert not Path("build/cache/templates").exists()
    assert list((essay.parents[1] / "user").glob("templates*/*"))


# --- an author's own files -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cache/staging/notes/a.txt", "timings.json"])
def test_an_author_s_files_beside_a_site_are_left_alone(
    name: str, essay: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    own = essay.parent / name
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("mine")
    assert build("--out", "public") == 1
    assert own.read_text() == "mine"
    assert not Path("public").exists()
    (message,) = capfd.readouterr().err.splitlines()
    assert "name another folder by --out" in message


def test_cleaning_removes_what_builds_wrote_and_nothing_else(
    essay: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert build("--single-file") == 0
    assert build("--out", "build/docs") == 0
    assert main(["clean"]) == 0
    assert not Path("build").exists()
    assert build() == 0
    mine = ["build/mine.txt", "build/site/mine.txt", "build/cache/mine.txt", "build/notes/a.md",
            "build/cache/train/mine.txt"]  # fmt: skip
    for name in mine:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("mine")
    Path("build/cache/staging/build-00000000").mkdir(parents=True)
    (Path("build/.site-next")).symlink_to(essay.parents[1] / "victim")
    before = victim(essay)
    capfd.readouterr()
    assert main(["clean"]) == 0
    assert sorted(f"build/{path}" for path in content(Path("build"))) == sorted(mine)
    assert "did not write cache, mine.txt, notes" in capfd.readouterr().err
    assert victim(essay) == before


def test_a_list_of_files_that_was_tampered_with_removes_nothing_outside(essay: Path) -> None:
    marker = Path("build/site", MARKER)
    marker.write_text(marker.read_text() + "../../../victim/.bashrc\n/etc/passwd\n\0\n")
    before = victim(essay)
    clean(Path("build"))
    assert victim(essay) == before
    assert not Path("build").exists()


@pytest.mark.usefixtures("essay")
def test_a_manifest_of_any_kind_is_damage_and_no_more(capfd: pytest.CaptureFixture[str]) -> None:
    whole = content(Path("build/site"))
    strange = ["[" * 100_000, '{"version": NaN}', '{"version": 2}', "\ud800", '"\\ud800"']
    for number, file in enumerate(sorted(Path("build/cache").glob(f"*/*/{MANIFEST}"))):
        plain = json.loads(file.read_text())
        texts = [*strange, json.dumps({**plain, "seal": 3}), json.dumps({**plain, "seal": "é"}),
                 json.dumps({**plain, "files": {"\ud800": 1}})]  # fmt: skip
        file.write_bytes(texts[number % len(texts)].encode("utf-8", "surrogatepass"))
    shutil.rmtree("build/site")
    assert build("--explain") == 0
    assert content(Path("build/site")) == whole
    assert "Traceback" not in capfd.readouterr().err
