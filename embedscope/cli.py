"""The command line: ``embedscope lab``, ``demo``, ``encode``, ``datasets``, ``encoders``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import embedscope as es
from embedscope import tutorials
from embedscope._errors import EmbedscopeError, InputError
from embedscope.arguments import Parser, add_encode_options, positive


def _lab(options: argparse.Namespace) -> int:
    folder = Path(options.folder)
    copied = tutorials.copy_to(folder)
    for path in copied.kept:
        print(f"{path} is yours and was left as it is; delete it to get the tutorial's new text.")
    tutorials.prefetch()
    first = copied.notebooks[0]
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"]
    command += [f"--LabApp.default_url=/lab/tree/{first.name}"]
    command += ["--no-browser"] if options.no_browser else []
    command += [f"--ServerApp.port={options.port}"] if options.port else []
    # Containers and Binder run as root, where JupyterLab starts only when told; it listens on localhost only.
    command += ["--allow-root"] if _is_root() else []
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _demo(options: argparse.Namespace) -> int:
    tutorials.prefetch()
    for path in tutorials.execute_first(Path(options.folder)):
        print(path)
    return 0


def _encode(options: argparse.Namespace) -> int:
    target = Path(options.out)
    if target.suffix not in ("", ".parquet", ".npy"):
        raise InputError(f"--out takes a folder, a .parquet or a .npy file; {options.out!r} came.")
    items = es.load_items(options.items, sample=options.sample, seed=options.seed)
    chosen = {} if options.encoder is None else {"encoder": options.encoder}
    space = es.encode(
        items,
        **chosen,
        role=options.role,
        task=options.task,
        dims=options.dims,
        device=options.device,
        batch_size=options.batch_size,
    )
    {"": space.save, ".parquet": space.to_parquet, ".npy": space.to_npy}[target.suffix](target)
    print(f"{space!r} -> {target}")
    return 0


def _datasets(_options: argparse.Namespace) -> int:
    print(es.datasets())
    return 0


def _encoders(_options: argparse.Namespace) -> int:
    print(es.encoders())
    return 0


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of the command line.

    Returns
    -------
    ArgumentParser
        With a sub-parser a verb.
    """
    parser = Parser(prog="embedscope", description="A microscope for embedding spaces.")
    parser.add_argument("--version", action="version", version=f"embedscope {es.__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=Parser)

    lab = verbs.add_parser("lab", help="copy the tutorials into a folder and open JupyterLab there")
    lab.add_argument(
        "folder", nargs="?", default="embedscope-tutorials", help="default: embedscope-tutorials"
    )
    lab.add_argument("--no-browser", action="store_true", help="only start the server and print its address")
    lab.add_argument("--port", type=positive, help="the server's port; by default JupyterLab chooses")
    lab.set_defaults(run=_lab)

    demo = verbs.add_parser("demo", help="execute tutorial 01 and write its results into a folder")
    demo.add_argument("folder", nargs="?", default="demo", help="default: demo")
    demo.set_defaults(run=_demo)

    encode = verbs.add_parser("encode", help="encode items into vectors: cached, resumable")
    encode.add_argument(
        "items", help="a packaged data set, a folder of images, a .parquet, .csv or .jsonl file, hf:NAME"
    )
    encode.add_argument("encoder", nargs="?", help="see: embedscope encoders")
    encode.add_argument("--out", required=True, help="a folder (a saved space), a .parquet or a .npy file")
    add_encode_options(encode)
    encode.set_defaults(run=_encode)

    verbs.add_parser("datasets", help="list the packaged data sets").set_defaults(run=_datasets)
    verbs.add_parser("encoders", help="list the encoders known by name").set_defaults(run=_encoders)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        What was typed after ``embedscope``; ``sys.argv`` by default.

    Returns
    -------
    int
        The exit status: 0, or 2 where something that came cannot be used.
    """
    try:
        options = make_parser().parse_args(arguments)
        return int(options.run(options))
    except EmbedscopeError as error:
        print(f"embedscope: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("embedscope: stopped; what was finished is kept", file=sys.stderr)
        return 130
