"""Binder's environment says the same as pyproject. conda-forge itself was not reached: only names and bounds are checked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib

import pytest
import yaml

# Where conda-forge calls a package by another name, or pip brings it.
CONDA_NAMES = {"torch": "pytorch-cpu", "open_clip_torch": "open-clip-torch", "matplotlib": "matplotlib-base"}
ONLY_BINDER = {"python", "nodejs"}
# Of tutorials 05 and 06.
EXTRAS = ("tasks", "finetune")


def bounds(lines: list[str]) -> dict[str, str]:
    """Name -> version bound of requirement lines."""
    parts = (re.fullmatch(r"([A-Za-z0-9_-]+)(.*)", line) for line in lines)
    return {match[1]: match[2] for match in parts if match}


def test_binder_names_what_pyproject_names_with_the_same_bounds(repo) -> None:
    project = tomllib.loads((repo / "pyproject.toml").read_text())["project"]
    extras = [line for name in EXTRAS for line in project["optional-dependencies"][name]]
    wanted = bounds([*project["dependencies"], *extras])
    wanted = {CONDA_NAMES.get(name, name): bound for name, bound in wanted.items()}
    listed = yaml.safe_load((repo / "binder/environment.yml").read_text())["dependencies"]
    pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    there = bounds([entry for entry in listed if isinstance(entry, str)] + pip)
    assert {name: bound for name, bound in there.items() if name not in ONLY_BINDER} == wanted


def test_binder_runs_a_python_that_pyproject_allows(repo) -> None:
    listed = yaml.safe_load((repo / "binder/environment.yml").read_text())["dependencies"]
    lowest = tomllib.loads((repo / "pyproject.toml").read_text())["project"]["requires-python"]
    python = bounds([entry for entry in listed if isinstance(entry, str)])["python"]
    assert tuple(map(int, python[1:].split("."))) >= tuple(map(int, lowest[2:].split(".")))


def test_binder_scripts_can_be_executed(repo) -> None:
    for name in ("postBuild", "start"):
        assert os.access(repo / "binder" / name, os.X_OK)


def test_constraints_hold_names_and_versions_only(repo) -> None:
    lines = (repo / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines if "==" in line}
    wanted = bounds(tomllib.loads((repo / "pyproject.toml").read_text())["project"]["dependencies"])
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in wanted} <= pinned


@pytest.mark.network
def test_constraints_can_be_installed_by_the_lowest_python_that_pyproject_allows(repo) -> None:
    lowest = tomllib.loads((repo / "pyproject.toml").read_text())["project"]["requires-python"].lstrip(">=")
    uv = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--python-version", f"{lowest}.0"]
    wanted = ["--constraint", "constraints.txt", "--group", "dev", "pyproject.toml"]
    found = subprocess.run([*uv, *wanted], cwd=repo, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
