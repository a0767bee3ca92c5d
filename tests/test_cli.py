"""The command line, in processes of its own where that is what a person runs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import nbformat
import numpy as np
import pyarrow.parquet as pq
import pytest

import embedscope as es
from embedscope import cli, tutorials


def run(*words: str, **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from embedscope.cli import main; sys.exit(main())", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_listings_and_version(capsys) -> None:
    assert cli.main(["datasets"]) == 0
    assert "newsgroups" in capsys.readouterr().out
    assert cli.main(["encoders"]) == 0
    assert "minilm" in capsys.readouterr().out
    assert run("--version").stdout.strip() == f"embedscope {es.__version__}"


@pytest.mark.network
def test_encode_writes_each_form(tmp_path, capsys) -> None:
    texts = tmp_path / "texts.csv"
    texts.write_text("id,text\na,the cat sat\nb,a dog barked\nc,stock prices fell\n")
    for name in ("space", "space.parquet", "space.npy"):
        assert cli.main(["encode", str(texts), "minilm", "--out", str(tmp_path / name)]) == 0
    assert "3 texts" in capsys.readouterr().out
    assert es.Space.load(tmp_path / "space").ids == ("a", "b", "c")
    assert pq.read_table(tmp_path / "space.parquet").num_rows == 3
    assert np.load(tmp_path / "space.npy").shape == (3, 384)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["encode", "newsgruops", "--out", "x"], "newsgroups"),
        (["encode", "newsgroups", "--out", "x.txt"], "'x.txt' came"),
        (["encode", "newsgroups"], "--out"),
        (["explode"], "invalid choice"),
        (["compare", "nowhere", "neither"], "--items DATA"),
        (["compare", "a.npy", "b.npy", "--out", "x.txt"], "'x.txt' came"),
        (["compare", "a.npy", "b.npy"], "There is no file a.npy"),
        (["compare", "a.npy", "b.npy", "--fail-if", "accuracy < 1"], "No measure is called 'accuracy'"),
        (["compare", "a.npy"], "required: student"),
    ],
)
def test_a_wrong_word_gets_one_line_and_status_2(words, wanted, capsys) -> None:
    assert cli.main(words) == 2
    error = capsys.readouterr().err
    assert wanted in error
    assert error.count("\n") == 1


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A teacher and a student that lost one class, as files."""
    folder = tmp_path_factory.mktemp("saved")
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], 16)
    vectors = np.eye(6)[group] + rng.normal(scale=0.3, size=(48, 6))
    names = np.array(["oak", "pine", "<elm>"])[group]
    items = es.Items.from_texts([f"text {n}" for n in range(48)], ids=range(48), columns={"label": names})
    es.Space.from_arrays(vectors, ids=items.ids, items=items).save(folder / "teacher")
    vectors[group == 2] = rng.normal(size=(16, 6))
    es.Space.from_arrays(vectors[:46], ids=items.ids[:46]).to_npy(folder / "student.npy")
    return folder


def test_compare_fails_with_the_offending_groups_as_ci_would_see_it(saved) -> None:
    words = ["compare", "teacher", "student.npy", "--fail-if", "recall@5 < 0.95", "--fail-if", "cka < -1"]
    done = run(*words, "--out", "report.html", cwd=saved)
    assert done.returncode == 1, done.stderr
    assert "1 of 2 conditions hold: failed" in done.stdout
    assert re.search(r"recall@5 < 0.95: \d groups? by label\n.*\n<elm> +14", done.stdout)
    assert done.stderr == (
        "embedscope: teacher and student.npy share 46 items; 2 items are only in the teacher and left out "
        "(46, 47).\n"
    )
    page = (saved / "report.html").read_text()
    assert "&lt;elm&gt;" in page
    assert "<elm>" not in page


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
def test_compare_prints_the_report_or_passes(saved, capsys, monkeypatch) -> None:
    monkeypatch.chdir(saved)
    assert cli.main(["compare", "teacher", "student.npy", "--names", "old", "new", "-k", "4"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("old → new\n===")
    assert "recall@4" in told
    assert cli.main(["compare", "teacher", "student.npy", "--fail-if", "recall@5 < 0.01"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("No condition holds: passed")
    assert "Geometry" not in told
    assert cli.main(["compare", "teacher", "student.npy", "--fail-if", "kl > 99", "--out", "r.json"]) == 0
    assert '"failed": false' in (saved / "r.json").read_text()


@pytest.mark.network
def test_compare_encodes_with_two_encoders(tmp_path, capsys) -> None:
    texts = tmp_path / "texts.csv"
    rows = [f"{n},a {word} in the {place},{word}" for n, (word, place) in enumerate(PLACES)]
    texts.write_text("\n".join(["id,text,label", *rows]))
    words = ["compare", "minilm", "wordllama", "--items", str(texts), "-k", "3"]
    assert cli.main([*words, "--fail-if", "recall@3 by label < 5%"]) == 0
    assert "recall@3 by label < 5%" in capsys.readouterr().out


PLACES = [(word, place) for word in ("cat", "train", "share") for place in ("house", "wood", "city", "news")]


def test_lab_copies_the_tutorials_and_serves_the_first(tmp_path) -> None:
    command = [sys.executable, "-c", "import sys; from embedscope.cli import main; sys.exit(main())"]
    command += ["lab", str(tmp_path / "work"), "--no-browser"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        address = next(
            filter(None, (re.search(r"http://127\.0\.0\.1:\d+/lab\S*", line) for line in process.stdout))
        )[0]
        for _ in range(50):
            try:
                with urllib.request.urlopen(address, timeout=10) as page:
                    text = page.read().decode()
                break
            except OSError:
                time.sleep(0.2)
        assert "JupyterLab" in text
        assert tutorials.sources()[0].stem in address
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert (tmp_path / "work" / f"{tutorials.sources()[0].stem}.ipynb").exists()


def test_a_changed_tutorial_is_left_as_it_is(tmp_path) -> None:
    first = tutorials.copy_to(tmp_path).notebooks[0]
    first.write_text("mine")
    copied = tutorials.copy_to(tmp_path)
    assert copied.kept == copied.notebooks
    assert first.read_text() == "mine"


def test_tutorials_open_without_a_question(tmp_path) -> None:
    for path in tutorials.copy_to(tmp_path).notebooks:
        notebook = nbformat.read(path, as_version=4)
        assert notebook.metadata.kernelspec.name == "python3"
        assert len(notebook.cells) <= 25
