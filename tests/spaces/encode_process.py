"""Processes that encode real texts with a small transformer; tests kill, starve and race them.

A process writes a line to its log before and after every chunk: ``start <hash of the chunk>``, ``end <hash>``.
They are forked from this one, which has imported what takes long (and what starts no threads), so that twenty of them
take seconds and not minutes. Requests come as JSON lines: ``{"start": options}`` gives a process id,
``{"wait": id}`` its exit code, ``{"poll": id}`` the same or null while it runs.
"""

from __future__ import annotations

import ast
import json
import os
import resource
import sys
import sysconfig
import traceback
from pathlib import Path

import lance_namespace  # noqa: F401 - most of what importing lancedb costs
import numpy as np
import pyarrow.dataset  # noqa: F401 - likewise
import torch

from embedscope import encode
from embedscope._errors import StoreError
from embedscope._hashing import hash_text
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items

DIMS = 48
BATCH = 16
LENGTH = 96


def docstrings(count: int) -> list[str]:
    """Docstrings of Python's own library: real texts of many lengths, some of them twice."""
    found: list[str] = []
    for path in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8", errors="replace")))
        known = [
            ast.get_docstring(node) for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        found += [text for text in known if text]
        if len(found) >= count:
            return found[:count]
    raise RuntimeError("this Python has too few docstrings")


class SmallTransformer(torch.nn.Module):
    """Bytes in, mean over two attention layers out; padded, so that batch mates show in the last bits."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embedding = torch.nn.Embedding(257, DIMS)
        layer = torch.nn.TransformerEncoderLayer(DIMS, 4, 4 * DIMS, batch_first=True, dropout=0.0)
        self.layers = torch.nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, texts: list[str]) -> torch.Tensor:
        rows = [torch.tensor(list(text.encode()[:LENGTH]) or [0]) for text in texts]
        padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=256)
        mask = padded == 256
        states = self.layers(self.embedding(padded), src_key_padding_mask=mask)
        kept = (~mask).unsqueeze(-1)
        return (states * kept).sum(1) / kept.sum(1)


class LoggingEncoder:
    """The transformer as an encoder that tells its log what it computes."""

    def __init__(self, log: Path, *, full_at: int | None = None) -> None:
        self.record = EncoderRecord("test:small-transformer", frozenset({"text"}), DIMS, {"seed": 0})
        self.model = SmallTransformer().eval()
        self.log = log
        self.full_at = full_at
        self.chunks = 0

    def tell(self, line: str) -> None:
        with self.log.open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    @torch.inference_mode()
    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None) -> np.ndarray:
        if not payloads:
            return np.zeros((0, DIMS), np.float32)
        name = hash_text("\0".join(payloads)).hex()
        self.tell(f"start {name}")
        batches = []
        for start in range(0, len(payloads), BATCH):
            batches.append(self.model(payloads[start : start + BATCH]).numpy())
            if progress is not None:
                progress(len(batches[-1]))
        self.tell(f"end {name}")
        self.chunks += 1
        if self.chunks == self.full_at:
            # From here on every file of more than 2,000 bytes is refused, as by a disk that is full.
            resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
        return np.concatenate(batches)


def run(options: dict) -> int:
    torch.set_num_threads(1)
    encoder = LoggingEncoder(Path(options["log"]), full_at=options.get("full_at"))
    items = Items.from_texts(docstrings(options["texts"]))
    try:
        space = encode(items, encoder, store=options["store"], chunk=options["chunk"], progress=False)
    except StoreError as error:
        os.write(1, f"StoreError: {error}".encode())
        return 3
    np.save(options["out"], space.vectors)
    return 0


def start(options: dict) -> int:
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        output = os.open(options["output"], os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = run(options)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def wait(process: int, flags: int = 0) -> int | None:
    done, status = os.waitpid(process, flags)
    return os.waitstatus_to_exitcode(status) if done else None


def main() -> None:
    for line in sys.stdin:
        (verb, argument) = next(iter(json.loads(line).items()))
        answer = {"start": start, "wait": wait, "poll": lambda p: wait(p, os.WNOHANG)}[verb](argument)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
