"""Finds the browsers that the tests drive, and fetches those that are not there.

`python tests/browser/provision.py` prints Chromium's path on standard output, or nothing
where none could be had; everything else it says goes to standard error. Tried in order:
what CHROME names, an installed Chrome or Chromium, Playwright's own, Playwright's download,
and, for root on Debian, the package `chromium`. Firefox is what FIREFOX names, an installed one
or, for root on Debian, the package `firefox-esr`. WebKit is WebKitGTK's driver and its MiniBrowser,
which WEBKIT may name, with a display that nobody sees: installed ones or, for root on Debian, the
packages `webkit2gtk-driver` and `xvfb`.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from glob import glob
from itertools import chain
from pathlib import Path

INSTALLED_NAMES = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FIREFOX_NAMES = ("firefox", "firefox-esr")
MAC_FIREFOX = "/Applications/Firefox.app/Contents/MacOS/firefox"
# Where the packages of Debian, Fedora and Arch put MiniBrowser, which is on nobody's path.
WEBKIT_PLACES = (
    "/usr/lib/*/webkit2gtk-4.*/MiniBrowser",
    "/usr/libexec/webkit2gtk-4.*/MiniBrowser",
    "/usr/lib/webkit2gtk-4.*/MiniBrowser",
)
WEBKIT_PACKAGES = ("webkit2gtk-driver", "xvfb")
ASK_FOR_PLAYWRIGHTS_PATH = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
DOWNLOAD_SECONDS = 300
CONNECTION_MILLISECONDS = "15000"  # a host that cannot be reached is given up early
PACKAGE_SECONDS = 900
# Set by those who want no browser test skipped; then a missing browser is an error.
REQUIRED = "NETVIZ_BROWSER_REQUIRED"


@dataclass(frozen=True)
class WebKitPrograms:
    """What it takes to drive WebKit."""

    driver: Path
    browser: Path
    display: Path


def find_browser() -> Path | None:
    """Return a browser that starts, of those already on this machine; None without one."""
    named = os.environ.get("CHROME")
    installed = [named, *map(shutil.which, INSTALLED_NAMES), *MAC_APPLICATIONS]
    for candidate in installed:
        if candidate and starts(Path(candidate)):
            return Path(candidate)
    own = _playwrights_browser()
    return own if own and starts(own) else None


def provide_browser() -> Path | None:
    """Return a browser that starts, fetching one if need be; None where that fails."""
    browser = find_browser()
    if browser is None:
        _say("no Chrome or Chromium here; trying Playwright's download")
        _download_playwrights()
        browser = find_browser()
    if browser is None and _may_install_packages():
        _say("trying Debian's package chromium")
        _install_packages("chromium")
        browser = find_browser()
    return browser


def find_firefox() -> Path | None:
    """Return a Firefox that starts, of those already on this machine; None without one."""
    for candidate in (os.environ.get("FIREFOX"), *map(shutil.which, FIREFOX_NAMES), MAC_FIREFOX):
        if candidate and starts(Path(candidate)):
            return Path(candidate)
    return None


def provide_firefox() -> Path | None:
    """Return a Firefox that starts, fetching one if need be; None where that fails."""
    firefox = find_firefox()
    if firefox is None and _may_install_packages():
        _say("no Firefox here; trying Debian's package firefox-esr")
        _install_packages("firefox-esr")
        firefox = find_firefox()
    return firefox


def find_webkit() -> WebKitPrograms | None:
    """Return what WebKit is driven with, of what is already on this machine; None if not whole."""
    installed = sorted(chain.from_iterable(map(glob, WEBKIT_PLACES)), reverse=True)
    browsers = (os.environ.get("WEBKIT"), *installed)
    browser = next((one for one in browsers if one and Path(one).is_file()), None)
    driver, display = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    if browser and driver and display and starts(Path(driver), "--help"):
        return WebKitPrograms(Path(driver), Path(browser), Path(display))
    return None


def provide_webkit() -> WebKitPrograms | None:
    """Return what WebKit is driven with, fetching it if need be; None where that fails."""
    webkit = find_webkit()
    if webkit is None and _may_install_packages():
        _say(f"no WebKit here; trying Debian's packages {' and '.join(WEBKIT_PACKAGES)}")
        _install_packages(*WEBKIT_PACKAGES)
        webkit = find_webkit()
    return webkit


def starts(program: Path, harmless: str = "--version") -> bool:
    """Say whether `program` runs: a download may lack the libraries it needs."""
    return program.is_file() and _run([str(program), harmless], seconds=60) is not None


def _playwrights_browser() -> Path | None:
    path = _run([sys.executable, "-c", ASK_FOR_PLAYWRIGHTS_PATH], seconds=60)
    return Path(path.strip()) if path else None


def _download_playwrights() -> None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    patience = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": CONNECTION_MILLISECONDS}
    _run(command, seconds=DOWNLOAD_SECONDS, settings=patience)


def _may_install_packages() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def _install_packages(*packages: str) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update"], seconds=PACKAGE_SECONDS, settings=quiet)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    _run(install, seconds=PACKAGE_SECONDS, settings=quiet)


def _run(command: list[str], seconds: float, settings: dict[str, str] | None = None) -> str | None:
    """Return what `command` prints, or None where it fails or takes longer than `seconds`."""
    try:
        finished = subprocess.run(
            command,
            env=os.environ | (settings or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return finished.stdout


def _say(text: str) -> None:
    print(f"netviz tests: {text}", file=sys.stderr)


def main() -> int:
    browser, firefox, webkit = provide_browser(), provide_firefox(), provide_webkit()
    if browser:
        _say(f"browser: {browser}")
        print(browser)
    else:
        _say("NO BROWSER COULD BE FOUND OR FETCHED: THE BROWSER TESTS ARE SKIPPED.")
        _say("Install Chrome or Chromium, or name one in CHROME.")
    if firefox:
        _say(f"Firefox: {firefox}")
    else:
        _say("NO FIREFOX COULD BE FOUND OR FETCHED: ITS TESTS ARE SKIPPED.")
        _say("Install Firefox, or name one in FIREFOX.")
    if webkit:
        _say(f"WebKit: {webkit.browser}")
    else:
        _say("NO WEBKIT COULD BE FOUND OR FETCHED: ITS TESTS ARE SKIPPED.")
        _say("Install WebKitGTK's driver with its MiniBrowser, and Xvfb.")
    is_whole = bool(browser and firefox and webkit)
    return 1 if os.environ.get(REQUIRED) and not is_whole else 0


if __name__ == "__main__":
    raise SystemExit(main())
