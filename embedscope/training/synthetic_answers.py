"""Answers that were given: kept line by line, so that nothing is asked twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from embedscope._errors import InputError
from embedscope._hashing import hash_record
from embedscope._progress import progress_bar
from embedscope.training.events import EventLog, read_events
from embedscope.training.generators import (
    GenerationError,
    PromptsToTexts,
    as_utf8,
    generate,
    generator_name,
)

FILE = "answers.jsonl"


class Asker:
    """Asks generators batch by batch, and keeps each answer as it comes.

    A prompt that comes again is asked again, as a further draw; the same prompts in the same order find
    their answers, in this call or in one after a failure.

    Parameters
    ----------
    folder : path, optional
        Where answers are kept, in ``answers.jsonl``; without it, in memory alone.
    seed : int
        Answers are kept by it too: another seed asks anew.
    batch_size : int
        Prompts a call of the generator; what is lost at most when it fails.

    Raises
    ------
    InputError
        If ``batch_size`` is less than 1.
    StoreError
        If the file cannot be read, or an answer cannot be written.

    Notes
    -----
    An answer is found by the generator's name, the prompt, the seed and the number of the draw. A line that
    was cut off, as when a process is killed, is asked again.

    Examples
    --------
    >>> def shout(prompts):
    ...     return [prompt.upper() for prompt in prompts]
    >>> Asker("kept").ask(shout, ["a", "b"], "asking")
    ['A', 'B']
    >>> len(read_events(Path("kept") / FILE).events)
    2
    """

    def __init__(self, folder: str | Path | None = None, *, seed: int = 0, batch_size: int = 16) -> None:
        if batch_size < 1:
            raise InputError(f"batch_size must be 1 or more; got {batch_size}.")
        self.seed = seed
        self._batch_size = batch_size
        self._path = None if folder is None else Path(folder).expanduser() / FILE
        self._drawn: Counter[str] = Counter()
        self._kept: dict[str, str] = {}
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._kept.update(_read(self._path))

    def ask(self, generator: PromptsToTexts, prompts: Sequence[str], description: str) -> list[str]:
        """Ask what has no answer yet.

        Parameters
        ----------
        generator : callable
            A `Generator` or a function with a name.
        prompts : sequence of str
            What is asked.
        description : str
            What is done, for the progress bar.

        Returns
        -------
        list of str
            One a prompt.

        Raises
        ------
        GenerationError
            If the generator gives other than one text a prompt. What it raises itself goes through; a note
            on the error says how much is kept.
        """
        name = generator_name(generator)
        keys = [self._key(name, prompt) for prompt in prompts]
        missing = [place for place, key in enumerate(keys) if key not in self._kept]
        done = len(prompts) - len(missing)
        with (
            EventLog(self._path) as log,
            progress_bar(len(prompts), description, "prompt", done=done) as bar,
        ):
            for start in range(0, len(missing), self._batch_size):
                part = missing[start : start + self._batch_size]
                asked = [prompts[place] for place in part]
                try:
                    answers = dict(enumerate(generate(generator, asked)))
                except Exception as error:
                    rescued = error.answers if isinstance(error, GenerationError) else {}
                    self._keep(log, name, {part[at]: text for at, text in rescued.items()}, prompts, keys)
                    error.add_note(self._state(keys))
                    raise
                self._keep(log, name, {part[at]: text for at, text in answers.items()}, prompts, keys)
                bar.update(len(part))
        return [self._kept[key] for key in keys]

    def _key(self, name: str, prompt: str) -> str:
        told = {"generator": name, "prompt": prompt, "seed": self.seed}
        drawn = hash_record(told)
        self._drawn[drawn] += 1
        return hash_record({**told, "draw": self._drawn[drawn]})

    def _keep(
        self,
        log: EventLog,
        name: str,
        answers: Mapping[int, str],
        prompts: Sequence[str],
        keys: Sequence[str],
    ) -> None:
        for place, answer in answers.items():
            text = as_utf8(answer)
            record = {
                "key": keys[place],
                "generator": name,
                "seed": self.seed,
                "prompt": as_utf8(prompts[place]),
                "answer": text,
            }
            log.append("answer", len(self._kept), record)
            self._kept[keys[place]] = text

    def _state(self, keys: Sequence[str]) -> str:
        done = sum(key in self._kept for key in keys)
        if self._path is None:
            return f"{done:,} of {len(keys):,} answers had come; pass folder= to keep them next time."
        kept = f"{done:,} of {len(keys):,} answers are kept in {self._path.parent}"
        return f"{kept}: the same call goes on from them."


def _read(path: Path) -> dict[str, str]:
    events = read_events(path).events
    told = [(event.get("key"), event.get("answer")) for event in events if event["kind"] == "answer"]
    return {key: answer for key, answer in told if isinstance(key, str) and isinstance(answer, str)}
