"""Small pictures of image items for hover cards, made on demand and kept while they are wanted."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict

from embedscope.items.payloads import Image

THUMBNAIL_PIXELS = 96


def make_thumbnail(image: Image, pixels: int = THUMBNAIL_PIXELS) -> bytes:
    """Shrink an image for a hover card.

    Parameters
    ----------
    image : Image
        The item's payload.
    pixels : int
        Its longer side at most.

    Returns
    -------
    bytes
        A WebP file, or PNG where Pillow was built without WebP; about 2 kB.
    """
    from PIL import features

    picture = image.open()
    picture.thumbnail((pixels, pixels))
    file = io.BytesIO()
    if features.check("webp"):
        picture.save(file, "WEBP", quality=80, method=2)
    else:
        picture.save(file, "PNG", optimize=True)
    return file.getvalue()


class ThumbnailCache:
    """The thumbnails that were wanted last, by row; safe to use from several threads.

    Parameters
    ----------
    size : int
        How many are kept; 2,048 are about 5 MB.
    """

    def __init__(self, size: int = 2048) -> None:
        self.size = size
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, row: int, image: Image) -> bytes:
        """Give a row's thumbnail, made now if it is not kept.

        Parameters
        ----------
        row : int
            The item's row.
        image : Image
            Its payload.

        Returns
        -------
        bytes
            An encoded picture.
        """
        with self._lock:
            if row in self._kept:
                self._kept.move_to_end(row)
                return self._kept[row]
        made = make_thumbnail(image)
        with self._lock:
            self._kept[row] = made
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)
        return made
