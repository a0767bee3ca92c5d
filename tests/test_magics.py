"""The magics in a real IPython: results, variables, help, completion, one clear line for what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

import embedscope as es
from embedscope.items.items import Items


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


def test_listings(shell) -> None:
    assert "newsgroups" in magic(shell, "datasets").column("name")
    assert "minilm" in magic(shell, "encoders").column("name")


def test_help_names_every_verb_and_option(shell) -> None:
    text = repr(magic(shell, "--help"))
    assert all(
        f"%embedscope {verb}" in text
        for verb in ("encode", "map", "explore", "workbench", "neighbors", "cluster", "datasets", "encoders")
    )
    assert "--n-neighbors" in repr(magic(shell, "map --help"))


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
        ("encode texts lettres", "letters|minilm"),
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
    ],
)
def test_completion(shell, typed: str, offered: str) -> None:
    _, matches = shell.Completer.complete(line_buffer=typed, cursor_pos=len(typed))
    assert offered in matches
