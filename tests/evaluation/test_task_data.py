"""What tasks draw of data, and how a folder of results is kept away from the person's home."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from embedscope._cache import cache_dir
from embedscope._errors import InputError
from embedscope.evaluation.mteb_model import prompt_for
from embedscope.evaluation.mteb_package import _folder_of_ours
from embedscope.evaluation.task_data import pair_halves
from embedscope.evaluation.task_failures import best_threshold
from embedscope.evaluation.task_local import BUILDERS, LOCAL
from embedscope.evaluation.tasks import local_tasks, make_task
from embedscope.items.items import Items


def article(n, words=50):
    return " ".join(f"w{n}x{place}" for place in range(words))


@pytest.fixture
def articles():
    labels = ["a", "b"] * 20
    texts = [article(n, 50 if n else 39) for n in range(40)]
    return Items.from_texts(texts, columns={"label": labels})


def test_halves_of_articles(articles) -> None:
    pairs = pair_halves(articles, None, 3)
    # The first one is too short.
    assert len(pairs) == 39
    kinds = pairs.columns["kind"].to_pylist()
    assert [kinds.count(kind) for kind in ("same article", "same class", "other class")] == [20, 10, 9]
    for (query, document), kind in zip(pairs.matches.tolist(), kinds, strict=True):
        one, other = pairs.queries.payloads[query], pairs.documents.payloads[document]
        first, second = (int(half.split("x")[0][1:]) for half in (one, other))
        assert len(one.split()) == len(other.split()) == 25
        assert (f"{one} {other}" == article(first)) == (kind == "same article") == (first == second)
        assert (first % 2 == second % 2) == (kind != "other class")
    assert pair_halves(articles, 8, 3).queries.payloads == pairs.queries.payloads[:8]


def test_a_copied_half_is_left_out(articles) -> None:
    texts = [*articles.payloads[:6], articles.payloads[3]]
    pairs = pair_halves(Items.from_texts(texts, columns={"label": ["a"] * 7}), None, 0)
    assert len(pairs) == 5
    assert "other class" not in pairs.columns["kind"].to_pylist()


def test_the_least_errors() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        scores, labels = rng.integers(0, 6, 9) / 5, rng.integers(0, 2, 9)
        cuts = [*(np.unique(scores) - 0.05), 2.0]
        fewest = min(((scores >= cut) != labels).sum() for cut in cuts)
        assert ((scores >= best_threshold(scores, labels)) != labels).sum() == fewest


def test_prompts_by_name_type_and_side() -> None:
    def task(kind, name="some", domains=None):
        return SimpleNamespace(name=name, type=kind, domains=domains)

    hosted = [
        "classification",
        "retrieval_query",
        "retrieval_document",
        "semantic_similarity",
        "code_retrieval_query",
    ]
    assert prompt_for(task("Classification"), None, hosted) == "classification"
    assert prompt_for(task("BitextMining"), None, hosted) == "semantic_similarity"
    assert prompt_for(task("Retrieval"), "query", hosted) == "retrieval_query"
    assert prompt_for(task("Retrieval"), "document", hosted) == "retrieval_document"
    assert prompt_for(task("Retrieval", domains=["Programming"]), "query", hosted) == "code_retrieval_query"
    assert prompt_for(task("Retrieval", "Some"), "query", ["Retrieval", "some"]) == "some"
    # The words of a task go before the query only.
    assert prompt_for(task("Retrieval"), "document", ["Retrieval"]) is None
    assert prompt_for(task("Clustering"), None, hosted) is None


def test_every_local_task_has_a_builder() -> None:
    assert {one.kind for one in LOCAL.values()} == set(BUILDERS)
    assert local_tasks().column("task") == list(LOCAL)
    with pytest.raises(InputError, match="size=1"):
        make_task("simlex", size=1)


def test_mteb_makes_no_folder_at_home(monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, "mteb", raising=False)
    monkeypatch.delenv("MTEB_CACHE", raising=False)
    with _folder_of_ours():
        assert os.environ["MTEB_CACHE"] == str(cache_dir("mteb"))
    assert "MTEB_CACHE" not in os.environ
    monkeypatch.setenv("MTEB_CACHE", "mine")
    with _folder_of_ours():
        assert os.environ["MTEB_CACHE"] == "mine"
    assert os.environ["MTEB_CACHE"] == "mine"
