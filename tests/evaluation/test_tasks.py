"""mteb's evaluators over data in memory: every type of task end to end, against the same computed directly."""

from __future__ import annotations

import random
from collections import Counter
from zlib import crc32

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import spearmanr
from sklearn.cluster import MiniBatchKMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, v_measure_score
from threadpoolctl import threadpool_limits

import embedscope as es
from embedscope._errors import FetchError, InputError, MissingError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.evaluation.evaluate import evaluate
from embedscope.evaluation.mteb_model import as_mteb
from embedscope.evaluation.mteb_package import mteb_module
from embedscope.evaluation.mteb_tasks import (
    bitext_task,
    classification_task,
    clustering_task,
    pair_classification_task,
    reranking_task,
    retrieval_task,
    similarity_task,
)
from embedscope.evaluation.task_values import item_values
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs

DIMS = 48
WORDS = {
    "sea": ["wave", "tide", "reef", "whale", "anchor", "harbour", "coral", "sail"],
    "sky": ["cloud", "comet", "wing", "storm", "kite", "eagle", "star", "moon"],
    "kin": ["aunt", "uncle", "sister", "brother", "cousin", "niece", "mother", "son"],
}
SHARED = ["old", "small", "red", "near", "many", "under", "late", "warm"]


class Grams:
    """A real encoder: counts of hashed pairs of letters."""

    tasks = ("STS", "Retrieval-query")

    def __init__(self):
        self.record = EncoderRecord(name="grams", modalities=frozenset({"text"}), dims=DIMS)
        self.asked = Counter()

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None):
        self.asked[role, task] += len(payloads)
        vectors = np.zeros((len(payloads), DIMS), np.float32)
        for row, text in enumerate(payloads):
            for place in range(len(text) - 1):
                vectors[row, crc32(text[place : place + 2].encode()) % DIMS] += 1
        return vectors


class Given:
    """An encoder whose vectors are written down."""

    def __init__(self, **vectors):
        self.record = EncoderRecord(name="given", modalities=frozenset({"text"}), dims=2)
        self.vectors = vectors

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None):
        return np.array([self.vectors[text] for text in payloads], np.float32).reshape(-1, 2)


def texts(n, seed, labels=None):
    rng = np.random.default_rng(seed)
    found = []
    for row in range(n):
        own = WORDS[labels[row] if labels else ("sea", "sky", "kin")[row % 3]]
        words = [*rng.choice(own, 2), *rng.choice(SHARED, 3), f"n{seed}x{row}"]
        found.append(" ".join(rng.permutation(words)))
    return found


def labelled(n, seed):
    labels = [("sea", "sky", "kin")[row % 3] for row in range(n)]
    return Items.from_texts(texts(n, seed, labels), columns={"label": labels})


def paired(n, seed, **columns):
    one = texts(n, seed)
    other = [
        " ".join([*text.split()[:3], *extra.split()[3:]])
        for text, extra in zip(one, texts(n, seed + 1), strict=True)
    ]
    return Pairs.from_frame(pa.table({"query": one, "document": other, **columns}))


TRAIN, TEST = labelled(45, 1), labelled(30, 2)
RATED = paired(40, 3, score=np.random.default_rng(0).permutation(40) / 4)
MARKED = paired(40, 5, label=np.random.default_rng(1).integers(0, 2, 40))
FOUND = paired(30, 7)
LANGUAGES = {
    "one": texts(24, 9),
    "two": [" ".join(word + "u" for word in text.split()[::-1]) for text in texts(24, 9)],
    "three": [text.replace("a", "o").replace("e", "i")[4:] for text in texts(24, 9)],
}


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Small fits spend their time waiting for threads where cores are shared."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def encoder():
    return Grams()


