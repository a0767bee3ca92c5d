"""How much of an encode is done already."""

from __future__ import annotations

import numpy as np

from embedscope.encoders.protocol import Encoder
from embedscope.items.items import Items
from embedscope.spaces.cache_key import CacheKey
from embedscope.spaces.chunks import content_hashes
from embedscope.spaces.store import VectorStore


def count_cached(items: Items, encoder: Encoder, store: VectorStore | None = None) -> tuple[int, int]:
    """Count the vectors that the store has for items, as `embedscope.encode` would find them.

    Parameters
    ----------
    items : Items
        Items; equal contents count once, and problems do not count.
    encoder : Encoder
        The encoder, without role, task or fewer dims.
    store : VectorStore, optional
        The store; that of the user's cache when there is none.

    Returns
    -------
    cached : int
        Contents with a vector.
    total : int
        Contents in all.

    Examples
    --------
    >>> import tempfile
    >>> from embedscope.encoders.load import load_encoder
    >>> from embedscope.spaces.encode import encode
    >>> items, store = Items.from_texts(["a cat", "a dog"]), VectorStore(tempfile.mkdtemp())
    >>> encoder = load_encoder("wordllama", device="cpu")
    >>> _ = encode(items.sample(1), encoder, store=store, progress=False)
    >>> count_cached(items, encoder, store)
    (1, 2)
    """
    wanted = np.unique(content_hashes(items.valid))
    table = (store or VectorStore()).table(CacheKey(encoder.record))
    return len(wanted) - int(table.missing(wanted).sum()), len(wanted)
