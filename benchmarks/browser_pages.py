"""Serves the benchmark's pages on this machine, and drives a Chromium over them."""

from __future__ import annotations

import functools
import http.server
import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from browser_sides import HEIGHT, SIDES, WIDTH, write_side
from playwright.sync_api import Browser, Page, sync_playwright

PAGES = Path(__file__).parent / "browser"
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-precise-memory-info",
]
FRAMES = 60
PAN_SECONDS = 20.0


@dataclass(frozen=True)
class Seen:
    """One page's figures."""

    first_frame_ms: float
    p95_frame_ms: float
    frames: int
    heap_mb: float
    arrays_mb: float


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing: a benchmark's output is its figures."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on 127.0.0.1."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium where it has one, else Playwright's."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def lay_out(folder: Path, n: int, sides: tuple[str, ...] = SIDES) -> dict[str, int]:
    """Write the page and every side's code and state; gives the bytes of each state."""
    for file in PAGES.iterdir():
        shutil.copy(file, folder)
    return {side: write_side(side, n, folder / f"{side}-{n}") for side in sides}


@contextmanager
def opened(browser: Browser, url: str, side: str, n: int) -> Iterator[Page]:
    """A fresh page in which a side's code and data are, and nothing is drawn yet."""
    context = browser.new_context(viewport={"width": 1300, "height": 800})
    page = context.new_page()
    page.set_default_timeout(120_000)
    try:
        page.goto(f"{url}/page.html")
        page.wait_for_function("() => window.bench")
        page.evaluate("([side, folder]) => bench.load(side, folder)", [side, f"/{side}-{n}"])
        yield page
    finally:
        context.close()


def margins(browser: Browser, url: str, side: str, n: int) -> tuple[float, float]:
    """How much wider and higher than its canvas a side's view is: legends, headers and axes."""
    with opened(browser, url, side, n) as page:
        page.evaluate("([w, h]) => bench.size(w, h)", [WIDTH, HEIGHT])
        page.evaluate("() => bench.show(200)")
        page.wait_for_timeout(300)
        box = page.evaluate("() => bench.box()")
    return WIDTH - box["width"], HEIGHT - box["height"]


def pan(page: Page) -> list[float]:
    """Drag the map about with the mouse; gives the milliseconds of each frame meanwhile."""
    box = page.evaluate("() => bench.box()")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y)
    page.evaluate("() => bench.record()")
    give_up, step = time.monotonic() + PAN_SECONDS, 0
    while time.monotonic() < give_up and (step % 10 or page.evaluate("() => bench.frames()") <= FRAMES):
        step += 1
        page.mouse.move(x + 90 * np.sin(step / 12), y + 50 * np.sin(step / 17))
    frames = page.evaluate("() => bench.stop()")
    # It ends far from where it began, so that the pixels say whether it panned.
    page.mouse.move(x + 90, y + 50, steps=2)
    page.mouse.up()
    page.wait_for_timeout(1000)
    return frames


def measure(browser: Browser, url: str, side: str, n: int, margin: tuple[float, float]) -> Seen:
    """Show a side on a fresh page, pan it, and weigh it."""
    with opened(browser, url, side, n) as page:
        page.evaluate("([w, h]) => bench.size(w, h)", [WIDTH + margin[0], HEIGHT + margin[1]])
        shown = page.evaluate("() => bench.show(1000)")
        page.wait_for_timeout(1000)
        session = page.context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        memory = session.send("Runtime.getHeapUsage")
        page.evaluate("() => bench.keepPixels()")
        frames = pan(page)
        moved = page.evaluate("() => bench.moved()")
        if moved < 0.2:
            raise SystemExit(f"{side}: dragging did not pan ({moved:.0%} of the pixels changed).")
    p95 = statistics.quantiles(frames, n=20, method="inclusive")[-1]
    heap, arrays = memory["usedSize"], memory.get("backingStorageSize", 0)
    return Seen(shown["ms"], p95, len(frames), heap / 1e6, arrays / 1e6)
