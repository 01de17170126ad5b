"""The page as its readers feel it: its weight, its first picture on a slow phone, its answer to a
pointer, and how fast it trains.

Chromium does what a slow phone would: the processor four times slower, the network a slow 4G
(1.6 Mbit/s down, 150 ms). The site is served from this machine, compressed as hosts do.
"""

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from netviz.datasets.store import open_dataset, prepare
from netviz.folders import default_cache_dir
from netviz.network.gradients import Penalties
from netviz.network.network import dense_network
from netviz.network.parameters import fresh
from netviz.training.batches import batches, hold_out
from netviz.training.fast import FastGradient
from netviz.training.optimisers import Momentum
from tests.browser.provision import find_browser

PROJECT = Path(__file__).parents[1]
SITE = PROJECT / "build" / "site"
TOOLS = PROJECT / "build" / "bench-tools"
LIGHTHOUSE = "lighthouse@12.8.2"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 9e4}
SLOWER = 4
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}
CELLS = "nv-confusion-matrix td.cell"
MOST_CELLS = 60
TRAIN_MILLISECONDS = 2000
CHAPTERS = {"first chapter": "index.html", "second chapter": "convolution.html"}

WATCH_PAINTS = """
globalThis.seen = {largest: 0, shift: 0, blocked: 0};
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  seen.largest = entry.startTime;
})).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) seen.shift += entry.value;
})).observe({type: "layout-shift", buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  seen.blocked += entry.duration - 50;  // a task of 50 ms or less blocks nobody
})).observe({type: "longtask", buffered: true});
"""
FIRST_SAMPLES = """() => {
  const figure = document.querySelector("nv-confusion-matrix");
  if (!figure) return false;
  figure.scrollIntoView();
  const pictures = [...figure.querySelectorAll("img")];
  return pictures.length > 0 && pictures.every((one) => one.complete && one.naturalWidth > 0);
}"""
SCROLL = """() => {
  const before = scrollY;
  scrollBy({top: 600, behavior: "instant"});
  return scrollY > before;
}"""
# A link lays out all above its place first, which scrolling there does not.
GO_TO_CELLS = """() => {
  location.hash = document.querySelector("nv-confusion-matrix").closest("[id]").id;
}"""
# From the first event of a move to the task after the next frame.
TIME_MOVES = """() => {
  globalThis.moves = [];
  let current = null;
  for (const kind of ["pointerover", "pointermove", "mouseover", "mousemove"]) {
    addEventListener(kind, (event) => {
      if (current !== null) return;
      current = event.timeStamp;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          moves.push(performance.now() - current);
          current = null;
        };
        channel.port2.postMessage(0);
      });
    }, true);
  }
}"""
TRAIN = """async (milliseconds) => {
  const figure = document.querySelector("nv-train-it-yourself");
  await figure.prepare();
  const measure = figure.measure;
  figure.measure = () => {};
  figure.shuffle();
  for (let warm = 0; warm < 50; warm += 1) figure.step();
  const start = performance.now();
  let images = 0;
  while (performance.now() - start < milliseconds) {
    const before = figure.place >= figure.order.length ? 0 : figure.place;
    figure.step();
    images += figure.place - before;
  }
  const seconds = (performance.now() - start) / 1000;
  figure.measure = measure;
  return images / seconds;
}"""


def measure(*, quick: bool) -> dict[str, Any]:
    """Return what was found of the essay's site, which is built first where it is not there."""
    chrome = find_browser()
    if chrome is None:
        return {"missing": ["Chrome or Chromium"]}
    subprocess.run([sys.executable, "-m", "netviz", "build", "--quiet"], cwd=PROJECT, check=True)
    with _served(SITE) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chrome), args=FLAGS)
        found = {
            "missing": [],
            "phone": {
                name: _median([_phone(browser, address + page) for _ in range(1 if quick else 3)])
                for name, page in CHAPTERS.items()
            },
            "weight": _weight(browser, address),
            "hover": {
                "as it is": _hover(browser, address, 1),
                "four times slower": _hover(browser, address, SLOWER),
            },
            "training": _training(browser, address),
        }
        browser.close()
        scores = None if quick else _lighthouse(address, chrome)
    if scores is None:
        return {**found, "missing": [] if quick else ["Lighthouse"]}
    return {**found, "lighthouse": scores}


# --- the server ------------------------------------------------------------------------------


class _Handler(SimpleHTTPRequestHandler):
    """Answers with compressed text, as static hosts do."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        is_text = path.suffix in COMPRESSED
        content = _compressed(path) if is_text else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        if is_text:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Say nothing."""


