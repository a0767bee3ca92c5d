"""The universal embedding's table: what its report says of rows, and what its methods may choose."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

UNIVERSAL = Path(__file__).parents[2] / "benchmarks" / "universal"
sys.path.insert(0, str(UNIVERSAL))

from domains import DOMAINS  # noqa: E402 - the benchmark is no package
from methods import FUSED, SETTINGS, SPECIALIST, STUDENTS, Method, Setting  # noqa: E402
from report import ratio_table, read_rows, settings_table, verdicts, weak_specialists, write_report  # noqa: E402

from embedscope.training.losses.names import LOSSES, check_options  # noqa: E402
from embedscope.training.recipe import Recipe  # noqa: E402
from embedscope.training.specialist_losses import SPECIALIST_LOSSES  # noqa: E402


def _write(folder: Path, recalls: dict[str, list[float]]) -> Path:
    """Rows of test.jsonl: for each method a Recall@1 a seed, the same on every domain."""
    lines = []
    for name, seeds in recalls.items():
        for seed, value in enumerate(seeds):
            for domain in DOMAINS:
                key = f"{name}/{'all' if name != 'specialist' else domain}/rate=0.001/seed-{seed}"
                for index in ("own",) if name == "specialist" else ("own", "merged"):
                    row = {"key": key, "domain": domain, "index": index}
                    lines.append(
                        json.dumps(row | {"recall@1": value, "map@r": value / 2, "mmp@5": value / 4})
                    )
    folder.mkdir(exist_ok=True)
    (folder / "test.jsonl").write_text("\n".join(lines) + "\n")
    run = {"key": "kl/all/rate=0.001/seed-0", "validation": {"recall_at_1": 0.5}}
    (folder / "runs.jsonl").write_text(json.dumps(run) + "\n")
    return folder


def test_a_student_ahead_by_more_than_the_spread_is_called_so(tmp_path: Path) -> None:
    recalls = {
        "backbone": [0.4],
        "specialist": [0.6, 0.6, 0.6],
        "fused": [0.50, 0.52, 0.54],
        "kl": [0.61, 0.62, 0.63],
        "absolute": [0.60, 0.62, 0.61],
    }
    said = verdicts(read_rows(_write(tmp_path, recalls)))
    assert said[0].endswith("domain: yes.")
    assert "1.033 on average" in said[1]
    assert "+0.1000 mean Recall@1, ahead by more than the seeds' spread (0.0200)" in said[2]
    assert "+0.0100 mean Recall@1, not ahead by more than the seeds' spread (0.0100)" in said[3]
    assert "distilled by KL (0.6200)" in said[4]
    assert len(said) == 5


def test_a_student_ahead_of_kl_is_told_with_its_ratios(tmp_path: Path) -> None:
    recalls = {
        "backbone": [0.4],
        "specialist": [0.6, 0.6, 0.6],
        "kl": [0.60, 0.61, 0.62],
        "js": [0.63, 0.63, 0.63],
    }
    said = verdicts(read_rows(_write(tmp_path, recalls)))
    assert "JS (0.6300)" in said[-2]
    assert "ahead of the KL student by 0.0200, more than the seeds' spread (0.0100)" in said[-1]
    assert "1.050 on average" in said[-1]


def test_a_specialist_below_the_fused_net_is_void(tmp_path: Path) -> None:
    rows = read_rows(_write(tmp_path, {"specialist": [0.5], "backbone": [0.4], "fused": [0.5], "kl": [0.5]}))
    assert weak_specialists(rows) == list(DOMAINS)
    assert f"{DOMAINS[0]} (void)" in ratio_table(rows)
    assert "no, not emoji" in verdicts(rows)[0]


def test_a_part_of_the_rows_gives_a_part_of_the_report(tmp_path: Path) -> None:
    write_report(_write(tmp_path / "cpu", {"backbone": [0.4], "specialist": [0.5, 0.7]}))
    table = (tmp_path / "cpu" / "table.md").read_text()
    assert "| backbone, untouched | 0.400 |" in table
    assert "0.600 ± 0.141" in table
    assert (tmp_path / "cpu" / "recall.svg").read_text().startswith("<?xml")


def test_a_setting_is_chosen_by_the_measure_that_its_runs_watched(tmp_path: Path) -> None:
    found = {"rate=0.001": (0.99, 0.7), "rate=0.1": (0.98, 0.8)}
    rows = [
        {
            "key": f"specialist/digits/{setting}/seed-0",
            "watched": "map_at_r",
            "validation": {"recall_at_1": recall, "map_at_r": precision},
        }
        for setting, (recall, precision) in found.items()
    ]
    (tmp_path / "runs.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    line = settings_table(tmp_path).splitlines()[-1]
    assert "digits (map_at_r): rate=0.001: 0.7000; rate=0.1: 0.8000. Chosen: rate=0.1" in line


@pytest.mark.parametrize("method", [SPECIALIST, FUSED, *STUDENTS], ids=lambda method: method.name)
def test_each_setting_is_one_that_training_takes(method: Method) -> None:
    for setting in method.settings:
        Recipe.of(setting.recipe)
        if method in STUDENTS:
            check_options(method.loss, setting.loss)
        else:
            assert setting.loss.get("loss", method.loss) in SPECIALIST_LOSSES
    assert len({setting.slug for setting in method.settings}) == SETTINGS


def test_every_loss_has_its_row() -> None:
    assert {method.loss for method in STUDENTS} == set(LOSSES)


def test_a_method_with_another_search_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="each method has 4"):
        Method("kl", "KL", "kl", (Setting(),))
