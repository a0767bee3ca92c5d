"""What the README shows, runs."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
from dataclasses import fields

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

import embedscope as es
from embedscope import cli
from embedscope.arguments import Parser
from embedscope.comparison.condition import MEASURES
from embedscope.training.recipe import Recipe
from embedscope.training.text_recipe import TextRecipe
from embedscope.verbs import VERBS


@pytest.fixture(scope="module")
def blocks(request) -> dict[str, str]:
    """The README's code blocks that have a name, by it."""
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


@pytest.mark.network
def test_comparing_in_python(blocks, shell) -> None:
    result = shell.run_cell(blocks["Comparing in Python"])
    result.raise_error()
    assert "Divergence of neighbourhoods" in repr(result.result)
    assert "heatmap" in shell.user_ns["view"].panes
    assert len(shell.user_ns["c"]) == 500


@pytest.mark.network
def test_comparing_by_magic(blocks, shell) -> None:
    for line in blocks["Comparing by magic"].splitlines():
        shell.run_cell(line).raise_error()
    assert shell.user_ns["c"].names == ("minilm", "wordllama")


@pytest.mark.network
def test_comparing_on_the_command_line(blocks, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    for line in blocks["Comparing on the command line"].splitlines():
        command, *words = shlex.split(line)
        assert command == "embedscope"
        assert cli.main(words) == 0
    assert "recall@10 by label < 20%" in capsys.readouterr().out
    assert (tmp_path / "report.html").exists()


def test_comparing_in_ci_fails_with_the_groups(blocks, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(60, 8))
    columns = {"label": ["kept"] * 30 + ["lost"] * 30}
    es.Space.from_arrays(vectors, columns=columns).to_parquet("teacher.parquet")
    vectors[30:] = rng.normal(size=(30, 8))
    es.Space.from_arrays(vectors, columns=columns).to_parquet("student.parquet")
    encode, compare = (
        shlex.split(line)[1:]
        for line in blocks["Comparing in CI"].splitlines()
        if line.strip().startswith("embedscope ")
    )
    assert cli.make_parser().parse_args(encode).out == "student.parquet"
    assert cli.main(compare) == 1
    assert "lost" in capsys.readouterr().out
    assert "FAILED" in (tmp_path / "report.md").read_text()


RECIPES = {"es.train_specialist": Recipe, "es.distill": Recipe, "es.finetune": TextRecipe}


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ("Distilling", {"es.train_specialist", "es.distill", "es.watch", "es.evaluate", "es.explore"}),
        ("Finetuning", {"es.finetune", "es.watch", "es.encode"}),
    ],
)
def test_training_in_python_names_what_is_there(blocks, block, wanted) -> None:
    """Tutorials run such calls; here each is checked against the signature that it has."""
    tree = ast.parse(blocks[f"{block} in Python"])
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {ast.unparse(call.func) for call in calls}
    assert wanted <= called
    for call in calls:
        name = ast.unparse(call.func)
        if not name.startswith("es."):
            continue
        value = es
        for part in name.split(".")[1:]:
            value = getattr(value, part)
        words = {keyword.arg: None for keyword in call.keywords}
        inspect.signature(value).bind(*call.args, **words)
        if name in RECIPES:
            recipe = {field.name for field in fields(RECIPES[name])}
            assert words.keys() <= {*inspect.signature(value).parameters, *recipe}


@pytest.mark.parametrize(
    ("block", "verbs"),
    [
        ("Distilling", {"train-specialist", "distill", "evaluate", "runs"}),
        ("Finetuning", {"finetune", "watch"}),
    ],
)
def test_training_by_magic_and_on_the_command_line_is_understood(blocks, block, verbs) -> None:
    for line in blocks[f"{block} by magic"].splitlines()[1:]:
        magic, verb, *words = shlex.split(line)
        assert magic == "%embedscope"
        parser = Parser(prog=verb)
        VERBS[verb].add_arguments(parser)
        parser.parse_args(words)
    lines = blocks[f"{block} on the command line"].splitlines()
    for line in lines:
        command, *words = shlex.split(line)
        assert command == "embedscope"
        cli.make_parser().parse_args(words)
    assert {line.split()[1] for line in lines} == verbs


def test_the_conditions_that_are_named_are_all_there(repo) -> None:
    text = (repo / "README.md").read_text()
    told = re.search(r"Conditions are of (.*?)\. `--out`", text, flags=re.DOTALL)[1]
    assert sorted(re.findall(r"`(\w+)(?:@k)?`", told.replace("`by`", ""))) == sorted(MEASURES)


def test_the_pictures_are_there(repo) -> None:
    text = (repo / "README.md").read_text()
    for path in re.findall(r"!\[[^\]]*\]\((?!http)([^)]+)\)", text):
        assert (repo / path).is_file(), path
