"""Cut a net in two: a frozen stem, whose output can be kept on disk, and the rest, which is trained.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Float32
from timm.models import EfficientNet, ResNet
from torch import nn

from embedscope._errors import InputError
from embedscope.encoders.embedding_net import EmbeddingNet
from embedscope.encoders.state import hash_state


class Stem(nn.Module):
    """The first layers of a net's backbone: frozen, always in evaluation mode.

    Parameters
    ----------
    steps : nn.Sequential
        The layers, shared with the net.
    """

    def __init__(self, steps: nn.Sequential) -> None:
        super().__init__()
        self.steps = steps
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> Stem:  # noqa: ARG002 - what is kept on disk must stay true
        """Stay in evaluation mode.

        Parameters
        ----------
        mode : bool
            Makes no difference.

        Returns
        -------
        Stem
            Itself.
        """
        return super().train(False)

    def forward(
        self, images: Float[torch.Tensor, "images 3 height width"]
    ) -> Float[torch.Tensor, "images channels rows columns"]:
        """Compute the features at the cut.

        Parameters
        ----------
        images : Tensor of float, shape (images, 3, height, width)
            Prepared as the net wants them.

        Returns
        -------
        Tensor of float, shape (images, channels, rows, columns)
            What `Rest` takes.
        """
        features: torch.Tensor = self.steps(images)
        return features


class Rest(nn.Module):
    """What comes after the cut: the last layers, pooling and head. Its parameters are the net's own.

    Parameters
    ----------
    steps : nn.Sequential
        The layers after the cut, shared with the net.
    net : EmbeddingNet
        The net whose pooling and head are used: train the rest and the net is trained.
    """

    def __init__(self, steps: nn.Sequential, net: EmbeddingNet) -> None:
        super().__init__()
        self.steps = steps
        self.norm, self.head = net.norm, net.head
        # Held beside the modules: the whole net as a child would hand the stem to an optimiser.
        self._net = (net,)

    @property
    def net(self) -> EmbeddingNet:
        """The whole net, to be saved."""
        return self._net[0]

    def forward(
        self, features: Float[torch.Tensor, "images channels rows columns"]
    ) -> Float32[torch.Tensor, "images dims"]:
        """Embed the features at the cut.

        Parameters
        ----------
        features : Tensor of float, shape (images, channels, rows, columns)
            As `Stem` gives them, or float16 from disk, made float.

        Returns
        -------
        Tensor of float32, shape (images, dims)
            Of unit length.
        """
        return self.net.embed(self.pooled(features))

    def pooled(
        self, features: Float[torch.Tensor, "images channels rows columns"]
    ) -> Float[torch.Tensor, "images width"]:
        """Give the pooled features before the head.

        Parameters
        ----------
        features : Tensor of float, shape (images, channels, rows, columns)
            As in `forward`.

        Returns
        -------
        Tensor of float, shape (images, width)
            What ``start_head`` takes.
        """
        backbone: Any = self.net.backbone
        pooled: torch.Tensor = backbone.forward_head(self.steps(features))
        return pooled


@dataclass(frozen=True, eq=False)
class CutNet:
    """A net in two halves that share its parameters.

    Parameters
    ----------
    stem : Stem
        Frozen.
    rest : Rest
        Trained.
    after : int
        The cut: so many of the backbone's blocks are in the stem.
    """

    stem: Stem
    rest: Rest
    after: int

    @property
    def net(self) -> EmbeddingNet:
        """The whole net."""
        return self.rest.net

    @property
    def fingerprint(self) -> str:
        """Hash of the stem's weights and layers: what its features depend on, besides the images."""
        return hash_state(self.stem)

    def feature_shape(self) -> tuple[int, int, int]:
        """Tell the shape of one image's features.

        Returns
        -------
        tuple of int
            Channels, rows and columns.
        """
        size = self.net.config.image_size
        device = next(self.stem.parameters()).device
        with torch.no_grad():
            _, channels, rows, columns = self.stem(torch.zeros(1, 3, size, size, device=device)).shape
        return int(channels), int(rows), int(columns)


def cut_net(net: EmbeddingNet, after: int) -> CutNet:
    """Cut a net after one of its backbone's blocks. The stem is frozen by it.

    Parameters
    ----------
    net : EmbeddingNet
        With a backbone of timm's EfficientNet or ResNet families. Both halves share its parameters.
    after : int
        Blocks in the stem, from 0 (only the first convolution) to `count_blocks` (all; the rest then begins
        with the last convolution of an EfficientNet, or the pooling of a ResNet).

    Returns
    -------
    CutNet
        ``rest(stem(images))`` is ``net(images)``.

    Raises
    ------
    InputError
        If the backbone cannot be cut, or has no such block.
    """
    first, blocks, last = _steps(net.backbone)
    if not 0 <= after <= len(blocks):
        raise InputError(f"after={after} came; {net.config.backbone!r} has {len(blocks)} blocks: 0 to that.")
    stem = Stem(nn.Sequential(*first, *blocks[:after]))
    return CutNet(stem, Rest(nn.Sequential(*blocks[after:], *last), net), after)


def can_be_cut(net: EmbeddingNet) -> bool:
    """Tell whether a net's backbone is one that `cut_net` can cut.

    Parameters
    ----------
    net : EmbeddingNet
        Any.

    Returns
    -------
    bool
        True for timm's EfficientNet and ResNet families.
    """
    return isinstance(net.backbone, EfficientNet | ResNet)


def count_blocks(net: EmbeddingNet) -> int:
    """Count the blocks after which a net can be cut.

    Parameters
    ----------
    net : EmbeddingNet
        As `cut_net` takes it.

    Returns
    -------
    int
        The largest ``after``.
    """
    return len(_steps(net.backbone)[1])


def _steps(backbone: nn.Module) -> tuple[list[nn.Module], list[nn.Module], list[nn.Module]]:
    """Give what comes before the blocks, the blocks, and what comes after them up to the pooling."""
    model: Any = backbone
    if isinstance(backbone, EfficientNet):
        blocks = [block for stage in model.blocks for block in stage]
        return [model.conv_stem, model.bn1], blocks, [model.conv_head, model.bn2]
    if isinstance(backbone, ResNet):
        stages = (model.layer1, model.layer2, model.layer3, model.layer4)
        first = [model.conv1, model.bn1, model.act1, model.maxpool]
        return first, [block for stage in stages for block in stage], []
    raise InputError(
        f"A backbone of type {type(backbone).__name__} cannot be cut; wanted an EfficientNet or a ResNet of "
        "timm. Train the whole net instead."
    )