@pytest.fixture(scope="module")
def scores(encoder, tmp_path_factory):
    tasks = [
        classification_task("classes", TRAIN, TEST, samples_per_label=4),
        clustering_task("clusters", TEST),
        similarity_task("rated", RATED),
        pair_classification_task("marked", MARKED),
        reranking_task("answers", FOUND, size=20, candidates=8),
        retrieval_task("search", FOUND, code=True),
        bitext_task("languages", LANGUAGES, [("one", "two"), ("three", "one")]),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        return es.evaluate(encoder, tasks=tasks, store=tmp_path_factory.mktemp("store"), progress=False)


def unit(payloads):
    vectors = Grams().encode(list(payloads))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_classification_is_a_logistic_regression_on_few_items(scores) -> None:
    train, test = Grams().encode(TRAIN.payloads), Grams().encode(TEST.payloads)
    labels, wanted = TRAIN.column("label"), TEST.column("label")
    rows, accuracies = list(range(len(TRAIN))), []
    for _ in range(10):
        np.random.RandomState(42).shuffle(rows)
        seen = [row for row in rows if (labels[rows[: rows.index(row)]] == labels[row]).sum() < 4]
        model = LogisticRegression(max_iter=100, random_state=42).fit(train[seen], labels[seen])
        accuracies.append((model.predict(test) == wanted).mean())
    assert scores["classes"].value == pytest.approx(np.mean(accuracies), abs=1e-9)
    assert 0.34 < scores["classes"].value < 1


def test_clustering_is_k_means_on_resamples(scores) -> None:
    vectors, labels = Grams().encode(TEST.payloads), TEST.column("label")
    draws, values = random.Random(42), []
    for _ in range(10):
        rows = draws.choices(range(len(TEST)), k=len(TEST))
        means = MiniBatchKMeans(3, batch_size=512, n_init=1, random_state=42)
        values.append(v_measure_score(labels[rows], means.fit_predict(vectors[rows])))
    assert scores["clusters"].value == pytest.approx(np.mean(values), abs=1e-9)


def test_similarity_is_spearman_with_the_cosine(scores) -> None:
    one, other = (unit(side.payloads) for side in (RATED.queries, RATED.documents))
    cosines = (one[RATED.matches[:, 0]] * other[RATED.matches[:, 1]]).sum(1)
    wanted = spearmanr(cosines, RATED.columns["score"].to_numpy()).statistic
    assert scores["rated"].value == pytest.approx(wanted, abs=1e-6)


def test_pair_classification_is_average_precision(scores) -> None:
    one, other = (unit(side.payloads) for side in (MARKED.queries, MARKED.documents))
    cosines = (one[MARKED.matches[:, 0]] * other[MARKED.matches[:, 1]]).sum(1)
    wanted = average_precision_score(MARKED.columns["label"].to_numpy(), cosines)
    assert scores["marked"].value == pytest.approx(wanted, abs=1e-6)


def ranks_of(found, right):
    """Where the one right document stands, from 1, by the cosine alone."""
    return 1 + (found > found[np.arange(len(found)), right, None]).sum(1)


def test_retrieval_is_ndcg(scores) -> None:
    cosines = unit(FOUND.queries.payloads) @ unit(FOUND.documents.payloads).T
    ranks = ranks_of(cosines, FOUND.matches[:, 1])
    assert scores["search"].value == pytest.approx(
        np.mean(np.where(ranks <= 10, 1 / np.log2(ranks + 1), 0)), abs=1e-4
    )
    assert scores["search"].score("mrr_at_10") == pytest.approx(
        np.mean(np.where(ranks <= 10, 1 / ranks, 0)), abs=1e-4
    )
    assert scores["search"].kind == "code"
    assert len(scores["search"].failures()) == (ranks > 1).sum()


def test_reranking_is_map_over_what_was_offered(scores) -> None:
    data = scores["answers"].parts[0].rows
    names = [str(one) for one in FOUND.documents.ids]
    asked = [list(FOUND.queries.ids).index(query) for query in data["queries"]["id"]]
    cosines = unit(FOUND.queries.payloads) @ unit(FOUND.documents.payloads).T
    precisions = []
    for row in asked:
        offered = data["top_ranked"][FOUND.queries.ids[row]]
        assert len(set(offered)) == 8
        own = cosines[row, FOUND.matches[row, 1]]
        precisions.append(1 / sum(cosines[row, names.index(name)] >= own for name in offered))
    assert len(asked) == 20
    assert scores["answers"].value == pytest.approx(np.mean(precisions), abs=1e-4)


def test_bitext_is_f1_of_the_nearest(scores) -> None:
    found = {}
    for one, other in (("one", "two"), ("three", "one")):
        nearest = (unit(LANGUAGES[one]) @ unit(LANGUAGES[other]).T).argmax(1)
        found[f"{one}-{other}"] = f1_score(range(24), nearest, average="weighted", zero_division=0)
    assert {part.subset: part.value for part in scores["languages"].parts} == pytest.approx(found)
    assert 0 < scores["languages"].value < 1


def test_items_make_up_the_measures_and_their_intervals(scores) -> None:
    for name in ("classes", "answers", "search", "languages"):
        for part in scores[name].parts:
            assert np.mean(item_values(part)) == pytest.approx(part.value, abs=2e-5), name
    values = item_values(scores["classes"].parts[0])
    half = 1.959964 * values.std(ddof=1) / np.sqrt(30)
    assert scores["classes"].interval.high == pytest.approx(values.mean() + half, abs=1e-6)
    assert all(scores[name].value in scores[name].interval for name in scores.names)


def test_the_table_and_its_means(scores) -> None:
    table = scores.to_table()
    values = dict(zip(table.column("task"), table.column("value"), strict=True))
    seven = [result.value for result in scores.results]
    assert values["mean of tasks"] == values["mean of types"] == pytest.approx(np.mean(seven))
    assert table.column("n")[:7] == [30, 30, 40, 40, 20, 30, 48]
    assert {*scores.to_frame().column_names} == {
        "task",
        "type",
        "split",
        "subset",
        "measure",
        "value",
        "main",
    }
    assert "languages" in repr(scores)
    with pytest.raises(MissingError, match="'rated'"):
        scores["rate"]


def test_prompts_and_roles_reach_the_encoder(scores, encoder) -> None:
    asked = set(encoder.asked)
    assert {(None, None), (None, "STS"), ("query", "Retrieval-query"), ("document", None)} <= asked
    # A classification has no side, and this encoder no prompt for it.
    assert (None, "Retrieval-query") not in asked


def test_nothing_is_encoded_twice(scores, encoder) -> None:
    # The clustering's texts are the classification's, and the bitext's English side comes twice.
    seen = {*TRAIN.payloads, *TEST.payloads, *(text for rows in LANGUAGES.values() for text in rows)}
    assert encoder.asked[None, None] <= len(seen)


def test_every_task_lists_its_failures(scores) -> None:
    for result in scores.results:
        failures = result.failures()
        assert len(failures) < result.n
        assert len(result.failures(limit=1)) == min(1, len(failures))
        assert not len(failures) or {"expected", "found"} <= set(failures.columns.column_names)
    assert sum(len(result.failures()) for result in scores.results) > 20
    failures = scores["languages"].failures()
    assert len(es.encode(failures, Grams(), progress=False)) == len(failures)


def run(encoder, task, tmp_path):
    return evaluate(encoder, tasks=task, store=tmp_path / "store", progress=False)[task.metadata.name]


def test_a_task_that_is_asked_again_draws_the_same(tmp_path) -> None:
    task = clustering_task("clusters", labelled(37, 11))
    first, again = (run(Grams(), task, tmp_path) for _ in range(2))
    assert again.value == first.value
    assert len(again.failures()) == len(first.failures())


def test_failures_of_a_search_by_hand(tmp_path) -> None:
    vectors = {"q1": [1, 0], "q2": [0, 1], "d1": [1, 0.1], "d2": [1, 0.5], "d3": [0.2, 1]}
    pairs = Pairs.from_frame(pa.table({"query": ["q1", "q2", "q1"], "document": ["d1", "d2", "d3"]}))
    failures = run(Given(**vectors), retrieval_task("tiny", pairs), tmp_path).failures()
    assert failures.payloads == ("q2",)
    row = failures.to_frame().to_pylist()[0]
    assert (row["expected"], row["found"], row["rank"]) == ("d2", "d3", 2)
    assert row["found_cosine"] == pytest.approx(1 / np.hypot(0.2, 1))
    assert row["expected_cosine"] == pytest.approx(0.5 / np.hypot(1, 0.5))


def test_failures_of_a_bitext_by_hand(tmp_path) -> None:
    vectors = {"a": [1, 0], "b": [0, 1], "c": [1, 1], "A": [1, 0], "B": [1, 0.9], "C": [0.1, 1]}
    # A language may be called id: Indonesian is.
    task = bitext_task(
        "tiny", {"en": ["a", "b", "c"], "id": ["A", "B", "C"]}, [("en", "id")], ids=["i", "j", "k"]
    )
    failures = run(Given(**vectors), task, tmp_path).failures().to_frame().to_pylist()
    # c is nearest to B (cosine 0.999), b to C (0.995): the surest error comes first.
    assert [(row["id"], row["expected"], row["found"]) for row in failures] == [
        ("k", "C", "B"),
        ("j", "B", "C"),
    ]


def test_failures_of_pairs_by_hand(tmp_path) -> None:
    vectors = {"a": [1, 0], "b": [1, 0.2], "c": [1, 1], "d": [0, 1], "e": [1, 0.05]}
    frame = {"query": ["a"] * 4, "document": ["b", "c", "d", "e"], "label": [1, 1, 0, 0]}
    task = pair_classification_task("tiny", Pairs.from_frame(pa.table(frame)))
    failures = run(Given(**vectors), task, tmp_path).failures().to_frame().to_pylist()
    # Cosines 0.98, 0.71, 0, 0.999: one error is the least, with the threshold between c and d.
    assert [(row["other"], row["expected"], row["found"]) for row in failures] == [("e", "apart", "together")]
    assert failures[0]["threshold"] == pytest.approx(np.sqrt(0.5) / 2)


def test_failures_of_similarity_by_hand(tmp_path) -> None:
    vectors = {"a": [1, 0], "b": [1, 0.1], "c": [1, 0.5], "d": [1, 1], "e": [0, 1]}
    frame = {"query": ["a"] * 4, "document": ["b", "c", "d", "e"], "score": [1.0, 9.0, 8.0, 7.0]}
    failures = run(
        Given(**vectors), similarity_task("tiny", Pairs.from_frame(pa.table(frame))), tmp_path
    ).failures()
    # People put b last, the cosine first: three ranks of four. The others are off by one.
    row = failures.to_frame().to_pylist()
    assert [(one["other"], one["rank_expected"], one["rank_found"]) for one in row] == [("b", 4.0, 1.0)]


def test_failures_of_classes_by_hand(tmp_path) -> None:
    vectors = {"up": [0, 1], "high": [0.1, 1], "left": [1, 0], "west": [1, 0.1], "top": [0, 2], "odd": [2, 0]}
    train = Items.from_texts(["up", "high", "left", "west"], columns={"label": ["v", "v", "h", "h"]})
    test = Items.from_texts(["top", "odd"], ids=["t", "o"], columns={"label": ["v", "v"]})
    failures = run(Given(**vectors), classification_task("tiny", train, test), tmp_path).failures().to_frame()
    assert failures.to_pylist() == [
        {"id": "o", "text": "odd", "expected": "v", "found": "h", "wrong_share": 1.0}
    ]
    with pytest.raises(InputError, match="no training item is of the class 'v'"):
        classification_task("tiny", train.take([2, 3]), test)


def test_a_model_of_mteb(tmp_path) -> None:
    model = as_mteb(Grams(), store=tmp_path)
    assert isinstance(model, mteb_module("mteb.models").EncoderProtocol)
    assert model.mteb_model_meta.name == "embedscope/grams"
    assert model.mteb_model_meta.revision == Grams().record.fingerprint
    one, other = np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 2.0]])
    np.testing.assert_allclose(model.similarity(one, other), [[0.6, 0.8], [0.0, 0.0]], atol=1e-7)
    assert model.similarity_pairwise(one, other).tolist() == pytest.approx([0.6, 0.0])
    with pytest.raises(InputError, match="takes no texts"):
        as_mteb(Images())


