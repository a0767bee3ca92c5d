"""The magics in a real IPython: results, variables, help, completion, one clear line for what is wrong."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import psutil
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

import embedscope as es
from embedscope.items.items import Items
from embedscope.training.start import start
from embedscope.training.worker_process import signed
from tests.training.toy_jobs import Count

ROOT = Path(__file__).resolve().parents[1]


class Letters:
    """An encoder small enough for a test: how often each of eight letters occurs, plus one."""

    def __init__(self) -> None:
        from embedscope.encoders.protocol import EncoderRecord

        self.record = EncoderRecord("letters", frozenset({"text"}), 8)

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None):
        rows = [[1 + text.count(letter) for letter in "aeinorst"] for text in payloads]
        vectors = np.asarray(rows, dtype=np.float32).reshape(-1, 8)[:, :dims]
        if progress:
            progress(len(rows))
        return np.ascontiguousarray(
            vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        )


TEXTS = [
    "a rat eats",
    "one more tone",
    "stone on stone",
    "tea in a tin",
    "noon",
    "rain on roses",
    "sit in a seat",
]


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "embedscope")
    shell.user_ns.update(letters=Letters(), texts=TEXTS * 4)
    yield shell
    InteractiveShell.clear_instance()


def magic(shell: InteractiveShell, line: str):
    return shell.run_line_magic("embedscope", line)


def test_encode_takes_variables_and_keeps_the_result(shell) -> None:
    space = magic(shell, "encode texts letters --as mine --dims 4")
    assert isinstance(space, es.Space)
    assert space.dims == 4
    assert shell.user_ns["mine"] is space


def test_map_of_a_space_and_of_a_cell(shell) -> None:
    magic(shell, "encode texts letters --as space")
    shown = magic(shell, "map space --method pca --n-neighbors 5 --min-cluster-size 3 --title Words")
    assert shown.space.ids == shell.user_ns["space"].ids
    lines = "\n".join(f"{text} {n}" for n, text in enumerate(TEXTS * 3)) + "\n\n"
    shown = shell.run_cell_magic("embedscope", "map letters --method pca --as there", lines)
    assert len(shown.space) == 21
    assert shell.user_ns["there"] is shown


def test_explore_opens_an_explorer(shell) -> None:
    magic(shell, "encode texts letters --as space")
    shown = magic(shell, "explore space --method pca --n-neighbors 5 --min-cluster-size 3 --as scope")
    assert isinstance(shown, es.Explorer)
    assert shell.user_ns["scope"] is shown
    assert shown.panes == ["search", "map", "neighbors", "table"]


@pytest.fixture
def two(shell):
    """A teacher and a student of the same items, as variables of the notebook."""
    rng = np.random.default_rng(0)
    kinds = np.array(["long", "short"])[np.arange(28) % 2]
    items = Items.from_texts(
        [f"{text} {row}" for row, text in enumerate(TEXTS * 4)],
        ids=[f"t{row}" for row in range(28)],
        columns={"kind": kinds},
    )
    vectors = rng.normal(size=(28, 6)) + (kinds == "long")[:, None]
    teacher = es.Space.from_arrays(vectors, ids=items.ids, items=items)
    shell.user_ns.update(teacher=teacher, student=teacher.truncate(3))
    return shell


def test_compare_gives_the_comparison_and_keeps_it(two) -> None:
    found = magic(two, "compare teacher student --label kind --names big small --as both")
    assert isinstance(found, es.Comparison)
    assert two.user_ns["both"] is found
    assert found.names == ("big", "small")
    assert found.groups().names == ("long", "short")


def test_compare_shows_the_report_where_it_is_asked_for(two, capsys) -> None:
    magic(two, "compare teacher student")
    assert capsys.readouterr().out == ""
    for words in ("--report", "--by kind -k 4"):
        magic(two, f"compare teacher student {words}")
        assert "Divergence of neighbourhoods" in capsys.readouterr().out
    assert isinstance(magic(two, "compare teacher student -k 4"), es.Comparison)
    assert "recall@4" in capsys.readouterr().out


def test_compare_stops_the_notebook_where_the_gate_fails(two, capsys) -> None:
    assert magic(two, 'compare teacher teacher --fail-if "recall@3 < 0.95"').names == (
        "6 dims (1)",
        "6 dims (2)",
    )
    assert "passed" in capsys.readouterr().out
    with pytest.raises(UsageError, match=r"The comparison fails: recall by kind < 2 \(0\.\d+, ") as raised:
        magic(two, 'compare teacher student --fail-if "recall by kind < 2 or cka < -1" -k 4 --as both')
    assert "cka" not in str(raised.value)
    assert "FAILED" in capsys.readouterr().out
    assert len(two.user_ns["both"]) == 28


def test_compare_encodes_with_two_encoders_or_reads_a_saved_space(two, tmp_path) -> None:
    two.user_ns["teacher"].save(tmp_path / "kept")
    found = magic(two, f"compare {tmp_path / 'kept'} student")
    assert found.teacher.ids == two.user_ns["teacher"].ids
    found = magic(two, "compare letters letters --items teacher --sample 9 --names a b")
    assert (found.names, len(found)) == (("a", "b"), 9)


def test_a_comparison_is_explored_from_either_verb(two) -> None:
    shown = magic(two, "compare teacher student --by kind -k 5 --explore --as both")
    assert isinstance(shown, es.Explorer)
    assert isinstance(two.user_ns["both"], es.Comparison)
    assert "heatmap" in shown.panes
    assert shown.n_neighbors == 5
    again = magic(two, "explore both --method pca --min-cluster-size 3 --title Two --as view")
    assert two.user_ns["view"] is again
    assert again.layout.method == "pca"
    assert "heatmap" in again.panes
    with pytest.raises(UsageError, match="both is a comparison already"):
        magic(two, "explore both letters")


def test_the_workbench_offers_the_notebooks_variables(shell) -> None:
    bench = magic(shell, "workbench --as bench")
    assert shell.user_ns["bench"] is bench
    assert "variable:texts" in [choice["key"] for choice in bench.form.workbench["data"]]


def test_neighbors_of_an_id_and_of_a_text(shell) -> None:
    space = es.encode(Items.from_texts(TEXTS, ids=[f"t{n}" for n in range(7)]), Letters())
    shell.user_ns["space"] = space
    assert magic(shell, "neighbors space t2 -k 3").ids == space.neighbors_of("t2", 3).ids
    shell.user_ns["question"] = "noon"
    assert magic(shell, "neighbors space question -k 2").ids[0] == "t4"


def test_cluster_gives_clusters(shell) -> None:
    magic(shell, "encode texts letters --as space")
    found = magic(shell, "cluster space --method pca --min-cluster-size 3 --as groups")
    assert found.labels.shape == (28,)
    assert shell.user_ns["groups"] is found


def test_evaluate_scores_variables(two) -> None:
    found = magic(two, "evaluate teacher --label kind --ks 1 5 --as scores")
    assert two.user_ns["scores"] is found
    assert found.ks == (1, 5)
    # Its items are a space's too, encoded anew by another encoder.
    again = magic(two, "evaluate letters teacher --label kind --sample 9")
    assert len(again.queries) == 9


@pytest.fixture
def run(shell, tmp_path, monkeypatch):
    """A run that counts, in a variable; its worker ends with the test."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    found = start(Count(steps=100_000, seconds=0.01), tmp_path / "runs/count")
    shell.user_ns["counting"] = found
    yield found
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(signed(found.folder).pid).kill()


