"""Training and evaluating on the command line: begin runs, follow them, steer them, score what they left."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable
from typing import Any

import embedscope as es
from embedscope.finetune_arguments import add_finetune_arguments
from embedscope.notebook_names import Names
from embedscope.training_arguments import (
    add_distill_arguments,
    add_evaluate_arguments,
    add_specialist_arguments,
)

DONE, FAILED, INTERRUPTED = 0, 1, 130
_STOP_S = 60.0
_RECALL = "recall_at_1"
_STATUS = (
    "The status is 0 when the run is done, 1 where it failed or was stopped, 2 where something that came "
    "cannot be used. Ctrl-C ends the waiting (status 130) and leaves the run at work."
)


def add_training_verbs(verbs: Any) -> None:
    """Add the verbs to the parser of the command line.

    Parameters
    ----------
    verbs : object
        What ``ArgumentParser.add_subparsers`` gave.
    """
    _add_job(verbs, "train-specialist", "train a net on labelled images", _train, add_specialist_arguments)
    _add_job(verbs, "distill", "distil specialists into one net", _distill, add_distill_arguments)
    _add_job(verbs, "finetune", "train a text embedder on pairs of texts", _finetune, add_finetune_arguments)

    evaluate = verbs.add_parser("evaluate", help="score retrieval by class: Recall@k, MAP@R, mMP@5")
    add_evaluate_arguments(evaluate)
    evaluate.add_argument("--json", action="store_true", help="print every number as JSON, a record each")
    evaluate.set_defaults(run=_evaluate)

    runs = verbs.add_parser("runs", help="list the runs below a folder")
    runs.add_argument("folder", nargs="?", default="runs", help="where they lie (default runs)")
    runs.set_defaults(run=_runs)

    watch = _add_run(verbs, "watch", "follow a run until it ends", _watch)
    watch.description = _STATUS
    _add_run(verbs, "pause", "let a run sleep after its present step", _pause)
    resume = _add_run(verbs, "resume", "let a run go on, from its last checkpoint", _resume)
    _add_detach(resume)
    _add_run(verbs, "stop", "end a run after its present step, with a checkpoint", _stop)


def _add_job(
    verbs: Any,
    name: str,
    words: str,
    run: Callable[[argparse.Namespace], int],
    add_arguments: Callable[[argparse.ArgumentParser], None],
) -> None:
    parser = verbs.add_parser(name, help=words, description=_STATUS)
    add_arguments(parser)
    _add_detach(parser)
    parser.set_defaults(run=run)


def _add_run(verbs: Any, name: str, words: str, run: Callable[[argparse.Namespace], int]) -> Any:
    parser = verbs.add_parser(name, help=words)
    parser.add_argument("run_folder", metavar="RUN", help="a run's folder")
    parser.set_defaults(run=run)
    return parser


def _add_detach(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--detach", action="store_true", help="return at once; print the run's folder")


def _train(options: argparse.Namespace) -> int:
    # A command that does not train shall not load what training needs; so below.
    from embedscope.training_words import begin_specialist

    return _begun(begin_specialist(options, Names({})), options)


def _distill(options: argparse.Namespace) -> int:
    from embedscope.training_words import begin_distillation

    return _begun(begin_distillation(options, Names({})), options)


def _finetune(options: argparse.Namespace) -> int:
    from embedscope.finetune_words import begin_finetuning

    return _begun(begin_finetuning(options, Names({})), options)


def _begun(run: es.Run, options: argparse.Namespace) -> int:
    if options.detach:
        print(run.folder.path)
        return DONE
    return _follow(run)


def _open(options: argparse.Namespace) -> es.Run:
    from embedscope.training_words import open_run

    return open_run(options.run_folder, Names({}))


def _watch(options: argparse.Namespace) -> int:
    return _follow(_open(options))


def _pause(options: argparse.Namespace) -> int:
    run = _open(options)
    run.pause()
    _say(f"It sleeps after its present step. `embedscope resume {_quoted(run)}` wakes it.")
    return DONE


def _resume(options: argparse.Namespace) -> int:
    return _begun(_open(options).resume(), options)


def _stop(options: argparse.Namespace) -> int:
    run = _open(options)
    run.stop()
    state = run.wait(_STOP_S)
    if state in ("running", "paused"):
        _say(f"It is told to stop, and has not yet after {_STOP_S:.0f} s: it ends what it does now first.")
        return DONE
    _say(f"{_standing(run, state)} {_way_on(run)}".rstrip())
    return DONE


def _follow(run: es.Run) -> int:
    folder = _quoted(run)
    _say(f"{run.job} in {folder}. Ctrl-C leaves it at work.")
    try:
        state = run.wait()
    except KeyboardInterrupt:
        _say(
            f"\n{folder} is still at work. `embedscope watch {folder}` follows it again, "
            f"`embedscope stop {folder}` ends it."
        )
        return INTERRUPTED
    if state == "done":
        print(_result(run))
        return DONE
    _say(f"{_standing(run, state)} {_way_on(run)}")
    error = run.error
    if error:
        _say(error)
    return FAILED


def _quoted(run: es.Run) -> str:
    return shlex.quote(str(run.folder.path))


def _standing(run: es.Run, state: str) -> str:
    return f"{run.folder.path} is {state} at step {run.step:,}."


def _way_on(run: es.Run) -> str:
    return "" if run.state == "done" else f"`embedscope resume {_quoted(run)}` goes on."


def _result(run: es.Run) -> str:
    words = f"{run.job} in {run.folder.path} is done after {run.step:,} steps"
    measured = run.validations()
    if _RECALL in measured.column_names:
        rows = [row for row in measured.to_pylist() if row[_RECALL] is not None]
        best = max(rows, key=lambda row: float(row[_RECALL]))
        words += f"; its best Recall@1 on what was held out is {best[_RECALL]:.3f}, at step {best['step']:,}"
    net = f"\nThe model: {run.folder.model}" if run.folder.model.is_dir() else ""
    return f"{words}.{net}"


def _evaluate(options: argparse.Namespace) -> int:
    from embedscope.scoring_words import score

    scores = score(options, Names({}))
    if options.json:
        print(json.dumps(scores.to_frame().to_pylist(), ensure_ascii=False, indent=1))
    else:
        print(scores)
    if options.failures is not None:
        _say(f"The queries that failed -> {options.failures}")
    return DONE


def _runs(options: argparse.Namespace) -> int:
    print(es.runs(options.folder))
    return DONE


def _say(text: str) -> None:
    print(text, file=sys.stderr)
