"""The browser is found where it is, and a broken one is passed over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import provision


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_the_browser_named_in_chrome_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = program(tmp_path / "mine", "echo Chromium 1")
    program(tmp_path / "chromium", "echo Chromium 2")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("CHROME", str(mine))
    assert provision.find_browser() == mine


def test_a_browser_that_does_not_start_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "google-chrome", "echo 'libnss3.so: missing' >&2; exit 127")
    sound = program(tmp_path / "chromium", "echo Chromium 2")
    monkeypatch.delenv("CHROME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(provision, "INSTALLED_NAMES", ("google-chrome", "chromium"))
    assert provision.find_browser() == sound


def test_debians_package_is_the_last_resort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no browser and no download, root installs the package, and the browser is found."""
    packaged = program(tmp_path / "packaged", "echo Chromium 3")
    installed = tmp_path / "chromium"
    program(tmp_path / "apt-get", f'[ "$1" != install ] || /bin/ln -s {packaged} {installed}')
    monkeypatch.delenv("CHROME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(provision, "MAC_APPLICATIONS", ())
    monkeypatch.setattr(provision, "_playwrights_browser", lambda: None)
    monkeypatch.setattr(provision, "_download_playwrights", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert provision.provide_browser() is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert provision.provide_browser() == installed


def test_firefox_is_found_or_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = program(tmp_path / "packaged", "echo Mozilla Firefox 1")
    installed = tmp_path / "firefox-esr"
    program(tmp_path / "apt-get", f'[ "$1" != install ] || /bin/ln -s {packaged} {installed}')
    monkeypatch.delenv("FIREFOX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(provision, "MAC_FIREFOX", "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert provision.provide_firefox() is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert provision.provide_firefox() == installed
    monkeypatch.setenv("FIREFOX", str(packaged))
    assert provision.find_firefox() == packaged


@pytest.mark.parametrize(("required", "code"), [("", 0), ("1", 1)])
def test_without_firefox_it_says_so_and_fails_only_where_it_is_required(
    required: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(provision, "provide_browser", lambda: Path("chromium"))
    monkeypatch.setattr(provision, "provide_firefox", lambda: None)
    monkeypatch.setenv(provision.REQUIRED, required)
    assert provision.main() == code
    printed = capsys.readouterr()
    assert printed.out == "chromium\n"
    assert "NO FIREFOX" in printed.err


@pytest.mark.parametrize(("required", "code"), [("", 0), ("1", 1)])
def test_without_a_browser_it_says_so_and_fails_only_where_one_is_required(
    required: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(provision, "provide_browser", lambda: None)
    monkeypatch.setattr(provision, "provide_firefox", lambda: Path("firefox"))
    monkeypatch.setenv(provision.REQUIRED, required)
    assert provision.main() == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "BROWSER TESTS ARE SKIPPED" in printed.err


def test_the_command_prints_the_path_alone(tmp_path: Path) -> None:
    mine = program(tmp_path / "mine", "echo Chromium 1")
    finished = subprocess.run(
        [sys.executable, provision.__file__],
        env=os.environ | {"CHROME": str(mine), "FIREFOX": str(mine)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout == f"{mine}\n"