class Images(Grams):
    def __init__(self):
        self.record = EncoderRecord(name="images", modalities=frozenset({"image"}), dims=DIMS)


def test_mtebs_own_tasks_need_a_hub(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(FetchError, match=r"'Banking77Classification'.*HF_HUB_OFFLINE is set.*Local tasks"):
        evaluate(Grams(), tasks=["Banking77Classification"], store=tmp_path, progress=False)
    with pytest.raises(MissingError, match=r"docstrings.*'Banking77Classification'"):
        evaluate(Grams(), tasks=["Banking77Clasification"], store=tmp_path)


def test_what_does_not_go_together(tmp_path) -> None:
    for wrong, words in [
        ({"items": TEST}, "bring their own items"),
        ({"size": 1}, "2 items or more"),
        ({"tasks": []}, "No task came"),
        ({"tasks": [3]}, "one of mteb's tasks; got int"),
    ]:
        with pytest.raises(InputError, match=words):
            evaluate(Grams(), **{"tasks": "simlex", "store": tmp_path, "progress": False, **wrong})
    with pytest.raises(InputError, match="give one encoder"):
        evaluate({"a": Grams()}, tasks="simlex")
    with pytest.raises(MissingError, match="No option of evaluate with tasks is called 'role'"):
        evaluate(Grams(), tasks="simlex", role="query")


@pytest.mark.network
def test_packaged_tasks_run(tmp_path) -> None:
    names = ["wordsim", "chatterbot", "udhr-bitext"]
    scores = evaluate(Grams(), tasks=names, size=12, store=tmp_path, progress=False)
    assert scores.names == tuple(names)
    assert [result.n for result in scores.results] == [12, 12, 12 * 12]
    again = evaluate(Grams(), tasks=names, size=12, store=tmp_path, progress=False)
    assert [one.value for one in again.results] == [one.value for one in scores.results]
