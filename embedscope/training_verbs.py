"""The words of training and evaluating after ``%embedscope``."""

from __future__ import annotations

import argparse
from typing import Any

import embedscope as es
from embedscope.finetune_arguments import add_finetune_arguments
from embedscope.notebook_names import Names
from embedscope.training_arguments import (
    add_distill_arguments,
    add_evaluate_arguments,
    add_specialist_arguments,
)
from embedscope.verb import Verb

__all__ = ["TRAINING_VERBS"]


def _train(options: argparse.Namespace, names: Names) -> Any:
    # A verb that does not train shall not load what training needs; so below.
    from embedscope.training_words import begin_specialist

    return _begun(begin_specialist(options, names), options, names)


def _distill(options: argparse.Namespace, names: Names) -> Any:
    from embedscope.training_words import begin_distillation

    return _begun(begin_distillation(options, names), options, names)


def _finetune(options: argparse.Namespace, names: Names) -> Any:
    from embedscope.finetune_words import begin_finetuning

    return _begun(begin_finetuning(options, names), options, names)


def _begun(run: es.Run, options: argparse.Namespace, names: Names) -> Any:
    names.store(options.keep, run)
    return es.watch(run) if options.watch else run


def _run(options: argparse.Namespace, names: Names) -> es.Run:
    from embedscope.training_words import open_run

    return open_run(options.run, names)


def _watch(options: argparse.Namespace, names: Names) -> Any:
    return es.watch(_run(options, names))


def _pause(options: argparse.Namespace, names: Names) -> es.Run:
    run = _run(options, names)
    run.pause()
    return run


def _resume(options: argparse.Namespace, names: Names) -> es.Run:
    return _run(options, names).resume()


def _stop(options: argparse.Namespace, names: Names) -> es.Run:
    run = _run(options, names)
    run.stop()
    return run


def _evaluate(options: argparse.Namespace, names: Names) -> Any:
    from embedscope.scoring_words import score

    return score(options, names)


def _runs(options: argparse.Namespace, _names: Names) -> Any:
    return es.runs(options.folder)


def _add_as(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="target", metavar="NAME", help="keep the result in this variable")


def _add_begun(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="keep", metavar="NAME", help="keep the run in this variable")
    parser.add_argument("--watch", action="store_true", help="open the view that follows it")


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    add_specialist_arguments(parser)
    _add_begun(parser)


def _distill_arguments(parser: argparse.ArgumentParser) -> None:
    add_distill_arguments(parser)
    _add_begun(parser)


def _finetune_arguments(parser: argparse.ArgumentParser) -> None:
    add_finetune_arguments(parser)
    _add_begun(parser)


def _evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    add_evaluate_arguments(parser)
    _add_as(parser)


def _run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="a run's folder, or a variable that holds a run")
    _add_as(parser)


def _runs_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default="runs", help="where they lie (default runs)")
    _add_as(parser)


TRAINING_VERBS = {
    "train-specialist": Verb("labelled images -> a run that trains a net on them", _train, _train_arguments),
    "distill": Verb("specialists -> a run that makes one net of them", _distill, _distill_arguments),
    "finetune": Verb(
        "pairs of texts -> a run that trains an embedder on them", _finetune, _finetune_arguments
    ),
    "evaluate": Verb("an encoder and labelled items -> Recall, MAP@R, mMP@5", _evaluate, _evaluate_arguments),
    "watch": Verb("a run -> the view that follows it", _watch, _run_arguments),
    "pause": Verb("a run -> asleep after its present step", _pause, _run_arguments),
    "resume": Verb("a run -> at work again, from its last checkpoint", _resume, _run_arguments),
    "stop": Verb("a run -> ended after its present step, with a checkpoint", _stop, _run_arguments),
    "runs": Verb("the runs below a folder", _runs, _runs_arguments),
}
