"""Cut a net by how much of its end is trained; a backbone that cannot be cut is frozen whole.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import nn

from embedscope._errors import InputError
from embedscope.encoders.embedding_net import EmbeddingNet
from embedscope.training.cut import CutNet, Rest, Stem, can_be_cut, count_blocks, cut_net

# A cut after all of a backbone, its pooling too; `cut_net` counts blocks from 0.
AFTER_ALL = -1


class HeadAlone(Rest):
    """The head of a net whose whole backbone is the stem.

    Parameters
    ----------
    net : EmbeddingNet
        The net whose head is used: train it and the net is trained.
    """

    def __init__(self, net: EmbeddingNet) -> None:
        super().__init__(nn.Sequential(), net)

    def pooled(
        self, features: Float[torch.Tensor, "images width 1 1"]
    ) -> Float[torch.Tensor, "images width"]:
        """Give the pooled features before the head.

        Parameters
        ----------
        features : Tensor of float, shape (images, width, 1, 1)
            As the stem gives them.

        Returns
        -------
        Tensor of float, shape (images, width)
            The same numbers.
        """
        return features.flatten(1)


def cut_last(net: EmbeddingNet, trained_blocks: int) -> CutNet:
    """Cut a net before its last blocks. What comes before is frozen by it.

    Parameters
    ----------
    net : EmbeddingNet
        With any backbone. Both halves share its parameters.
    trained_blocks : int
        Blocks after the cut. 0: what comes after the last one, a last convolution and the head; of a backbone
        that cannot be cut, such as a transformer, the head alone.

    Returns
    -------
    CutNet
        ``rest(stem(images))`` is ``net(images)``.

    Raises
    ------
    InputError
        If the backbone has no so many blocks, or cannot be cut and more than the head is wanted.

    Examples
    --------
    >>> from embedscope.encoders.embedding_net import NetConfig
    >>> cut = cut_last(EmbeddingNet(NetConfig("test_vit", image_size=160)), 0)
    >>> cut.feature_shape()
    (64, 1, 1)
    """
    if can_be_cut(net):
        blocks = count_blocks(net)
        if trained_blocks > blocks:
            raise InputError(
                f"trained_blocks={trained_blocks} came; {net.config.backbone!r} has {blocks} blocks."
            )
        return cut_net(net, blocks - trained_blocks)
    if trained_blocks:
        raise InputError(
            f"trained_blocks={trained_blocks} came, and {net.config.backbone!r} cannot be cut between blocks "
            "as an EfficientNet or a ResNet of timm can: trained_blocks=0 keeps the features of all of it "
            "and trains the head, trained_blocks=None trains all of it."
        )
    as_image = nn.Unflatten(1, (net.width, 1, 1))
    return CutNet(Stem(nn.Sequential(net.backbone, as_image)), HeadAlone(net), AFTER_ALL)
