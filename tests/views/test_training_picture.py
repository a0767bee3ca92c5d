"""What a picture of a run shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedscope.views.coloring import no_coloring
from embedscope.views.picture import MapPicture
from embedscope.views.training_picture import TrainingPicture

EMPTY = MapPicture(np.empty((0, 2), np.float32), no_coloring())


def picture(**training: Any) -> TrainingPicture:
    return TrainingPicture(EMPTY, training)


def domain(name: str) -> dict[str, str]:
    return {"name": name, "color": "#0072b2"}


def test_several_domains_have_a_line_each_and_one_over_them() -> None:
    shown = picture(
        domains=[domain("a"), domain("b")],
        loss={"steps": [1, 2], "total": [2.0, 1.0], "domains": [[2.0, None], None]},
        validation={
            "steps": [1],
            "recall": [0.5],
            "recall_domains": [[0.4], [0.6]],
            "kl_domains": [None, None],
        },
    )
    assert [(chart.title, [line.name for line in chart.lines]) for chart in shown.charts] == [
        ("Loss", ["a", "all"]),
        ("Recall@1 on what is held out", ["a", "b", "mean"]),
    ]
    assert [line.color for line in shown.charts[0].lines] == ["#0072b2", ""]


def test_one_domain_has_its_own_line_alone() -> None:
    shown = picture(
        domains=[domain("a")],
        loss={"steps": [1], "total": [2.0], "domains": [[2.0]]},
        validation={"steps": [1], "recall": [0.5], "recall_domains": [[0.5]], "kl_domains": [[1.0]]},
    )
    assert [[line.name for line in chart.lines] for chart in shown.charts] == [[""], ["a"], ["a"]]


def test_a_run_that_has_said_nothing_has_no_chart() -> None:
    shown = picture(state="running", step=0, total=None)
    assert shown.charts == ()
    assert shown.words == "Running · step 0"
    assert shown.best_step is None


def test_its_words() -> None:
    shown = picture(
        state="done", step=1200, total=1200, best={"step": 800, "recall": 0.5}, maps={"shown": 900}
    )
    assert shown.words == (
        "Done · step 1,200 of 1,200 · best Recall@1 0.500 at step 800 · the map is of step 900"
    )
    assert shown.best_step == 800
