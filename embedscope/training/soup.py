"""soup: the mean of several finetuned models, where it is better than each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from embedscope._errors import InputError, MissingError, unknown_name
from embedscope._table import Table
from embedscope.encoders.load import load_encoder
from embedscope.encoders.protocol import Encoder
from embedscope.encoders.text_folder import text_model_in
from embedscope.training.pair_sources import named_pairs
from embedscope.training.run import Run

_MEASURES = ("mrr", "recall_at_1")


@dataclass(frozen=True, eq=False)
class Soup:
    """What was mixed, and what came of it.

    Parameters
    ----------
    folder : Path
        Of the model that was kept: the mean, or the best ingredient where no mean was better.
    taken : tuple of str
        The ingredients that are in it.
    table : Table
        One row a step: ``ingredient``, its ``alone``, ``mean`` (of what was taken before, and it) and
        ``taken``.
    score : float
        Of the model that was kept, on the validation.
    """

    folder: Path
    taken: tuple[str, ...]
    table: Table
    score: float

    @property
    def model(self) -> Encoder:
        """The model that was kept, as an encoder."""
        return load_encoder(self.folder)

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def soup(
    ingredients: Sequence[Any],
    validation: Any,
    folder: str | Path,
    *,
    how: Literal["greedy", "uniform"] = "greedy",
    checkpoints: bool = False,
    measure: str = "mrr",
) -> Soup:
    """Average the parameters of finetuned models, and keep the mean only where it validates better.

    Parameters
    ----------
    ingredients : sequence of Run, str or Path
        Models of one architecture, from one start: runs of `finetune`, or folders.
    validation : Pairs, what `embedscope.load_pairs` takes, or mapping of source to either
        What none of them was trained on.
    folder : str or Path
        Where the result is saved; plain sentence-transformers loads it.
    how : {"greedy", "uniform"}
        Greedy: from the best one on, each further one is taken where the mean with it is better. Uniform: the
        mean of all, or the best one.
    checkpoints : bool
        Whether the checkpoints that a run has kept are ingredients too.
    measure : {"mrr", "recall_at_1"}
        Mean of the sources, of each query's document among all of its source.

    Returns
    -------
    Soup
        ``soup.model`` is the encoder, the table says what was tried.

    Raises
    ------
    InputError
        If there are fewer than two ingredients, or their parameters differ in name or shape.
    MissingError
        If an ingredient has left no model, or there is no such measure.

    Notes
    -----
    Each ingredient is loaded twice at most, one at a time: memory is three models. One encoding of the
    validation an ingredient and a mean.

    References
    ----------
    Wortsman et al. 2022, arXiv 2203.05482; Gemini Embedding averages within and across runs.

    Examples
    --------
    >>> mixed = soup([first, second], pairs, "soup")  # doctest: +SKIP
    >>> mixed.model, mixed.table  # doctest: +SKIP
    """
    # Imports torch.
    from embedscope.training.soup_mixing import Kitchen

    if measure not in _MEASURES:
        raise unknown_name("measure of a soup", measure, _MEASURES)
    if how not in ("greedy", "uniform"):
        raise unknown_name("way to mix", how, ("greedy", "uniform"))
    named = _ingredients(ingredients, checkpoints=checkpoints)
    kitchen = Kitchen(named, named_pairs(validation), measure)
    target = Path(folder).expanduser()
    taken, rows, score = kitchen.greedy() if how == "greedy" else kitchen.uniform()
    kitchen.serve(taken, target)
    title = f"Soup of {len(taken)} of {len(named)}, {measure} {score:.4f}"
    return Soup(target, tuple(taken), Table.from_records(rows, title=title), score)


def _ingredients(given: Sequence[Any], *, checkpoints: bool) -> dict[str, Any]:
    """Name each ingredient: a folder, or a run and the step of a checkpoint."""
    found: dict[str, Any] = {}
    for one in given:
        run = one if isinstance(one, Run) else None
        place = run.folder.path if run else Path(one).expanduser()
        folder = text_model_in(place)
        if folder is None:
            raise MissingError(
                f"{place} has no text embedder; wanted runs of finetune that are done, or folders."
            )
        found[str(place)] = folder
        if checkpoints and run is not None:
            from embedscope.training.checkpoint_files import checkpoint_steps

            steps = checkpoint_steps(run.folder.checkpoints)
            found |= {f"{place}, step {step:,}": (run, step) for step in steps}
    if len(found) < 2:
        raise InputError(f"{len(found)} ingredients came; a mean needs two at least.")
    return found
