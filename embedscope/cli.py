"""The command line: ``embedscope lab``, ``demo``, ``encode``, ``compare``, ``distill`` and so on."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import embedscope as es
from embedscope import tutorials
from embedscope._errors import EmbedscopeError, EmbedscopeWarning, InputError
from embedscope.arguments import Parser, add_compare_options, add_encode_options, positive
from embedscope.training_cli import add_training_verbs


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


def _compare(options: argparse.Namespace) -> int:
    # A command that does not compare shall not load what comparing needs.
    from embedscope.comparing import compare_words, judge, report_of
    from embedscope.comparison.pages import check_report_path, write_report

    target = None if options.out is None else check_report_path(options.out)
    comparison = compare_words(options.teacher, options.student, options.items, options)
    gate = judge(comparison, options)
    report = report_of(comparison, options) if target is not None or gate is None else None
    print(report if gate is None else gate)
    if target is not None and report is not None:
        write_report(target, report, gate)
        print(f"\n{report.title} -> {target}")
    return int(gate is not None and gate.failed)


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

    compare = verbs.add_parser(
        "compare",
        help="compare two spaces: a report, or a gate for CI",
        description="Compare two spaces. The status is 1 where a condition of --fail-if holds, 2 where "
        "something that came cannot be used.",
    )
    for side in ("teacher", "student"):
        compare.add_argument(
            side, help="a saved space, a .parquet or .npy file; with --items also an encoder's name"
        )
    compare.add_argument(
        "--out", metavar="FILE", help="write the report, and the gate if there is one: .html, .md or .json"
    )
    add_compare_options(compare)
    compare.set_defaults(run=_compare)

    add_training_verbs(verbs)

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
        The exit status: 0, 1 where a comparison fails its gate or a run fails, 2 where something that came
        cannot be used.
    """
    try:
        options = make_parser().parse_args(arguments)
        with _plain_warnings():
            return int(options.run(options))
    except EmbedscopeError as error:
        print(f"embedscope: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("embedscope: stopped; what was finished is kept", file=sys.stderr)
        return 130


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Say our own warnings in a line, without the place in the code."""
    with warnings.catch_warnings():
        warnings.showwarning = _show_plainly(warnings.showwarning)
        yield


def _show_plainly(otherwise: Callable[..., None]) -> Callable[..., None]:
    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if issubclass(category, EmbedscopeWarning):
            print(f"embedscope: {message}", file=sys.stderr)
        else:
            otherwise(message, category, *place, **more)

    return show
