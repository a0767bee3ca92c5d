"""Augmented images that are the same each time: drawn from the image's content and a number."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image as PILImage
from PIL import ImageEnhance

from embedscope._errors import InputError

_COLOURS = (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color)


@dataclass(frozen=True)
class Augmentation:
    """How much an image is changed; index 0 is always the image as it is.

    Parameters
    ----------
    crop : float
        Least share of the image's area that is kept, from 0.05 to 1; 1: all of it.
    flip : float
        Probability of a left-right flip; 0 where the side matters, as for digits and logos.
    colour : float
        Most change of brightness, contrast and saturation, from 0 to 1.
    seed : int
        Another seed draws other changes.

    Examples
    --------
    >>> image = PILImage.new("RGB", (40, 20), "red")
    >>> Augmentation().apply(image, b"content", 0) is image
    True
    """

    crop: float = 0.6
    flip: float = 0.0
    colour: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        inside = 0.05 <= self.crop <= 1 and 0 <= self.flip <= 1 and 0 <= self.colour <= 1
        if not inside:
            raise InputError(
                f"crop={self.crop}, flip={self.flip}, colour={self.colour} came; wanted crop from 0.05 to 1 "
                "and the others from 0 to 1."
            )

    def to_json(self) -> dict[str, Any]:
        """Give the record as JSON values.

        Returns
        -------
        dict
            Its fields.
        """
        return asdict(self)

    def apply(self, image: PILImage.Image, content: bytes, index: int) -> PILImage.Image:
        """Change an image.

        Parameters
        ----------
        image : PIL.Image.Image
            Decoded, mode RGB.
        content : bytes
            A hash of the image: equal images are changed alike.
        index : int
            Which of its variants; 0 is the image itself.

        Returns
        -------
        PIL.Image.Image
            Mode RGB; the sides' ratio changes by a third at most.
        """
        if index == 0:
            return image
        rng = np.random.default_rng([self.seed, index, int.from_bytes(content[:8], "little")])
        changed = self._cropped(image, rng)
        if rng.random() < self.flip:
            changed = changed.transpose(PILImage.Transpose.FLIP_LEFT_RIGHT)
        for enhance in _COLOURS:
            changed = enhance(changed).enhance(1 + self.colour * rng.uniform(-1, 1))
        return changed

    def _cropped(self, image: PILImage.Image, rng: np.random.Generator) -> PILImage.Image:
        share = rng.uniform(self.crop, 1)
        # A crop that keeps everything cannot change the ratio.
        stretch = np.exp(rng.uniform(-1, 1) * np.log(4 / 3) / 2) if self.crop < 1 else 1.0
        width = max(1, round(min(1.0, np.sqrt(share) * stretch) * image.width))
        height = max(1, round(min(1.0, np.sqrt(share) / stretch) * image.height))
        left = int(rng.integers(0, image.width - width + 1))
        top = int(rng.integers(0, image.height - height + 1))
        return image.crop((left, top, left + width, top + height))
