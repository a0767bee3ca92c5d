"""The recipe's table: what its report says of rows, and what the recipe's variants may differ in."""

from __future__ import annotations

import importlib
import json
import re
import sys

import numpy as np
import pytest

from embedscope.training.text_recipe import TextRecipe

_OWN = ("data", "recipe", "report")


@pytest.fixture(scope="module")
def modules(request):
    """The benchmark's modules, which are no package; another benchmark has a report too."""
    folder = str(request.config.rootpath / "benchmarks" / "gemini_recipe")
    others = {name: sys.modules.pop(name) for name in _OWN if name in sys.modules}
    sys.path.insert(0, folder)
    yield {name: importlib.import_module(name) for name in _OWN}
    sys.path.remove(folder)
    for name in _OWN:
        sys.modules.pop(name)
    sys.modules.update(others)


@pytest.fixture
def report(modules):
    return modules["report"]


def _write(folder, report, values):
    """Rows of test.jsonl: of each row a value, the same for every type; bitext has one a language."""
    lines = []
    for name, value in values.items():
        for kind in report.TYPES:
            subsets = ["default"]
            task = {"code": "docstrings", "bitext": "quran-bitext"}.get(kind, f"some {kind}")
            if kind == "bitext":
                languages = [one for group in report.SCRIPTS.values() for one in group]
                subsets = [f"{one}-en" for one in languages]
            about = {"row": name, "type": kind, "task": task, "value": value}
            lines += [about | {"subset": subset} for subset in subsets]
    folder.mkdir(exist_ok=True)
    (folder / "test.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


VALUES = {
    "untrained-mean": 0.2,
    "recipe/stage-2/seed-0": 0.40,
    "recipe/stage-2/seed-1": 0.42,
    "recipe/stage-2/seed-2": 0.44,
    "no-mask/stage-2/seed-0": 0.41,
    "no-mask/stage-2/seed-1": 0.41,
    "causal/stage-2/seed-0": 0.30,
    "recipe/stage-2/first-64/seed-0": 0.35,
    "no-matryoshka/stage-2/first-64/seed-0": 0.25,
    "soup": 0.5,
    "minilm": 0.55,
    "e5-small": 0.8,
}


def test_the_verdicts_follow_the_numbers(tmp_path, report):
    said = report.verdicts(report.read_rows(_write(tmp_path, report, VALUES)))
    assert said[0].endswith("on every type: yes.")
    assert "0.500, not ahead of MiniLM (0.550)" in said[1]
    assert said[2].count("50% (0.200 to 0.500; e5-small 0.800)") == len(report.SCRIPTS) + 1
    assert "+0.0100 mean of types, not ahead by more than the spread (0.0200)" in said[3]
    assert "causal attention: +0.1200 mean of types, ahead by more than" in said[4]
    assert "no Matryoshka, of the first 64 numbers: +0.1000 mean of types, ahead by more than" in said[5]
    assert "The soup adds +0.0800 mean of types, more than the spread" in said[6]


def test_a_type_that_got_worse_is_named(tmp_path, report):
    folder = _write(tmp_path, report, VALUES)
    lines = [json.loads(line) for line in (folder / "test.jsonl").read_text().splitlines()]
    worse = [
        line | ({"value": 0.1} if (line["row"], line["type"]) == ("soup", "code") else {}) for line in lines
    ]
    (folder / "test.jsonl").write_text("".join(json.dumps(line) + "\n" for line in worse))
    assert report.verdicts(report.read_rows(folder))[0].endswith("no, not on code.")


def test_means_are_of_tasks_then_of_types(report):
    seed = {
        ("bitext", "one", "a"): 0.0,
        ("bitext", "one", "b"): 1.0,
        ("bitext", "other", "a"): 0.9,
        ("code", "docstrings", "default"): 0.3,
    }
    row = report.Row("a row", (seed,))
    assert row.of_type("bitext").tolist() == [pytest.approx((0.5 + 0.9) / 2)]
    assert row.of_task("one", ("b",)) == 1.0
    assert np.isnan(row.of_type("clustering")[0])
    assert np.isnan(row.spread)


def test_a_part_of_the_rows_gives_a_part_of_the_report(tmp_path, report, capsys):
    report.write_report(_write(tmp_path, report, {"untrained-mean": 0.25}))
    text = (tmp_path / "table.md").read_text()
    assert text in capsys.readouterr().out
    assert "| untrained, mean of the tokens | 0.250 |" in text
    assert "The recipe is ahead" not in text
    assert "untrained, mean of the tokens" in (tmp_path / "types.svg").read_text()


@pytest.mark.parametrize(
    ("taken", "words"), [(1, "took 1 of the 6 .*: no mean"), (3, r"took 3 of the 6 [^:]*\.")]
)
def test_a_soup_of_one_is_called_so(tmp_path, report, taken, words):
    folder = _write(tmp_path, report, {"soup": 0.5})
    (folder / "runs.jsonl").write_text(json.dumps({"key": "soup", "taken": taken, "tried": 6}))
    report.write_report(folder)
    assert re.search(words, (folder / "table.md").read_text())


def test_a_row_of_first_numbers_keeps_its_seed(modules):
    assert modules["recipe"].short_key("recipe/stage-2/seed-1") == "recipe/stage-2/first-64/seed-1"
    assert modules["recipe"].short_key("recipe/stage-2") == "recipe/stage-2/first-64"


def test_variants_differ_in_one_thing_that_a_recipe_has(modules):
    recipe = modules["recipe"]
    for preset in recipe.PRESETS.values():
        whole = TextRecipe.of(preset.recipe)
        for one in recipe.ABLATIONS:
            assert len(one.recipe) + len(one.second) == 1
            assert TextRecipe.of({**preset.recipe, **one.recipe}) != whole or one.second
        for stage, sources in ((preset.first, recipe.FIRST), (preset.second, recipe.SECOND)):
            fields = {name: value for name, value in stage.items() if name != "validations"}
            assert whole.stage(sources=sources, **fields).steps == stage["steps"]
    assert set(recipe.SECOND) >= set(recipe.FIRST)