@cache
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 6)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = partial(_Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


# --- what readers feel -----------------------------------------------------------------------


def _phone(browser: Browser, address: str) -> dict[str, float]:
    """Open the page on a slow phone; return seconds, and how far things shifted.

    Blocked is what the tasks of the page took beyond 50 ms each, until nothing more was loaded.

    Twice: for a reader who waits at the top, and for one who goes at once to the first samples.
    """
    with _slow_page(browser) as page:
        page.add_init_script(WATCH_PAINTS)
        page.goto(address, wait_until="networkidle")
        first = page.evaluate('performance.getEntriesByName("first-contentful-paint")[0].startTime')
        seen = page.evaluate("seen")
    with _slow_page(browser) as page:
        start = time.perf_counter()
        page.goto(address, wait_until="commit")
        while not page.evaluate(FIRST_SAMPLES):
            time.sleep(0.02)
        samples = time.perf_counter() - start
    return {
        "first_paint": first / 1000,
        "largest_paint": seen["largest"] / 1000,
        "first_samples": samples,
        "blocked": seen["blocked"] / 1000,
        "layout_shift": seen["shift"],
    }


@contextmanager
def _slow_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**PHONE, is_mobile=True)
    page = context.new_page()
    _slow_down(page, SLOWER, SLOW_4G)
    yield page
    context.close()


def _weight(browser: Browser, address: str) -> dict[str, dict[str, int]]:
    """Return requests and bytes over the wire, before the reader scrolls and after."""
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    kinds: dict[str, str] = {}
    ended: dict[str, int] = {}
    client.on(
        "Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]})
    )
    client.on(
        "Network.loadingFinished",
        lambda told: ended.update({told["requestId"]: int(told["encodedDataLength"])}),
    )

    def total() -> dict[str, int]:
        wire = {one: size for one, size in ended.items() if one in kinds}
        scripts = sum(size for one, size in wire.items() if kinds[one] == "Script")
        return {"requests": len(wire), "bytes": sum(wire.values()), "script_bytes": scripts}

    page.goto(address, wait_until="networkidle")
    at_first = total()
    while page.evaluate(SCROLL):  # the page grows while what comes near is laid out
        page.wait_for_timeout(50)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    scrolled = total()
    context.close()
    return {"at first": at_first, "scrolled": scrolled}


def _hover(browser: Browser, address: str, slower: int) -> dict[str, float]:
    """Move a pointer from cell to cell; return milliseconds from the move to the painted frame."""
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.evaluate(GO_TO_CELLS)
    page.locator("nv-confusion-matrix table").first.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    cells = [box for one in page.locator(CELLS).all()[:MOST_CELLS] if (box := one.bounding_box())]
    places = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in cells]
    shown = [place for place in places if 0 < place[1] < DESKTOP["viewport"]["height"]]
    _slow_down(page, slower, None)
    page.evaluate(TIME_MOVES)
    for x, y in shown:
        page.mouse.move(x, y)
        page.wait_for_timeout(60 * min(slower, 2))
    moves = sorted(page.evaluate("moves"))
    context.close()
    return {
        "cells": len(moves),
        "median_milliseconds": statistics.median(moves),
        "p95_milliseconds": moves[int(0.95 * len(moves))],
    }


def _slow_down(page: Page, times: int, network: dict[str, Any] | None) -> None:
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": times})
    if network is not None:
        client.send("Network.enable")
        client.send("Network.emulateNetworkConditions", network)


# --- training --------------------------------------------------------------------------------


def _training(browser: Browser, address: str) -> dict[str, float]:
    """Return images a second that the page learns from, and numpy, at batches of the same size."""
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    images = page.evaluate(TRAIN, TRAIN_MILLISECONDS)
    context.close()
    sizes = {"numpy, batches of 10": 10, "numpy, batches of 200": 200}
    return {"page, batches of 10": images, **{name: _numpy(size) for name, size in sizes.items()}}


def _numpy(size: int) -> float:
    dataset = open_dataset(prepare("mnist", default_cache_dir(), None))
    examples, _ = hold_out(dataset.train, 5000)
    shape = dense_network(dataset.description.image_shape, (), 10)
    rng = np.random.default_rng(0)
    parameters = fresh(shape, rng)
    gradient = FastGradient(parameters, size, Penalties(0.001, 0), np.zeros(shape.inputs), 1 / 255)
    optimiser = Momentum(parameters.vector, 0.0)
    order = list(batches(examples.indices[: 20_000 // 200 * size], size, 1, rng))
    start = time.perf_counter()
    for batch in order:
        optimiser.step(parameters.vector, gradient(examples, batch).vector, 0.03)
    return len(order) * size / (time.perf_counter() - start)


# --- Lighthouse ------------------------------------------------------------------------------


def _lighthouse(address: str, chrome: Path) -> dict[str, int] | None:
    """Return Lighthouse's four scores on its own idea of a phone; None where it cannot be had."""
    command = TOOLS / "node_modules" / ".bin" / "lighthouse"
    npm = shutil.which("npm")
    if not command.exists() and npm is not None:
        TOOLS.mkdir(parents=True, exist_ok=True)
        options = ("--no-save", "--no-audit", "--no-fund", "--silent")
        subprocess.run([npm, "install", *options, LIGHTHOUSE], cwd=TOOLS, check=False)
    if not command.exists():
        return None
    flags = "--chrome-flags=--headless --no-sandbox --disable-gpu"
    finished = subprocess.run(
        [str(command), address, "--quiet", flags, "--output=json"],
        env={**os.environ, "CHROME_PATH": str(chrome)},
        capture_output=True,
        check=False,
    )
    if finished.returncode != 0:
        return None
    categories = json.loads(finished.stdout)["categories"]
    return {name: round(100 * one["score"]) for name, one in categories.items() if one["score"]}


def _median(found: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in found) for name in found[0]}
