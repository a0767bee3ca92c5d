"""Everything that a training is, into checkpoints and back."""

from __future__ import annotations

from typing import Any

from accelerate import Accelerator
from accelerate.utils import gather_object

from embedscope._errors import InputError
from embedscope.training.checkpoint_files import checkpoint_path, checkpoint_steps, keep_last
from embedscope.training.checkpoints import load_last, save_checkpoint
from embedscope.training.desk import Desk
from embedscope.training.loop_state import LoopState
from embedscope.training.random_state import random_state, restore_random_state
from embedscope.training.state_files import read_state
from embedscope.training.task import HasState, Task


class Keeper:
    """Keeps a task's model, optimiser, scheduler, batches and chance, at the end of a step.

    Parameters
    ----------
    task : Task
        Whose model, optimiser and what is beside it are prepared.
    desk : Desk
        The run's folder and events.
    accelerator : Accelerator
        That prepared them.
    count : int
        How many of the newest checkpoints stay; the best one stays besides.
    """

    def __init__(self, task: Task, desk: Desk, accelerator: Accelerator, count: int) -> None:
        self._task, self._desk, self._accelerator, self._count = task, desk, accelerator, count
        self._saved: int | None = None

    def save(self, state: LoopState) -> None:
        """Write a checkpoint, unless the step has one.

        Parameters
        ----------
        state : LoopState
            Where the loop is.
        """
        if self._saved == state.step:
            return
        chances = self._chances()
        if self._accelerator.is_main_process:
            kept: dict[str, Any] = {name: part.state_dict() for name, part in self._parts().items()}
            kept |= {"loop": state.state_dict(), "random": chances}
            folder = self._desk.folder.checkpoints
            path = save_checkpoint(folder, state.step, kept)
            keep_last(folder, self._count, [] if state.best_step is None else [state.best_step])
            self._desk.tell("checkpoint", {"path": path.name})
        self._accelerator.wait_for_everyone()
        self._saved = state.step

    def load(self) -> LoopState | None:
        """Bring the task to the last checkpoint that can be read.

        Returns
        -------
        LoopState or None
            Where the loop was; None where there is no checkpoint.

        Raises
        ------
        InputError
            If the checkpoint lacks a part of the task.
        """
        last = load_last(self._desk.folder.checkpoints)
        if last is None:
            return None
        for damaged in last.damaged:
            self._desk.note(f"A checkpoint was passed over. {damaged}")
        parts = self._parts()
        missing = [name for name in parts if name not in last.state]
        if missing:
            raise InputError(
                f"The checkpoint of step {last.step:,} has no {', '.join(missing)}: another version or "
                "another device wrote it. Begin in a new folder."
            )
        for name, part in parts.items():
            part.load_state_dict(last.state[name])
        chances = last.state["random"]
        # With another number of processes there is no exact way on: any of the states will do.
        restore_random_state(chances[self._accelerator.process_index % len(chances)])
        self._saved = last.step
        return LoopState.from_state_dict(last.state["loop"], self._accelerator.device)

    def take_best(self, state: LoopState) -> None:
        """Give the model the weights of its best validation.

        Parameters
        ----------
        state : LoopState
            Where the loop ended.
        """
        best, folder = state.best_step, self._desk.folder.checkpoints
        if best is None or best == state.step:
            return
        if best not in checkpoint_steps(folder):
            self._desk.note(f"The best checkpoint, of step {best:,}, is gone; the last weights stay.")
            return
        kept, parts = read_state(checkpoint_path(folder, best)), self._parts()
        for name in ("model", "beside"):
            if name in parts:
                parts[name].load_state_dict(kept[name])

    def _chances(self) -> list[dict[str, Any]]:
        mine = [random_state()]
        every: list[dict[str, Any]] = gather_object(mine) if self._accelerator.num_processes > 1 else mine
        return every

    def _parts(self) -> dict[str, HasState]:
        task, accelerator = self._task, self._accelerator
        parts: dict[str, HasState | None] = {
            "model": accelerator.unwrap_model(task.model),
            "beside": None if task.beside is None else accelerator.unwrap_model(task.beside),
            "optimizer": task.optimizer,
            "scheduler": task.scheduler,
            "batches": task.batches,
            "scaler": accelerator.scaler,
            "task": task if isinstance(task, HasState) else None,
        }
        return {name: part for name, part in parts.items() if part is not None}
