"""The browser is found where it is, and a broken one is passed over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import provision

pytestmark = pytest.mark.quick


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


def test_webkit_is_found_whole_or_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a driver, a browser and a display; a driver alone is as good as none."""
    packaged = program(tmp_path / "packaged", '[ "$1" = --help ]')
    for name in ("webkit2gtk-4.0", "webkit2gtk-4.1"):
        (tmp_path / name).mkdir()
        program(tmp_path / name / "MiniBrowser", "")
    program(tmp_path / "WebKitWebDriver", '[ "$1" = --help ]')
    display = tmp_path / "Xvfb"
    program(tmp_path / "apt-get", f'[ "$1" != install ] || /bin/ln -s {packaged} {display}')
    monkeypatch.delenv("WEBKIT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(provision, "WEBKIT_PLACES", (f"{tmp_path}/webkit2gtk-4.*/MiniBrowser",))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert provision.provide_webkit() is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    newest = tmp_path / "webkit2gtk-4.1" / "MiniBrowser"
    whole = provision.WebKitPrograms(tmp_path / "WebKitWebDriver", newest, display)
    assert provision.provide_webkit() == whole
    monkeypatch.setenv("WEBKIT", str(packaged))
    found = provision.find_webkit()
    assert found is not None
    assert found.browser == packaged
    program(tmp_path / "WebKitWebDriver", "echo 'libsoup: missing' >&2; exit 127")
    assert provision.find_webkit() is None


@pytest.mark.parametrize(("required", "code"), [("", 0), ("1", 1)])
@pytest.mark.parametrize("missing", ["browser", "firefox", "webkit"])
def test_what_is_missing_is_said_and_fails_only_where_it_is_required(
    missing: str,
    required: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs = provision.WebKitPrograms(Path("driver"), Path("webkit"), Path("display"))
    found = {"browser": Path("chromium"), "firefox": Path("firefox"), "webkit": programs}
    for name, one in found.items():
        there = None if name == missing else one
        monkeypatch.setattr(provision, f"provide_{name}", lambda there=there: there)
    monkeypatch.setenv(provision.REQUIRED, required)
    assert provision.main() == code
    printed = capsys.readouterr()
    assert printed.out == ("" if missing == "browser" else "chromium\n")
    assert f"NO {missing.upper()} COULD BE FOUND OR FETCHED" in printed.err
    assert printed.err.count("TESTS ARE SKIPPED") == 1


def test_the_command_prints_the_path_alone(tmp_path: Path) -> None:
    mine = program(tmp_path / "mine", "echo Chromium 1")
    finished = subprocess.run(
        [sys.executable, provision.__file__],
        env={"PATH": str(tmp_path), "CHROME": str(mine), "FIREFOX": str(mine)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout == f"{mine}\n"