def test_a_run_is_watched_steered_and_listed(shell, run) -> None:
    shown = magic(shell, f"watch {run.folder.path} --as pane")
    assert shell.user_ns["pane"] is shown
    assert shown.run.folder == run.folder
    shown.close()
    table = magic(shell, f"runs {run.folder.path.parent}")
    assert table.column("job") == ["test:count"]
    assert magic(shell, "pause counting") is run
    assert run.wait(1.0) in ("running", "paused")
    assert magic(shell, "resume counting") is run
    assert magic(shell, "stop counting") is run
    assert run.wait(180) == "stopped"


def test_listings(shell) -> None:
    assert "newsgroups" in magic(shell, "datasets").column("name")
    assert "minilm" in magic(shell, "encoders").column("name")


def test_help_names_every_verb_and_option(shell) -> None:
    text = repr(magic(shell, "--help"))
    assert all(
        f"%embedscope {verb}" in text
        for verb in (
            "encode",
            "map",
            "explore",
            "compare",
            "workbench",
            "neighbors",
            "cluster",
            "train-specialist",
            "distill",
            "finetune",
            "evaluate",
            "watch",
            "pause",
            "resume",
            "stop",
            "runs",
            "datasets",
            "encoders",
        )
    )
    assert "--n-neighbors" in repr(magic(shell, "map --help"))
    assert all(
        option in repr(magic(shell, "compare --help"))
        for option in ("--fail-if", "--explore", "--as", "--label", "--domain", "--items")
    )


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("explode", "it has encode, map"),
        ("encode", "the following arguments are required: items"),
        ("encode texts letters --dims none", "'none' is not a whole number"),
        ("encode texts letters --as 1x", "takes a variable's name; '1x' came"),
        ("encode 'texts", "quote is not closed"),
        ("neighbors texts x", "'texts' is a list, not a space"),
        ("neighbors nowhere x", "There is no space here yet"),
        ("encode newsgruops letters", "newsgroups"),
        ("compare nowhere nothing", "'nowhere' is no variable, not a space"),
        ("compare texts texts", "'texts' is a list, not a space"),
        ("compare gone.npy gone.npy", "There is no file gone.npy"),
        ("compare letters lettres --items texts", "letters|minilm"),
        ("compare letters letters --items texts --fail-if recall", "is no condition"),
        ("compare letters letters --items texts --by kind", "No column is called 'kind'"),
        ("compare letters letters --items texts --as 1x", "takes a variable's name"),
        ("encode texts lettres", "letters|minilm"),
        ("distill --items a=texts", "required: --specialist"),
        ("distill --specialist letters --items texts", "'letters' says no domain"),
        ("distill --specialist a=letters --items a=texts", "are texts; wanted images"),
        ("evaluate letters", "What shall 'letters' encode"),
        ("evaluate letters texts", "have no column 'label'"),
        ("watch nowhere", "There is no run in 'nowhere'"),
        ("stop texts", "'texts' is a list; wanted a run"),
        ("runs nowhere", "There is no folder"),
    ],
)
def test_a_wrong_argument_gets_one_clear_line(shell, line: str, wanted: str) -> None:
    with pytest.raises(UsageError, match=wanted) as raised:
        magic(shell, line)
    assert "\n" not in str(raised.value)


