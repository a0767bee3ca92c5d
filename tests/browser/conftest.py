"""A real JupyterLab and a real Chromium to drive it with."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 300

# The notebook's own model says what is running and what came out; the page may not have drawn it yet.
BUSY_CELLS = """() => {
  const panel = jupyterapp.shell.currentWidget;
  const cells = [...panel.content.widgets].map(cell => cell.model).filter(model => model.type === 'code');
  const running = cells.some(model => model.executionState === 'running');
  return panel.sessionContext.session?.kernel?.status !== 'idle' || running;
}"""
RUN_CELL = """async (code) => {
  const { commands, shell } = jupyterapp;
  const notebook = shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.length - 1;
  await commands.execute('notebook:insert-cell-below');
  notebook.activeCell.model.sharedModel.setSource(code);
  const cell = notebook.activeCell;
  await commands.execute('notebook:run-cell');
  return cell.model.outputs.toJSON();
}"""
OUTPUTS = """() => [...jupyterapp.shell.currentWidget.content.widgets]
  .filter(cell => cell.model.type === 'code').flatMap(cell => cell.model.outputs.toJSON())"""


@dataclass(frozen=True)
class LabServer:
    """Where the server listens and which folder it serves."""

    url: str
    token: str
    folder: Path


@dataclass(frozen=True)
class Lab:
    """A page with JupyterLab in it, and a notebook open."""

    page: Page
    server: LabServer

    def open(self, notebook: str) -> None:
        """Open a notebook of the served folder, in a workspace of its own, and wait for its kernel."""
        workspace = secrets.token_hex(4)
        address = f"{self.server.url}/lab/workspaces/{workspace}/tree/{notebook}?token={self.server.token}"
        self.page.goto(address)
        self.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.content?.activeCell")
        self.page.wait_for_function(
            "() => jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
        )
        self.command("application:toggle-left-area", only_if="!jupyterapp.shell.leftCollapsed")
        # The server keeps the theme that a test before has chosen.
        self.theme("JupyterLab Light")

    def command(self, name: str, args: dict[str, Any] | None = None, only_if: str = "true") -> None:
        """Run one of JupyterLab's commands."""
        self.page.evaluate(
            f"([name, args]) => ({only_if}) && jupyterapp.commands.execute(name, args)", [name, args or {}]
        )

    def run_all(self, seconds: float = 120) -> None:
        """Run every cell and wait until the kernel is idle; a cell that fails, fails the test."""
        self.command("notebook:run-all-cells")
        self.wait_idle(seconds)
        errors = [output for output in self.outputs() if output["output_type"] == "error"]
        assert not errors, "\n".join([errors[0]["ename"], errors[0]["evalue"], *errors[0]["traceback"]])

    def wait_idle(self, seconds: float = 120) -> None:
        """Wait until no cell runs."""
        self.page.wait_for_function(f"() => !({BUSY_CELLS})()", timeout=seconds * 1000)

    def outputs(self) -> list[dict[str, Any]]:
        """Everything that the code cells gave."""
        return self.page.evaluate(OUTPUTS)

    def python(self, code: str) -> str:
        """Run code in a new last cell and give what it printed."""
        outputs = self.page.evaluate(RUN_CELL, code)
        assert all(output["output_type"] == "stream" for output in outputs), outputs
        return "".join(output["text"] for output in outputs).strip()

    def theme(self, name: str) -> None:
        """Switch to "JupyterLab Dark" or "JupyterLab Light"."""
        self.command("apputils:change-theme", {"theme": name})
        dark = str("Dark" not in name).lower()
        self.page.wait_for_selector(f"body[data-jp-theme-light='{dark}']", state="attached")

    def scope(self) -> Locator:
        """The first widget of ours on the page, its map drawn."""
        scope = self.page.locator(".embedscope").first
        scope.locator("canvas").first.wait_for(state="visible", timeout=30_000)
        scope.evaluate("node => node.scrollIntoView({ block: 'center' })")
        return scope


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(url: str, token: str) -> bool:
    request = urllib.request.Request(f"{url}/api/status", headers={"Authorization": f"token {token}"})
    with suppress(OSError), urllib.request.urlopen(request, timeout=2) as reply:
        return reply.status == 200
    return False


def lab_environment(home: Path) -> dict[str, str]:
    """The person's own Jupyter settings and workspaces stay out of it."""
    places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    own = {f"JUPYTER_{place}": str(home / place.lower()) for place in places}
    own |= {f"JUPYTERLAB_{place}_DIR": str(home / place.lower()) for place in ("SETTINGS", "WORKSPACES")}
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet))
    return {**os.environ, **own}


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """A JupyterLab of this run's own."""
    with running_lab(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@contextmanager
def running_lab(folder: Path, home: Path) -> Iterator[LabServer]:
    """A JupyterLab that serves a folder, ended by its own process id; benchmarks open one too."""
    port, token = free_port(), secrets.token_hex(16)
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": token,
        "LabApp.expose_app_in_browser": True,
    }
    log = home / "server.log"
    with log.open("wb") as file:
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            *(f"--{key}={value}" for key, value in options.items()),
        ]
        server = subprocess.Popen(command, stdout=file, stderr=file, env=lab_environment(home), cwd=folder)
    try:
        url, give_up = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
        while not answers(url, token):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < give_up, log.read_text()
            time.sleep(0.2)
        yield LabServer(url, token, folder)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium where it has one, else Playwright's."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember on the test whether it failed, for the screenshot."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def lab(
    chromium: Browser, lab_server: LabServer, request: pytest.FixtureRequest, repo: Path
) -> Iterator[Lab]:
    """A fresh page of JupyterLab; a failure leaves a picture of it in test-results/."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield Lab(page, lab_server)
    if request.node.stash.get(FAILED, False):
        pictures = repo / "test-results"
        pictures.mkdir(exist_ok=True)
        page.screenshot(path=pictures / f"{request.node.name}.png")
    context.close()
