"""What the README shows, runs."""

from __future__ import annotations

import re

import pytest
from IPython.core.interactiveshell import InteractiveShell

from embedscope import cli


@pytest.fixture(scope="module")
def blocks(request) -> dict[str, str]:
    """The README's code blocks under "Three faces", by the face's name."""
    text = (request.config.rootpath / "README.md").read_text()
    return dict(re.findall(r"\*\*(\w[\w ]*)\*\*\n\n```\w*\n(.*?)```", text, flags=re.DOTALL))


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.mark.network
def test_the_python_example(blocks, shell) -> None:
    result = shell.run_cell(blocks["Python"])
    result.raise_error()
    trust, summary = result.result
    assert trust > 0.9
    assert len(summary) > 5
    assert len(shell.user_ns["scope"].space) == 500


@pytest.mark.network
def test_the_magics_example(blocks, shell) -> None:
    for line in blocks["Magics"].splitlines():
        shell.run_cell(line).raise_error()
    assert len(shell.user_ns["space"]) == 500
    shown = shell.run_cell(blocks["Magics over a cell"])
    shown.raise_error()
    assert len(shown.result.space) == 3


@pytest.mark.network
def test_the_command_line_example(blocks, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    lines = blocks["Command line"].splitlines()
    for line in lines:
        assert line.startswith("embedscope ")
        if not line.startswith("embedscope lab"):  # test_cli starts the server
            assert cli.main(line.split()[1:]) == 0
    assert (tmp_path / "space.parquet").exists()


def test_the_pictures_are_there(repo) -> None:
    text = (repo / "README.md").read_text()
    for path in re.findall(r"!\[[^\]]*\]\((?!http)([^)]+)\)", text):
        assert (repo / path).is_file(), path
