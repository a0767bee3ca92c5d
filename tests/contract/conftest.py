"""The contract suites stand on the same small models as the encoders' own tests."""

from __future__ import annotations

import runpy
from pathlib import Path

# Test folders are no packages, so the fixtures are read from where they are written.
_encoders = runpy.run_path(str(Path(__file__).parents[1] / "encoders" / "conftest.py"))

models = _encoders["models"]
bert_folder = _encoders["bert_folder"]
st_folder = _encoders["st_folder"]
decoder_folder = _encoders["decoder_folder"]
clip_folder = _encoders["clip_folder"]
timm_folder = _encoders["timm_folder"]
small_net = _encoders["small_net"]
net_folder = _encoders["net_folder"]
pictures = _encoders["pictures"]
save_bert = _encoders["save_bert"]