def test_a_cell_is_refused_where_it_means_nothing(shell) -> None:
    with pytest.raises(UsageError, match="takes explore, map, encode"):
        shell.run_cell_magic("embedscope", "cluster", "text\n")
    with pytest.raises(UsageError, match="one text a line"):
        shell.run_cell_magic("embedscope", "map letters", "\n \n")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%embedscope en", "encoders"),
        ("%embedscope encode te", "texts"),
        ("%embedscope encode new", "newsgroups"),
        ("%embedscope map texts min", "minilm"),
        ("%embedscope map texts --n-n", "--n-neighbors"),
        ("%%embedscope ma", "map"),
        ("%embedscope comp", "compare"),
        ("%embedscope compare te", "texts"),
        ("%embedscope compare min", "minilm"),
        ("%embedscope compare minilm wordllama --items new", "newsgroups"),
        ("%embedscope compare texts texts --fa", "--fail-if"),
        ("%embedscope dis", "distill"),
        ("%embedscope distill --spec", "--specialist"),
        ("%embedscope distill --specialist a=univ", "universal"),
        ("%embedscope distill --specialist a=letters --items emo", "emoji"),
        ("%embedscope evaluate let", "letters"),
        ("%embedscope evaluate univ", "universal"),
        ("%embedscope evaluate letters fla", "flags"),
        ("%embedscope train-specialist fla", "flags"),
        ("%embedscope train-specialist flags --epo", "--epochs"),
    ],
)
def test_completion(shell, typed: str, offered: str) -> None:
    _, matches = shell.Completer.complete(line_buffer=typed, cursor_pos=len(typed))
    assert offered in matches
