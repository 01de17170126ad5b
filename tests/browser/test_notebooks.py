"""A figure in a real JupyterLab and a real marimo, where `make notebooks` has set them up."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page
from playwright.sync_api import Error as PageError

from tests.browser.conftest import PROJECT, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.torture,
    pytest.mark.skipif("NOTEBOOKS" not in os.environ, reason="make notebooks sets them up"),
]

PATIENCE_SECONDS = 120
CELL = """\
import netviz, numpy as np
labels = np.arange(90) % 3
rng = np.random.default_rng(0)
images = rng.integers(0, 255, (90, 12, 12), np.uint8)
logits = rng.normal(size=(90, 3)) + np.eye(3)[labels]
netviz.show("confusion_matrix", images=images, labels=labels, logits=logits)"""
APP = """\
import marimo
app = marimo.App()
@app.cell
def _():
{lines}
    return
"""


@contextmanager
def served(folder: Path, *command: str) -> Iterator[str]:
    """Run a program of the notebooks' environment in `folder`; yield the address that it serves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = PROJECT / os.environ["NOTEBOOKS"] / "bin" / command[0]
    log = (folder / "log.txt").open("w", encoding="utf-8")
    home = {"HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(
        [program, *command[1:], "--port", str(port)],
        cwd=folder, env={**os.environ, **home}, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
        log.close()


def opened(browser: Browser, address: str) -> Page:
    """Open a page of a server that may still be starting."""
    page = browser.new_page()
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            page.goto(address)
        except PageError:
            if time.monotonic() > end:
                raise
            page.wait_for_timeout(200)
        else:
            return page


def lives(page: Page) -> None:
    """Wait for the figure, and press a cell of it."""
    frame = page.frame_locator("iframe[srcdoc]")
    frame.locator("nv-confusion-matrix .cell").nth(1).click(timeout=PATIENCE_SECONDS * 1000)
    inside = figure_of(page)
    until(inside, "document.body.innerText.includes('0 read as 1')")
    assert inside.evaluate("window.origin") == "null"
    assert inside.locator(".nv-failed").count() == 0
    page.close()


def figure_of(page: Page) -> Frame:
    handle = page.locator("iframe[srcdoc]").element_handle()
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    return frame


def test_a_figure_lives_in_jupyterlab(browser: Browser, tmp_path: Path) -> None:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "a",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    notebook = {
        "cells": [{**cell, "source": CELL}],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (tmp_path / "it.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    options = ("--no-browser", "--allow-root", "--ServerApp.token=", "--ServerApp.password=")
    with served(tmp_path, "jupyter", "lab", *options) as address:
        page = opened(browser, f"{address}lab/tree/it.ipynb")
        first = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
        first.click(timeout=PATIENCE_SECONDS * 1000)
        page.keyboard.press("Shift+Enter")
        lives(page)


def test_a_figure_lives_in_marimo(browser: Browser, tmp_path: Path) -> None:
    lines = "\n".join(f"    {line}" for line in CELL.splitlines())
    (tmp_path / "app.py").write_text(APP.format(lines=lines), encoding="utf-8")
    with served(tmp_path, "marimo", "run", "app.py", "--headless", "--no-token") as address:
        lives(opened(browser, address))
