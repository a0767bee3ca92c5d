"""The table of encoders, through the room that is called like it."""

from __future__ import annotations

import subprocess
import sys

import embedscope as es
from embedscope.encoders.catalogue import list_encoders
from embedscope.encoders.packaged import PACKAGED


def test_the_room_is_called_like_the_verb_and_works_twice():
    import embedscope.encoders.load

    assert embedscope.encoders.load.load_encoder is es.load_encoder
    for _ in range(2):
        assert list(es.encoders().rows) == list(list_encoders().rows)


def test_every_packaged_encoder_has_a_row():
    table = es.encoders()
    assert set(PACKAGED) <= set(table.column("name"))
    assert "384" in repr(table)
    assert "<th" in table._repr_html_()


def test_what_is_not_here_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path))
    here = dict(zip(es.encoders().column("name"), es.encoders().column("here"), strict=True))
    assert here["minilm"] is False
    assert here["timm:<architecture or folder>"] is None


def test_the_table_needs_no_torch():
    code = "import sys, embedscope as es; es.encoders(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
