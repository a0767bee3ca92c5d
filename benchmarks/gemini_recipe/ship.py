"""Put the recipe's model where the package keeps its own: `embedscope.load_encoder("scope-text")`.

    python benchmarks/gemini_recipe/ship.py --preset cpu

takes the soup; its model must lie in the work folder. What training changed of the decoder's linear layers is
kept as a low-rank adapter that peft loads, in half precision.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from data import PROMPTS
from recipe import DECODER, PRESETS
from report import read_rows

from embedscope.encoders.llm import build_llm
from embedscope.encoders.llm_adapter import apply_adapter, save_adapter
from embedscope.encoders.scope_text import CONFIG, FOLDER

HERE = Path(__file__).parent
_TEXTS = ["A quick look at the embedding.", "def mean(values):\n    return sum(values) / len(values)"]
# Of the decoder's weights. What the adapter was trained on is in the notes.
_LICENCE = "Apache-2.0"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=PRESETS, default="cpu")
    parser.add_argument("--work", type=Path, default=HERE / "work", help="folder of the table's models")
    parser.add_argument("--rank", type=int, default=32)
    options = parser.parse_args()
    preset = PRESETS[options.preset]
    shape: dict[str, Any] = {name: preset.recipe.get(name) for name in ("layers", "projection", "max_length")}
    trained = build_llm(options.work / options.preset / "soup")
    untrained = build_llm(DECODER, **shape)
    lost = save_adapter(trained, untrained, FOLDER, options.rank)
    rows = read_rows(HERE / "results" / options.preset)
    notes = {
        "trained_on": "docstrings of scikit-learn and networkx, verses of the Quran, questions and answers, "
        "20 Newsgroups: see benchmarks/gemini_recipe/data.py",
        "mean_of_types": round(float(rows["soup"].means.mean()), 4),
    }
    config = {"decoder": DECODER, **shape, "prompts": PROMPTS, "licence": _LICENCE, "notes": notes}
    (FOLDER / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    shipped = apply_adapter(untrained, FOLDER)
    cosines = (trained.encode(_TEXTS) * shipped.encode(_TEXTS)).sum(axis=1)
    size = sum(file.stat().st_size for file in FOLDER.iterdir()) / 1e6
    print(f"{FOLDER.relative_to(HERE.parents[1])}: {size:.1f} MB; rank {options.rank} leaves out {lost:.2%}")
    print(f"cosine to the whole model {np.min(cosines):.6f} at least")


if __name__ == "__main__":
    main()
