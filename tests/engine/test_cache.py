"""Every kind of damage to a kept result is noticed, told, and mended; what is whole is reused."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from netviz.engine.cache import STAGING, TAG, Cache
from netviz.engine.entries import FILES, MANIFEST
from netviz.engine.graph import Step
from netviz.engine.lock import Lock
from netviz.errors import SiteError
from tests.engine.workshop import Workshop, text_of


def only_entry(workshop: Workshop, function: str) -> Path:
    (entry,) = (workshop.cache.folder / function).iterdir()
    return entry


def change_manifest(entry: Path, **changes: object) -> None:
    file = entry / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def link_elsewhere(entry: Path) -> None:
    moved = entry.with_name("elsewhere")
    (entry / FILES / "text").rename(moved)
    (entry / FILES / "text").symlink_to(moved)


def replace_by_file(entry: Path) -> None:
    shutil.rmtree(entry)
    entry.write_text("a file")


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (lambda e: os.truncate(e / FILES / "text", 1), "text has 1 bytes instead of 3"),
    "flipped bit": (lambda e: flip(e / FILES / "text"), "text has other bytes"),
    "file gone": (lambda e: (e / FILES / "text").unlink(), "text is missing"),
    "files gone": (lambda e: shutil.rmtree(e / FILES), "text is missing"),
    "foreign file": (lambda e: (e / FILES / "other").touch(), "other is foreign"),
    "foreign file beside": (lambda e: (e / "other").touch(), "foreign files"),
    "link": (link_elsewhere, "text is not a plain file"),
    "manifest gone": (lambda e: (e / MANIFEST).unlink(), "manifest is missing"),
    "manifest cut": (lambda e: os.truncate(e / MANIFEST, 40), "manifest cannot be read"),
    "manifest not an object": (lambda e: (e / MANIFEST).write_text("[1]"), "cannot be read"),
    "manifest not text": (lambda e: (e / MANIFEST).write_bytes(b"\xff\0"), "cannot be read"),
    "manifest incomplete": (lambda e: change_manifest(e, files=None), "cannot be read"),
    "wrong version": (lambda e: change_manifest(e, version=0), "another version of the cache"),
    "digest altered": (lambda e: change_manifest(e, digest="0"), "manifest was altered"),
    "key altered": (
        lambda e: change_manifest(
            e, key=json.loads((e / MANIFEST).read_text())["key"] | {"inputs": {"a": "b"}}
        ),
        "manifest was altered",
    ),
    "a file for an entry": (replace_by_file, "cannot be read"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_noticed_told_and_mended(kind: str, workshop: Workshop) -> None:
    damage, told = DAMAGE[kind]
    step = workshop.step("write", text="abc")
    workshop.run(step)
    damage(only_entry(workshop, "write"))
    assert text_of(workshop.run(step)["write"]) == "abc"
    (event,) = [event for event in workshop.events if event.kind == "damaged"]
    assert told in event.why
    assert workshop.why("write") == "damaged in the cache"
    workshop.run(step)
    assert workshop.names("reused") == ["write"]


def test_what_was_found_whole_is_not_read_again_in_one_session(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = workshop.step("write", text="abc")
    workshop.run(step)
    workshop.run(step)  # finds it, and reads it

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("netviz.engine.cache.check_files", refuse)
    workshop.run(step)
    assert workshop.names("reused") == ["write"]
    workshop.cache = Cache(workshop.cache.folder)  # another session
    with pytest.raises(AssertionError, match="read again"):
        workshop.run(step)


@pytest.mark.parametrize("kind", ["file gone", "files gone", "foreign file", "manifest cut"])
def test_what_comes_and_goes_within_a_session_is_noticed(kind: str, workshop: Workshop) -> None:
    damage, told = DAMAGE[kind]
    step = workshop.step("write", text="abc")
    workshop.run(step)
    workshop.run(step)
    damage(only_entry(workshop, "write"))
    assert text_of(workshop.run(step)["write"]) == "abc"
    assert [told in event.why for event in workshop.events if event.kind == "damaged"] == [True]


def test_a_changed_large_file_is_noticed_by_its_time(workshop: Workshop) -> None:
    step = workshop.step("large")
    workshop.run(step)
    flip(only_entry(workshop, "large") / FILES / "deep" / "bytes")
    workshop.run(step)
    assert workshop.names("damaged") == ["large"]


def test_a_large_file_that_decays_in_silence_is_noticed_on_request(workshop: Workshop) -> None:
    step = workshop.step("large")
    workshop.run(step)
    file = only_entry(workshop, "large") / FILES / "deep" / "bytes"
    before = file.stat()
    flip(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    workshop.run(step)
    assert workshop.names("damaged") == []
    workshop.cache = Cache(workshop.cache.folder, verify=True)
    workshop.run(step)
    assert workshop.names("damaged") == ["large"]


def test_a_cache_may_be_moved_and_its_times_lost(workshop: Workshop, tmp_path: Path) -> None:
    step = workshop.step("large")
    workshop.run(step)
    shutil.copytree(workshop.cache.folder, tmp_path / "moved", copy_function=shutil.copyfile)
    workshop.cache = Cache(tmp_path / "moved")
    workshop.run(step)
    assert workshop.names("reused") == ["large"]


def test_the_reason_is_told_against_the_entry_used_last(workshop: Workshop) -> None:
    def step(text: str) -> Step:
        return workshop.step("write", text=text)

    for text in ("a", "b", "a"):
        workshop.run(step(text))
    workshop.cache = Cache(workshop.cache.folder)  # as a new process would see it
    workshop.run(step("c"))
    assert workshop.why("write") == "text: a → c"


def test_what_killed_builds_left_is_swept_and_what_runs_is_not(workshop: Workshop) -> None:
    workshop.run()
    staging = workshop.cache.folder / STAGING
    for name in ("build-dead0000", "build-crashed0", "build-alive000"):
        (staging / name / "step").mkdir(parents=True)
    (staging / "build-dead0000.lock").touch()
    alive = Lock(staging / "build-alive000.lock")
    assert alive.acquire()
    workshop.run(workshop.step("write", text="a"))
    kept = ["build-alive000", "build-alive000.lock"]
    assert sorted(path.name for path in staging.iterdir()) == kept
    alive.release()


def test_the_cache_asks_backups_to_pass_it_by(workshop: Workshop) -> None:
    workshop.run()
    text = (workshop.cache.folder / TAG).read_text()
    assert text.startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_file_where_the_cache_should_be_is_told(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    workshop.cache = Cache(tmp_path / "file")
    with pytest.raises(SiteError, match="there is a file where a folder should be") as caught:
        workshop.run(workshop.step("write"))
    assert str(caught.value.place).startswith(str(tmp_path / "file"))
    assert caught.value.remedy is not None


def test_a_result_that_another_build_stored_first_is_used(workshop: Workshop) -> None:
    """Two builds make the same step at once; the second finds the place taken."""
    step = workshop.step("write", text="abc")
    first = workshop.run(step)["write"]
    key = workshop.cache.previous("write", step.function)
    assert key is not None
    with workshop.cache.staging() as staging:
        shutil.copytree(only_entry(workshop, "write"), staging / "again")
        assert workshop.cache.store(staging / "again", key) == first
    assert not staging.exists()
    assert text_of(first) == "abc"
