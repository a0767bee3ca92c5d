"""Names come apart and go together again."""

from __future__ import annotations

import pytest

from embedscope.encoders.names import join_name, split_name


@pytest.mark.parametrize(
    ("base", "options"),
    [
        ("minilm", {}),
        ("transformers:owner/name", {"pooling": "cls", "max_length": 12, "normalise": False}),
        ("sentence-transformers:/a/folder with ünicode", {"revision": "v1.0"}),
        ("transformers:x", {"prompts": {"query": "query: ", "document": "a&b=c?d"}}),
        ("open_clip:ViT-B-32//x/y.safetensors", {}),
    ],
)
def test_joined_names_split_into_the_same(base, options):
    scheme, place, found = split_name(join_name(base, options))
    assert (f"{scheme}:{place}" if scheme else place) == base
    assert found == options


def test_none_is_left_out():
    assert join_name("a", {"b": None}) == "a"


def test_a_text_that_looks_like_a_number_stays_what_json_says():
    assert split_name("a?b=1.5&c=one")[2] == {"b": 1.5, "c": "one"}
