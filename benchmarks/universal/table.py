"""The table: specialists, one net trained on all domains fused, every way to distil; on classes never seen.

    python benchmarks/universal/table.py --preset cpu

begins or goes on. Each method first tries its settings with the first seed and keeps the one that is best on
the validation's classes; that one is trained with the other seeds; then the test's classes are read. A run
that is done is never done again: its record lies in results/<preset>/runs.jsonl, its net in the work folder
(a specialist whose net is gone is trained anew: it teaches).
Students of a seed are taught by the specialists of the same seed.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from domains import DOMAINS, split_domain
from methods import FUSED, SPECIALIST, STUDENTS, Method, Setting
from presets import BACKBONE, PRESETS, Preset
from report import write_report
from runs import Wanted, finish
from scores import score_encoder, score_pixels, trained

import embedscope as es
from embedscope.training.distill import distill
from embedscope.training.run import Run
from embedscope.training.train_specialist import train_specialist

HERE = Path(__file__).parent
_EVERYTHING = "all"


@dataclass(frozen=True)
class Choice:
    """A run by what decides it."""

    method: Method
    setting: int
    seed: int
    domain: str = _EVERYTHING

    @property
    def key(self) -> str:
        """Its name in the results and its folder."""
        return f"{self.method.name}/{self.domain}/{self.options.slug}/seed-{self.seed}"

    @property
    def options(self) -> Setting:
        """What the setting says."""
        return self.method.settings[self.setting]


class Table:
    """Runs what is missing of a preset's table.

    Parameters
    ----------
    preset : str
        Its name.
    work : Path
        Where runs lie.
    only : tuple of str
        Names of the methods that are run; those they stand on are run too.
    """

    def __init__(self, preset: str, work: Path, only: tuple[str, ...] = ()) -> None:
        self.name, self.preset, self.work = preset, PRESETS[preset], work / preset
        self.results = HERE / "results" / preset
        self.students = tuple(m for m in STUDENTS if not only or m.name in only)
        self._lock = threading.Lock()
        self._records = {row["key"]: row for row in _read(self.results / "runs.jsonl")}
        self._begun, self._done = time.monotonic(), 0

    def run(self) -> None:
        """Do all that is missing, method by method; the report is written anew after each."""
        self._score("pixels", score_pixels)
        self._score("backbone", lambda: score_encoder(untouched(self.preset.recipe["image_size"])))
        chosen = {name: self.search(SPECIALIST, name) for name in DOMAINS}
        self.finish(
            [Choice(SPECIALIST, place, seed, name) for seed in self.seeds for name, place in chosen.items()]
        )
        for method in (FUSED, *self.students):
            best = self.search(method)
            self.finish([Choice(method, best, seed) for seed in self.seeds])
            write_report(self.results)

    @property
    def seeds(self) -> tuple[int, ...]:
        """The first one searches."""
        return self.preset.seeds

    def finish(self, asked: list[Choice]) -> None:
        """Have chosen runs done, and scored on the test's classes."""
        self.all(one for one in asked if self._needs_net(one))
        for one in asked:
            domains = DOMAINS if one.domain == _EVERYTHING else (one.domain,)
            self._score(one.key, partial(self._score_run, one, domains))

    def _needs_net(self, one: Choice) -> bool:
        """Whether its net is still to be scored, or to teach."""
        teaches = one.method is SPECIALIST
        return teaches or one.key not in self._scored()

    def _scored(self) -> set[str]:
        return {row["key"] for row in _read(self.results / "test.jsonl")}

    def search(self, method: Method, domain: str = _EVERYTHING) -> int:
        """Find a method's best setting on the validation's classes."""
        asked = [Choice(method, place, self.seeds[0], domain) for place in range(len(method.settings))]
        records = self.records(asked)
        watched = self.preset.watched(domain)
        values = [record["validation"][watched] for record in records]
        best = max(range(len(values)), key=values.__getitem__)
        shown = "; ".join(
            f"{setting.words}: {value:.4f}" for setting, value in zip(method.settings, values, strict=True)
        )
        print(f"{method.name} {domain}, {watched}: {shown}; chosen {method.settings[best].words}", flush=True)
        return best

    def records(self, asked: Iterable[Choice]) -> list[dict[str, Any]]:
        """Give the records of runs; those that are not known are run."""
        wanted = list(asked)
        self.all(one for one in wanted if one.key not in self._records)
        return [self._records[one.key] for one in wanted]

    def all(self, asked: Iterable[Choice]) -> None:
        """Have runs with their nets on disk, several side by side."""
        missing = [one for one in asked if not self._net(one).is_dir() or one.key not in self._records]
        with ThreadPoolExecutor(self.preset.workers) as threads:
            for _ in threads.map(self._finish, missing):
                pass

    def _finish(self, one: Choice) -> None:
        watched = self.preset.watched(one.domain)
        record = finish(Wanted(one.key, partial(self._begin, one), watched), self.work / one.key)
        with self._lock:
            if one.key not in self._records:
                self._records[one.key] = record
                _append(self.results / "runs.jsonl", json.dumps(record) + "\n")
            self._done += 1
            spent = time.monotonic() - self._begun
            value = record["validation"][watched]
            print(f"{spent / 60:6.1f} min  {self._done:3d} runs  {one.key}: {value:.4f}", flush=True)

    def _net(self, one: Choice) -> Path:
        return self.work / one.key / "model"

    def _begin(self, one: Choice, folder: Path) -> Run:
        setting = one.options
        is_specialist = one.domain != _EVERYTHING
        universal = {**self.preset.recipe, **self.preset.universal}
        shape = self.preset.specialist_of(one.domain) if is_specialist else universal
        recipe: dict[str, Any] = {**shape, **setting.recipe, "seed": one.seed}
        names = (one.domain,) if is_specialist else DOMAINS
        items = {name: split_domain(name)["train"] for name in names}
        held = {name: split_domain(name)["val"] for name in names}
        if one.method in (SPECIALIST, FUSED):
            loss: dict[str, Any] = {"loss": one.method.loss, **setting.loss}
            return train_specialist(items, BACKBONE, validation=held, folder=folder, **loss, **recipe)
        teachers = {name: self._teacher(name, one.seed) for name in DOMAINS}
        return distill(
            teachers,
            items,
            BACKBONE,
            one.method.loss,
            loss_options=setting.loss,
            validation=held,
            folder=folder,
            **recipe,
        )

    def _teacher(self, name: str, seed: int) -> Path:
        watched = self.preset.watched(name)
        rows = [
            (self._records[one.key]["validation"][watched], -place, one)
            for place in range(len(SPECIALIST.settings))
            if (one := Choice(SPECIALIST, place, self.preset.seeds[0], name)).key in self._records
        ]
        best = max(rows, key=lambda row: row[:2])[2]
        return self._net(Choice(SPECIALIST, best.setting, seed, name))

    def _score_run(self, one: Choice, domains: tuple[str, ...]) -> list[dict[str, Any]]:
        return score_encoder(trained(self.work / one.key), domains)

    def _score(self, key: str, score: Callable[[], list[dict[str, Any]]]) -> None:
        if key in self._scored():
            return
        # All rows of a run at once: one that was cut off would look whole.
        rows = "".join(json.dumps({"key": key, **row}) + "\n" for row in score())
        _append(self.results / "test.jsonl", rows)


def untouched(size: int) -> Any:
    """Give the backbone without any training, at the size that the others see."""
    from embedscope.encoders.embedding_net import pretrained_net

    return es.load_encoder(pretrained_net(BACKBONE, dims=0, image_size=size, crop_pct=0.875))


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def _append(path: Path, lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=PRESETS, default="cpu")
    parser.add_argument("--work", type=Path, default=HERE / "work", help="folder of the runs (some 100 MB)")
    parser.add_argument("--only", nargs="*", default=(), help="methods besides specialists and fused")
    options = parser.parse_args()
    preset: Preset = PRESETS[options.preset]
    # Workers inherit it: side by side, each has its share of the cores.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // preset.workers)))
    Table(options.preset, options.work, tuple(options.only)).run()


if __name__ == "__main__":
    main()
