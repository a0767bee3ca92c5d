"""The recipe's table: a decoder before, after each stage, without each part; beside three known embedders.

    python benchmarks/gemini_recipe/table.py --preset cpu

begins or goes on: what is done lies in results/<preset>/runs.jsonl and test.jsonl, the models in the work
folder. A first stage with large batches over everything; hard negatives, mined with the recipe's own first
stage; a second stage over the mixture, from several seeds; the soup of what the recipe's seeds left.
Every row is read on tasks over texts that nothing was learned from (`held_out_tasks.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
from data import PROMPTS, RecipeData, load_data
from held_out_tasks import held_out_tasks
from recipe import (
    ABLATIONS,
    DECODER,
    FIRST,
    NO_MATRYOSHKA,
    PRESETS,
    RECIPE,
    SECOND,
    SHORT_DIMS,
    Variant,
    short_key,
)
from report import write_report

import embedscope as es
from embedscope.encoders.protocol import Encoder
from embedscope.items.pairs import Pairs
from embedscope.training.mining_rules import MiningOptions
from embedscope.training.run import Run

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "universal"))

from runs import Wanted, finish  # noqa: E402 - the benchmarks are no package

# What a run keeps its best step by, and what decides over the soup.
_WATCHED = "recall_at_1"
_SOUP = "mrr"
_WINDOW = 50
_SHARE = 0.95
_OTHERS = {
    "minilm": "minilm",
    "use-multilingual": "use-multilingual",
    "e5-small": "e5-small",
}


@dataclass(frozen=True)
class Choice:
    """A run: the recipe or an ablation, its stage, its seed."""

    variant: Variant
    stage: int
    seed: int = 0

    @property
    def key(self) -> str:
        """Its name in the results and its folder."""
        return f"{self.variant.name}/stage-{self.stage}/seed-{self.seed}"


class Table:
    """Runs what is missing of a preset's table.

    Parameters
    ----------
    preset : str
        Its name.
    work : Path
        Where models lie.
    """

    def __init__(self, preset: str, work: Path) -> None:
        self.preset, self.work = PRESETS[preset], work / preset
        self.results = HERE / "results" / preset
        self._lock = threading.Lock()
        self._begun = time.monotonic()

    def run(self) -> None:
        """Do all that is missing."""
        second = [Choice(one, 2, seed) for one in (RECIPE, *ABLATIONS) for seed in one.seeds]
        # No hard negatives are left out of a first stage: it has none.
        first = {self._first(one).key: self._first(one) for one in second}
        self.train(first.values())
        self.train(second)
        self.mix()
        for name, load in self._rows(second):
            self.score(name, load)
            write_report(self.results)
        for one in second:
            if one.variant in (RECIPE, NO_MATRYOSHKA):
                self.score(short_key(one.key), partial(self._load, one), SHORT_DIMS)
        write_report(self.results)

    @cached_property
    def data(self) -> RecipeData:
        """Pairs, held out by construction; without repetitions across the split."""
        return load_data()

    @cached_property
    def train_pairs(self) -> dict[str, Pairs]:
        """What the first stage learns from."""
        return {name: _at_most(pairs, self.preset.pairs) for name, pairs in self.data.train.items()}

    @cached_property
    def validation(self) -> dict[str, Pairs]:
        """What chooses the best step."""
        return {name: _at_most(pairs, self.preset.validation) for name, pairs in self.data.validation.items()}

    @cached_property
    def mined_pairs(self) -> dict[str, Pairs]:
        """What the second stage learns from: the same with hard negatives, by the recipe's first stage."""
        encoder = self._load(Choice(RECIPE, 1))
        options = MiningOptions(window=(1, _WINDOW), share=_SHARE, draw=True)
        found = {}
        for name, pairs in self.train_pairs.items():
            mined = es.mine_negatives(_at_most(pairs, self.preset.mined), encoder, options=options)
            print(name, mined, flush=True)
            found[name] = mined.pairs
        return found

    @cached_property
    def tasks(self) -> list[Any]:
        """What every row is read on."""
        return held_out_tasks(self.data.test, self.preset.size)

    def train(self, asked: Iterable[Choice]) -> None:
        """Have runs with their models on disk, several side by side."""
        missing = [one for one in asked if not (self._folder(one) / "record.json").is_file()]
        if not missing:
            return
        # Made before the threads ask for it.
        _ = self.mined_pairs if missing[0].stage == 2 else self.train_pairs
        with ThreadPoolExecutor(self.preset.workers) as threads:
            for _ in threads.map(self._finish, missing):
                pass

    def mix(self) -> None:
        """Make the soup of the recipe's seeds and their checkpoints, unless it is there."""
        folder = self.work / "soup"
        if (folder / "modules.json").is_file():
            return
        ingredients = [Run(self._folder(Choice(RECIPE, 2, seed))) for seed in RECIPE.seeds]
        mixed = es.soup(ingredients, self.validation, folder, checkpoints=True, measure=_SOUP)
        print(mixed, flush=True)
        record = {
            "key": "soup",
            "score": mixed.score,
            "taken": len(mixed.taken),
            "tried": len(mixed.table.rows),
        }
        self._record(record)

    def score(self, name: str, load: Callable[[], Encoder], dims: int | None = None) -> None:
        """Read a row on the held-out tasks, with all of its numbers or its first, unless that is done."""
        path = self.results / "test.jsonl"
        if any(row["row"] == name for row in _read(path)):
            return
        scores = es.evaluate(load(), tasks=self.tasks, dims=dims)
        rows = [
            {
                "row": name,
                "type": score.kind,
                "task": score.name,
                "subset": part.subset,
                "measure": score.measure,
                "value": round(float(part.value), 5),
                "n": part.n,
            }
            for score in scores.results
            for part in score.parts
        ]
        _append(path, rows)
        print(f"{self._minutes():6.1f} min  {name} scored", flush=True)

    def _rows(self, second: list[Choice]) -> list[tuple[str, Callable[[], Encoder]]]:
        shape = {name: self.preset.recipe.get(name) for name in ("layers", "max_length")}
        said = {name: value for name, value in shape.items() if value is not None}
        kept = {**said, **self.preset.encoding}
        last = {**kept, "pooling": "lasttoken", "bidirectional": False}
        untrained = [
            ("untrained-mean", partial(es.load_encoder, DECODER, **kept)),
            ("untrained-last", partial(es.load_encoder, DECODER, **last)),
        ]
        made = [("recipe/stage-1/seed-0", partial(self._load, Choice(RECIPE, 1)))]
        made += [(one.key, partial(self._load, one)) for one in second]
        soup = [("soup", partial(es.load_encoder, f"llm:{self.work / 'soup'}", **self.preset.encoding))]
        others = [(name, partial(es.load_encoder, encoder)) for name, encoder in _OTHERS.items()]
        return [*untrained, *soup, *made, *others]

    def _first(self, one: Choice) -> Choice:
        """The first stage that a second one stands on."""
        return Choice(one.variant if one.variant.recipe else RECIPE, 1)

    def _folder(self, one: Choice) -> Path:
        return self.work / one.key

    def _load(self, one: Choice) -> Encoder:
        return es.load_encoder(f"llm:{self._folder(one) / 'model'}", **self.preset.encoding)

    def _finish(self, one: Choice) -> None:
        wanted = Wanted(one.key, partial(self._begin, one), _WATCHED, keeps_checkpoints=one.stage == 2)
        record = finish(wanted, self._folder(one))
        with self._lock:
            self._record(record)
            value = record["validation"][_WATCHED]
            print(f"{self._minutes():6.1f} min  {one.key}: {value:.4f} in {record['seconds']} s", flush=True)

    def _begin(self, one: Choice, folder: Path) -> Run:
        is_first = one.stage == 1
        stage: Mapping[str, Any] = self.preset.first if is_first else self.preset.second
        fields = {**stage, "negatives": 0 if is_first else 1, **({} if is_first else one.variant.second)}
        validations = fields.pop("validations")
        fields["sources"] = FIRST if is_first else SECOND
        recipe = {**self.preset.recipe, **one.variant.recipe, "validations": validations, "seed": one.seed}
        start = DECODER if is_first else f"llm:{self._folder(self._first(one)) / 'model'}"
        pairs = self.train_pairs if is_first else self.mined_pairs
        return es.finetune(
            start,
            pairs,
            stages=[fields],
            validation=self.validation,
            prompts=PROMPTS,
            folder=folder,
            **recipe,
        )

    def _record(self, record: dict[str, Any]) -> None:
        path = self.results / "runs.jsonl"
        _append(path, [record] if all(row["key"] != record["key"] for row in _read(path)) else [])

    def _minutes(self) -> float:
        return (time.monotonic() - self._begun) / 60


def _at_most(pairs: Pairs, count: int | None) -> Pairs:
    return pairs if count is None or len(pairs) <= count else pairs.sample(count)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def _append(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # All rows at once: one that was cut off would look whole.
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=PRESETS, default="cpu")
    parser.add_argument("--work", type=Path, default=HERE / "work", help="folder of the models (some GB)")
    parser.add_argument("--again", action="store_true", help="forget the work folder first")
    options = parser.parse_args()
    preset = PRESETS[options.preset]
    if options.again:
        shutil.rmtree(options.work / options.preset, ignore_errors=True)
    # Workers inherit it: side by side, each has its share of the cores.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // preset.workers)))
    # This process works while they rest, and rests while they work.
    torch.set_num_threads(os.cpu_count() or 1)
    Table(options.preset, options.work).run()


if __name__ == "__main__":
    main()
