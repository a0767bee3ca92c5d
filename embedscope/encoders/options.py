"""How an encoder is to be loaded, in one record that every adapter reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedscope._errors import InputError


@dataclass(frozen=True)
class LoadOptions:
    """What `embedscope.load_encoder` was told besides the name.

    Parameters
    ----------
    device : str, optional
        For example ``"cuda:1"``; the best one where nothing is said.
    batch_size : int, optional
        Most items a batch.
    dtype : {"float32", "bfloat16", "float16"}, optional
        Precision of matrix products.
    path : str or Path, optional
        Where the weights lie, instead of looking for them.
    revision : str, optional
        Branch, tag or commit on the hub.
    trust_remote_code : bool
        Run the Python files that come with the weights.
    extra : mapping
        What only some adapters know, for example ``pooling``.
    """

    device: str | None = None
    batch_size: int | None = None
    dtype: str | None = None
    path: str | Path | None = None
    revision: str | None = None
    trust_remote_code: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.batch_size is not None and self.batch_size < 1:
            raise InputError(f"batch_size={self.batch_size} came; it must be at least 1.")

    def extras(self, encoder: str, **defaults: Any) -> dict[str, Any]:
        """Give the adapter's own options, with defaults for what was not said.

        Parameters
        ----------
        encoder : str
            Name for the message.
        **defaults
            The options that the adapter knows.

        Returns
        -------
        dict
            The same keys.

        Raises
        ------
        InputError
            If an option came that the adapter does not know.

        Examples
        --------
        >>> LoadOptions(extra={"pooling": "cls"}).extras("transformers:x", pooling="mean", max_length=None)
        {'pooling': 'cls', 'max_length': None}
        """
        unknown = sorted(set(self.extra) - set(defaults))
        if unknown:
            known = ", ".join(
                ["device", "batch_size", "dtype", "path", "revision", "trust_remote_code", *defaults]
            )
            raise InputError(f"The encoder {encoder!r} has no option {unknown[0]!r}. It has: {known}.")
        return {**defaults, **self.extra}

    @property
    def run(self) -> dict[str, Any]:
        """The options that say where and how a model runs: device, batch_size, dtype."""
        return {"device": self.device, "batch_size": self.batch_size, "dtype": self.dtype}
