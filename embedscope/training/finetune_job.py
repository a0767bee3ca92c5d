"""The job that finetunes a text embedder on pairs."""

from __future__ import annotations

from dataclasses import dataclass, field

from embedscope.training.desk import Desk
from embedscope.training.jobs import Outcome, register
from embedscope.training.text_recipe import Stage, TextRecipe


@register("finetune")
@dataclass(frozen=True)
class FinetuneJob:
    """Trains a text embedder with the masked contrastive loss.

    Parameters
    ----------
    fingerprint : str
        Of the pairs in the run's folder.
    encoder : str
        "llm:" and a decoder, "sentence-transformers:" and a model, or the folder of one.
    stages : tuple of Stage
        One behind the other.
    prompts : dict of str to str
        What goes before the queries of each source.
    recipe : TextRecipe
        How.
    """

    fingerprint: str
    encoder: str
    stages: tuple[Stage, ...]
    prompts: dict[str, str] = field(default_factory=dict)
    recipe: TextRecipe = field(default_factory=TextRecipe)

    def run(self, desk: Desk) -> Outcome:
        """Train.

        Parameters
        ----------
        desk : Desk
            The run's.

        Returns
        -------
        {"done", "stopped"}
            How it ended.
        """
        from embedscope.training.text_training import train_text

        return train_text(desk, self.encoder, self.stages, self.prompts, self.recipe)
