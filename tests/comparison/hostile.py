"""Names that would be markup, formulas or turned lines if a picture read them."""

from __future__ import annotations

import json

import numpy as np

from embedscope.comparison.comparison import compare
from embedscope.items.items import Items
from embedscope.spaces.space import Space

NAMES = ("<b>x</b>", "<img src=x onerror=alert(1)>", "$\\frac{1}{0}$", "\u202egnp\x00 & \n", "w" * 5000)


def hostile_comparison(n=100):
    """Compare spaces whose labels are those names, and whose column is called `<i>by</i>`."""
    rng = np.random.default_rng(0)
    codes = np.arange(n) % len(NAMES)
    teacher = rng.standard_normal((len(NAMES), 6))[codes] + 0.5 * rng.standard_normal((n, 6))
    ids = [f"i{row}" for row in range(n)]
    items = Items.from_texts(["text"] * n, ids=ids, columns={"<i>by</i>": [NAMES[code] for code in codes]})
    sides = (Space.from_arrays(vectors, ids=ids, items=items) for vectors in (teacher, teacher[:, :4]))
    return compare(*sides, label="<i>by</i>")


def assert_harmless(figure):
    """Only the figure's own line breaks and bold words are markup."""
    text = json.dumps(json.loads(figure.to_json()))
    for own in ("<b>%{", "}</b>", "<br>", "<extra></extra>", "<b>teacher</b>", "<b>student</b>", " dims</b>"):
        text = text.replace(own, "")
    assert "<" not in text
    assert "frac" not in text or "&#36;" in text
    assert "\\u202e" not in text.lower()
    assert "\u202e" not in text
    assert "www" * 20 not in text
