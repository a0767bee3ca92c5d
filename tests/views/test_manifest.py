"""The Python class and the front end name the same traits."""

from __future__ import annotations

import json
import re
from pathlib import Path

from embedscope.views.widget import wire_traits


def test_the_front_ends_manifest_is_this_class(repo: Path) -> None:
    assert json.loads((repo / "widgets/test/model_manifest.json").read_text()) == wire_traits()


def test_the_front_ends_interface_is_this_class(repo: Path) -> None:
    source = (repo / "widgets/src/model.ts").read_text()
    body = re.search(r"export interface Model \{(.*?)\n\}", source, re.DOTALL)[1]
    assert sorted(re.findall(r"^ {2}(\w+): ", body, re.MULTILINE)) == wire_traits()
