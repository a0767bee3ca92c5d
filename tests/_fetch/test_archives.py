"""Archives give the named files and nothing else, whatever is in them."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import FetchError
from embedscope._fetch.archives import check_folder, is_wanted, manifest_hash, safe_name, unpack

sys.path.insert(0, str(Path(__file__).parent))
from archive_makers import MAKERS, make_wheel, sha

FILES = {"data/a.txt": b"alpha", "data/deep/b.txt": b"beta", "setup.py": b"raise SystemExit('ran')"}
KINDS = sorted(MAKERS)


def listing(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_named_file_is_written(kind: str, tmp_path: Path, out: Path) -> None:
    archive = MAKERS[kind](tmp_path / f"one{kind}", FILES)
    unpack(archive, {"data/a.txt": sha(b"alpha")}, out)
    assert listing(out) == {"data/a.txt": b"alpha"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_pattern_takes_all_that_fit_and_checks_them_as_one(kind: str, tmp_path: Path, out: Path) -> None:
    archive = MAKERS[kind](tmp_path / f"one{kind}", FILES)
    whole = manifest_hash({"data/a.txt": sha(b"alpha"), "data/deep/b.txt": sha(b"beta")})
    unpack(archive, {"data/*.txt": whole}, out)
    assert listing(out) == {"data/a.txt": b"alpha", "data/deep/b.txt": b"beta"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_differs_is_refused(kind: str, tmp_path: Path, out: Path) -> None:
    archive = MAKERS[kind](tmp_path / f"one{kind}", {**FILES, "data/a.txt": b"alphA"})
    with pytest.raises(FetchError, match="not what it should be"):
        unpack(archive, {"data/a.txt": sha(b"alpha")}, out)


def test_a_file_more_or_less_changes_the_hash_of_a_pattern(tmp_path: Path, out: Path) -> None:
    whole = manifest_hash({"data/a.txt": sha(b"alpha"), "data/deep/b.txt": sha(b"beta")})
    more = make_wheel(tmp_path / "more.whl", {**FILES, "data/c.txt": b""})
    with pytest.raises(FetchError, match="not what it should be"):
        unpack(more, {"data/*.txt": whole}, out)


def test_one_of_several_accepted_hashes_is_enough(tmp_path: Path, out: Path) -> None:
    archive = make_wheel(tmp_path / "one.whl", FILES)
    unpack(archive, {"data/a.txt": (sha(b"alpha\r\n"), sha(b"alpha"))}, out)
    assert "data/a.txt" in listing(out)


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_file_is_named(kind: str, tmp_path: Path, out: Path) -> None:
    archive = MAKERS[kind](tmp_path / f"one{kind}", FILES)
    with pytest.raises(FetchError, match=r"no file 'data/c\.txt'"):
        unpack(archive, {"data/c.txt": sha(b"")}, out)


@pytest.mark.parametrize("bad", ["../evil.txt", "/etc/evil.txt", "data/../../evil.txt", "C:evil", "a\\..\\b"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_leaves_the_folder_is_refused(kind: str, bad: str, tmp_path: Path, out: Path) -> None:
    if kind == ".whl":
        archive = make_wheel(tmp_path / "one.whl", {bad: b"evil"})
    else:
        archive = tmp_path / "one.tgz"
        with tarfile.open(archive, "w:gz") as tar:
            info = tarfile.TarInfo(bad)
            info.size = 4
            tar.addfile(info, io.BytesIO(b"evil"))
    with pytest.raises(FetchError, match="unsafe name"):
        unpack(archive, {"*evil*": sha(b"evil")}, out)
    assert not list(tmp_path.rglob("evil*"))
    assert not Path("/etc/evil.txt").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_in_place_of_a_file_is_refused(kind: str, tmp_path: Path, out: Path) -> None:
    inside = {".whl": "data/a.txt", ".tgz": "package/data/a.txt", ".deb": "./data/a.txt"}[kind]
    archive = MAKERS[kind](tmp_path / f"one{kind}", {}, {inside: "/etc/passwd"})
    with pytest.raises(FetchError, match="link"):
        unpack(archive, {"data/a.txt": sha(b"")}, out)
    assert listing(out) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_to_a_folder_cannot_lead_a_later_file_astray(kind: str, tmp_path: Path, out: Path) -> None:
    goal = tmp_path / "elsewhere"
    goal.mkdir()
    inside = {".whl": "data", ".tgz": "package/data", ".deb": "./data"}[kind]
    archive = MAKERS[kind](tmp_path / f"one{kind}", {"data/a.txt": b"alpha"}, {inside: str(goal)})
    unpack(archive, {"data/a.txt": sha(b"alpha")}, out)
    assert not list(goal.iterdir())


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_archive_is_an_error_with_its_name(kind: str, tmp_path: Path, out: Path) -> None:
    archive = MAKERS[kind](tmp_path / f"one{kind}", {"a": bytes(range(256)) * 500})
    archive.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(FetchError, match=f"one{kind}"):
        unpack(archive, {"a": sha(b"")}, out)


def test_an_archive_of_another_kind_is_refused(tmp_path: Path, out: Path) -> None:
    place = tmp_path / "one.rar"
    place.write_bytes(b"Rar!")
    with pytest.raises(FetchError, match="no archive of a known kind"):
        unpack(place, {"a": ""}, out)


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb to make and read a real package")
def test_a_package_made_by_debian_reads_as_debian_reads_it(tmp_path: Path, out: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(
        "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: x\n"
    )
    (tree / "usr" / "share").mkdir(parents=True)
    (tree / "usr" / "share" / "a.txt").write_bytes(b"alpha")
    deb, oracle = tmp_path / "x.deb", tmp_path / "oracle"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-b", tree, deb], check=True, capture_output=True
    )
    subprocess.run(["dpkg-deb", "-x", deb, oracle], check=True)
    unpack(deb, {"usr/*.txt": manifest_hash({"usr/share/a.txt": sha(b"alpha")})}, out)
    assert listing(out) == listing(oracle)


def test_an_unpacked_folder_is_checked_where_it_lies(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    whole = manifest_hash({"data/a.txt": sha(b"alpha"), "data/deep/b.txt": sha(b"beta")})
    check_folder(tmp_path, {"data/*.txt": whole, "setup.py": sha(FILES["setup.py"])})
    (tmp_path / "data" / "a.txt").write_bytes(b"other")
    with pytest.raises(FetchError, match="not what it should be"):
        check_folder(tmp_path, {"data/*.txt": whole})


@settings(deadline=None)
@given(st.text(alphabet="ab./\\:", max_size=12))
def test_a_safe_name_always_stays_below(name: str) -> None:
    try:
        safe = safe_name(name, "x")
    except FetchError:
        return
    base = Path("/base")
    assert base in [base / safe, *(base / safe).resolve().parents] or (base / safe) == base


def test_a_star_stands_for_any_characters() -> None:
    assert is_wanted("a/b/c.txt", ["a/*.txt"])
    assert not is_wanted("b/c.txt", ["a/*.txt", "c.txt"])


def test_the_manifest_does_not_depend_on_the_order() -> None:
    assert manifest_hash({"a": "1", "b": "2"}) == manifest_hash({"b": "2", "a": "1"})
    assert manifest_hash({"a": "1"}) != manifest_hash({"a": "2"})
