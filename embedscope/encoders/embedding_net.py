"""EmbeddingNet: a backbone, a small head, vectors of unit length; what embedscope trains.

This file imports torch and timm: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Float32
from PIL import Image as PILImage
from timm.data import create_transform
from torch import nn

from embedscope._errors import InputError
from embedscope.encoders.backbones import build_backbone, trained_backbone


@dataclass(frozen=True)
class NetConfig:
    """All that builds an `EmbeddingNet` and prepares its images; JSON values only.

    Parameters
    ----------
    backbone : str
        timm's name of an architecture, without a tag; or "open_clip:" and one of open_clip's, whose image
        tower it is.
    backbone_options : mapping
        What ``timm.create_model`` is given besides; or a tower's ``embed_dim``, ``vision_cfg`` and
        ``quick_gelu``, by default the architecture's.
    pooling : str
        timm's ``global_pool``: "avg", "max", "avgmax", "catavgmax", "token", ...; the backbone's own where
        nothing is said. A tower of open_clip pools by itself.
    standardise : bool
        Give each pooled feature mean 0 and variance 1 before the head: a batch norm without parameters.
    hidden : int
        Width of the head's hidden layer; 0: the head is linear.
    dims : int
        Length of a vector; 0: there is no head, the pooled features are the vector.
    image_size : int
        Pixels of the square that the backbone sees.
    mean, std : tuple of float
        Of each colour, from 0 to 1.
    interpolation : str
        "bicubic", "bilinear", "nearest", "lanczos".
    crop_pct : float
        Share of the resized image's side that is kept.
    crop_mode : {"center", "squash", "border"}
        How an image becomes a square: cut, squeezed, or with a border added.
    licence : str
        Of the weights.
    """

    backbone: str = "efficientnet_lite0"
    backbone_options: Mapping[str, Any] = field(default_factory=dict)
    pooling: str = ""
    standardise: bool = False
    hidden: int = 0
    dims: int = 64
    image_size: int = 224
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)
    interpolation: str = "bicubic"
    crop_pct: float = 1.0
    crop_mode: str = "center"
    licence: str = ""

    def __post_init__(self) -> None:
        if self.image_size < 8 or self.dims < 0 or self.hidden < 0:
            raise InputError(
                f"image_size={self.image_size}, dims={self.dims}, hidden={self.hidden} came; "
                "wanted at least 8 pixels, and widths of 0 or more."
            )
        if self.hidden and not self.dims:
            raise InputError(
                f"hidden={self.hidden} came with dims=0: a net without a head has no such layer."
            )

    def to_json(self) -> dict[str, Any]:
        """Give the configuration as JSON values.

        Returns
        -------
        dict
            What `from_json` takes.
        """
        return {**asdict(self), "mean": list(self.mean), "std": list(self.std)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> NetConfig:
        """Make a configuration of JSON values.

        Parameters
        ----------
        values : mapping
            As `to_json` gives them.

        Returns
        -------
        NetConfig
            The same as was written.

        Raises
        ------
        InputError
            If a key is unknown.

        Examples
        --------
        >>> config = NetConfig(dims=32)
        >>> NetConfig.from_json(config.to_json()) == config
        True
        """
        unknown = sorted(set(values) - {known.name for known in fields(cls)})
        if unknown:
            raise InputError(f"A net's configuration has no {unknown[0]!r}; a newer embedscope may have it.")
        tuples = {key: tuple(values[key]) for key in ("mean", "std") if key in values}
        return cls(**{**values, **tuples})

    def transform(self) -> Callable[[PILImage.Image], torch.Tensor]:
        """Give what makes a tensor of a decoded image.

        Returns
        -------
        callable
            From an RGB image to float32 (3, image_size, image_size).
        """
        prepare: Callable[[PILImage.Image], torch.Tensor] = create_transform(
            (3, self.image_size, self.image_size),
            interpolation=self.interpolation,
            mean=self.mean,
            std=self.std,
            crop_pct=self.crop_pct,
            crop_mode=self.crop_mode,
            is_training=False,
        )
        return prepare


class EmbeddingNet(nn.Module):
    """A backbone with pooling, a head, and unit-length output.

    Parameters
    ----------
    config : NetConfig
        What it is built of; its weights are random. `pretrained_net` gives the backbone trained ones.

    Raises
    ------
    MissingError
        If there is no such architecture.
    InputError
        If the backbone cannot see images of that size.
    """

    def __init__(self, config: NetConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = build_backbone(config.backbone, config.backbone_options, config.pooling)
        self.width = _width(self.backbone, config)
        self.norm: nn.Module = (
            nn.BatchNorm1d(self.width, affine=False) if config.standardise else nn.Identity()
        )
        self.head = _head(self.width, config.hidden, config.dims)

    @property
    def dims(self) -> int:
        """Length of a vector."""
        return self.config.dims or self.width

    def forward(
        self, images: Float[torch.Tensor, "images 3 height width"]
    ) -> Float32[torch.Tensor, "images dims"]:
        """Embed prepared images.

        Parameters
        ----------
        images : Tensor of float, shape (images, 3, height, width)
            As `NetConfig.transform` makes them.

        Returns
        -------
        Tensor of float32, shape (images, dims)
            Of unit length.
        """
        return self.embed(self.backbone(images))

    def embed(self, features: Float[torch.Tensor, "images width"]) -> Float32[torch.Tensor, "images dims"]:
        """Make vectors of the backbone's pooled features.

        Parameters
        ----------
        features : Tensor of float, shape (images, width)
            What ``backbone`` gives.

        Returns
        -------
        Tensor of float32, shape (images, dims)
            Of unit length, computed in float32 under mixed precision too.
        """
        vectors = self.head(self.norm(features))
        return nn.functional.normalize(vectors.float(), dim=1)


def _width(backbone: nn.Module, config: NetConfig) -> int:
    """Ask the backbone itself: pooling can double what its attributes say."""
    size = config.image_size
    training = backbone.training
    try:
        with torch.no_grad():
            features: torch.Tensor = backbone.eval()(torch.zeros(1, 3, size, size))
    except (AssertionError, RuntimeError) as error:
        # A transformer has a place for each of its patches and no other.
        raise InputError(
            f"{config.backbone!r} cannot see images of {size} px ({error}): leave image_size out."
        ) from error
    backbone.train(training)
    return int(features.shape[1])


def _head(width: int, hidden: int, dims: int) -> nn.Module:
    if not dims:
        return nn.Identity()
    if not hidden:
        return nn.Linear(width, dims)
    return nn.Sequential(nn.Linear(width, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, dims))


def pretrained_net(
    backbone: str = "efficientnet_lite0", *, path: str | Path | None = None, **changes: Any
) -> EmbeddingNet:
    """Build a net on a backbone with trained weights; its head is random.

    Parameters
    ----------
    backbone : str
        A timm name, packaged or on the hub; or "open_clip:" and an architecture with a tag or a file of
        weights, or a folder.
    path : str or Path, optional
        Where the backbone's weights lie, instead of fetching them.
    **changes
        Fields of `NetConfig`: ``dims``, ``hidden``, ``image_size``, ``crop_mode``, ... Mean, standard
        deviation and interpolation are the backbone's own where nothing is said.

    Returns
    -------
    EmbeddingNet
        On the CPU, in evaluation mode.

    Raises
    ------
    MissingError
        If there is no such backbone, here or on the hub.
    InputError
        If a change is no field of `NetConfig`, or the weights are of another architecture.

    Notes
    -----
    The head's numbers are drawn from torch's generator: seed it before. `start_head` starts a linear head
    from the features' principal components instead.
    """
    unknown = sorted(set(changes) - {known.name for known in fields(NetConfig)})
    if unknown:
        raise InputError(f"A net has no option {unknown[0]!r}; it has the fields of NetConfig.")
    found = trained_backbone(backbone, path)
    net = EmbeddingNet(NetConfig(**{**found.fields, **changes}))
    try:
        net.backbone.load_state_dict(found.state)
    except RuntimeError as error:
        raise InputError(
            f"The weights of {found.name!r} do not fit {net.config.backbone!r}: {error}"
        ) from error
    return net.eval()


def start_head(
    net: EmbeddingNet, features: Float32[torch.Tensor, "items width"], whiten: float = 0.0
) -> None:
    """Start a linear head from the principal components of the backbone's features.

    A random head forgets most of what the backbone knows; this one begins near it, in fewer dims.

    Parameters
    ----------
    net : EmbeddingNet
        With a linear head; changed in place. Its batch norm, if it has one, learns the features' moments.
    features : Tensor of float32, shape (items, width)
        The backbone's pooled features of items to train on.
    whiten : float
        0 keeps the components' variances, 1 makes them equal, 0.5 lies between.

    Raises
    ------
    InputError
        If the head is not linear, or there are fewer items than dims.

    Notes
    -----
    The head gives ``(x - mean) V diag(variance) ** (-whiten / 2)``; time O(items · width² + width³).
    """
    if not isinstance(net.head, nn.Linear):
        raise InputError("Only a linear head (hidden=0, dims above 0) can start from principal components.")
    if len(features) <= net.dims:
        raise InputError(f"{len(features)} items came for {net.dims} dims; wanted more items than dims.")
    known = features.double()
    if isinstance(net.norm, nn.BatchNorm1d):
        mean, variance = known.mean(dim=0), known.var(dim=0)
        net.norm.running_mean, net.norm.running_var = mean.float(), variance.float()
        known = (known - mean) / (variance + net.norm.eps).sqrt()
    centre = known.mean(dim=0)
    variances, axes = torch.linalg.eigh((known - centre).T @ (known - centre) / len(known))
    # eigh sorts upwards; what has no variance at all must not be blown up.
    kept = variances.flip(0)[: net.dims].clamp(min=float(variances[-1]) * 1e-6)
    weight = (axes.flip(1)[:, : net.dims] * kept ** (-whiten / 2)).T
    with torch.no_grad():
        net.head.weight.copy_(weight)
        net.head.bias.copy_(-(weight @ centre))
