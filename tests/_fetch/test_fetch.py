"""A fetched folder is whole or not there, whoever is killed, and whoever comes second."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from embedscope._errors import FetchError
from embedscope._fetch import fetch_apt, fetch_npm, fetch_pip, make_folder

sys.path.insert(0, str(Path(__file__).parent))
from archive_makers import MAKERS, make_wheel, sha

VERBS = {".whl": fetch_pip, ".tgz": fetch_npm, ".deb": fetch_apt}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "packages"


@pytest.mark.parametrize("kind", sorted(VERBS))
def test_an_archive_that_the_person_brings(kind: str, tmp_path: Path, own_cache: Path) -> None:
    archive = MAKERS[kind](tmp_path / f"one{kind}", {"a.txt": b"alpha"})
    folder = VERBS[kind]("one", "1.0", {"a.txt": sha(b"alpha")}, path=archive)
    assert folder.parent == own_cache
    assert (folder / "a.txt").read_bytes() == b"alpha"
    archive.unlink()
    assert VERBS[kind]("one", "1.0", {"a.txt": sha(b"alpha")}) == folder


@pytest.mark.parametrize("inner", ["", "package"])
def test_a_folder_that_the_person_brings_is_used_where_it_lies(inner: str, tmp_path: Path) -> None:
    folder = tmp_path / "brought" / inner
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"alpha")
    assert fetch_npm("one", "1.0", {"a.txt": sha(b"alpha")}, path=tmp_path / "brought") == folder
    with pytest.raises(FetchError, match="not what it should be"):
        fetch_npm("one", "1.0", {"a.txt": sha(b"beta")}, path=tmp_path / "brought")


def test_a_wrong_file_leaves_nothing_in_the_cache(tmp_path: Path, own_cache: Path) -> None:
    archive = make_wheel(tmp_path / "one.whl", {"a.txt": b"beta"})
    with pytest.raises(FetchError, match="not what it should be"):
        fetch_pip("one", "1.0", {"a.txt": sha(b"alpha")}, path=archive)
    assert [path.name for path in own_cache.iterdir() if path.is_dir()] == []


def test_other_files_of_one_package_are_another_folder(tmp_path: Path) -> None:
    archive = make_wheel(tmp_path / "one.whl", {"a.txt": b"alpha", "b.txt": b"beta"})
    first = fetch_pip("one", "1.0", {"a.txt": sha(b"alpha")}, path=archive)
    assert fetch_pip("one", "1.0", {"b.txt": sha(b"beta")}, path=archive) != first


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="path= takes"):
        fetch_pip("one", "1.0", {"a": ""}, path=tmp_path / "nowhere.whl")
    with pytest.raises(FetchError, match="No file of one"):
        fetch_pip("one", "1.0", {})


FILL = """
import sys, time
from pathlib import Path
from embedscope._fetch import make_folder

def fill(folder):
    with open(sys.argv[1], "a") as log:
        log.write("filled\\n")
    (folder / "half").write_text("half")
    print("half", flush=True)
    time.sleep(float(sys.argv[2]))
    (folder / "whole").write_text("whole")

print(make_folder("thing", fill))
"""


def start(log: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", FILL, str(log), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))


def test_a_killed_process_leaves_nothing_and_the_next_one_goes_on(tmp_path: Path, own_cache: Path) -> None:
    killed = start(tmp_path / "log", 60)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "half\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not (own_cache / "thing").exists()
    folder = make_folder("thing", lambda place: (place / "whole").write_text("again"))
    assert sorted(path.name for path in folder.iterdir()) == ["whole"]
    assert not list(own_cache.glob("*.partial"))


def test_processes_at_the_same_time_fill_once(tmp_path: Path, own_cache: Path) -> None:
    log = tmp_path / "log"
    runs = [start(log, 0.5) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert log.read_text() == "filled\n"
    assert sorted(path.name for path in (own_cache / "thing").iterdir()) == ["half", "whole"]


def test_a_fill_that_fails_leaves_nothing(own_cache: Path) -> None:
    def fill(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        make_folder("thing", fill)
    assert not (own_cache / "thing").exists()
    assert not list(own_cache.glob("*.partial"))


def test_a_kill_at_any_moment_of_unpacking_is_survived(tmp_path: Path, own_cache: Path) -> None:
    data = os.urandom(1 << 16) * 400
    archive = make_wheel(tmp_path / "big.whl", {"a.bin": data})
    code = f"from embedscope._fetch import fetch_pip; fetch_pip('big', '1', {{'a.bin': {sha(data)!r}}}, path={str(archive)!r})"
    for wait in (0.2, 0.35, 0.5):
        process = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
        time.sleep(wait)
        process.kill()
        process.wait()
        for found in own_cache.glob("pip-big-1-????????") if own_cache.exists() else ():
            assert (found / "a.bin").stat().st_size == len(data)
    assert (fetch_pip("big", "1", {"a.bin": sha(data)}, path=archive) / "a.bin").read_bytes() == data
