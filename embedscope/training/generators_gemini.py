"""Gemini models as generators, through google-genai."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np

from embedscope._errors import InputError
from embedscope._optional import require
from embedscope.encoders.gemini_client import read_error, read_key
from embedscope.encoders.hosted_failure import wait_before
from embedscope.training.generators import GenerationError
from embedscope.training.generators_sampling import Sampling

# A server that asks for a longer wait is out of quota for the day: better to stop with what there is.
LONGEST_WAIT = 120.0
_LONGEST_WORDS = 500


class GeminiGenerator:
    """A hosted Gemini model that answers prompts.

    Needs ``pip install 'embedscope[gemini]'`` and a key. The key goes to the server and nowhere else: not
    into the name, a record, a message or an error.

    Parameters
    ----------
    model : str
        Such as ``"gemini-2.5-flash"``.
    api_key : str, optional
        By default ``GOOGLE_API_KEY`` or ``GEMINI_API_KEY`` of the environment.
    sampling : Sampling
        How answers are drawn.
    attempts : int
        How often a prompt is sent before it is given up: after 408, 429, 500, 502, 503, 504 and lost
        connections, with the delay that the server asks for.
    workers : int
        Prompts on their way at once.
    base_url : str, optional
        Another address of the service.

    Raises
    ------
    DependencyError
        If google-genai is not installed.
    InputError
        If ``attempts`` or ``workers`` is less than 1.
    MissingError
        If there is no key.

    Notes
    -----
    An answer that was blocked or cut off comes as an empty text, since a part of an answer could be taken
    for another one: of a grade of 85, an 8.

    Examples
    --------
    >>> GeminiGenerator("gemini-2.5-flash")(["Say one word."])  # doctest: +SKIP
    ['Word.']
    """

    def __init__(
        self,
        model: str = "gemini-2.5-flash",
        *,
        api_key: str | None = None,
        sampling: Sampling | None = None,
        attempts: int = 6,
        workers: int = 4,
        base_url: str | None = None,
    ) -> None:
        for what, count in (("attempts", attempts), ("workers", workers)):
            if count < 1:
                raise InputError(f"{what} must be 1 or more; got {count}.")
        drawn = sampling or Sampling()
        self.name = f"gemini:{model} {drawn.label}"
        self._model, self._attempts, self._workers = model, attempts, workers
        self._rng = np.random.default_rng()
        key = api_key or read_key()
        self._hide: Callable[[str], str] = lambda text: text.replace(key, "***")
        self._client, self._config = _connect(key, drawn, base_url)

    def __call__(self, prompts: Sequence[str]) -> list[str]:
        """Answer prompts, several at once.

        Parameters
        ----------
        prompts : sequence of str
            Each a request of its own.

        Returns
        -------
        list of str
            One a prompt.

        Raises
        ------
        GenerationError
            If one could not be answered; it holds the answers of the others that had come.
        """
        pool = ThreadPoolExecutor(self._workers)
        try:
            under_way = [pool.submit(self._answer, prompt) for prompt in prompts]
            wait(under_way, return_when=FIRST_EXCEPTION)
        finally:
            pool.shutdown(cancel_futures=True)
        answers = {place: future.result() for place, future in enumerate(under_way) if _is_answered(future)}
        failures = [future.exception() for future in under_way if not future.cancelled()]
        failure = next((error for error in failures if error is not None), None)
        if failure is None:
            return list(answers.values())
        raise GenerationError(str(failure), answers)

    def __repr__(self) -> str:
        return f"GeminiGenerator({self.name!r})"

    def _answer(self, prompt: str) -> str:
        failure = ""
        for attempt in range(1, self._attempts + 1):
            try:
                return _whole_text(
                    self._client.models.generate_content(
                        model=self._model, contents=prompt, config=self._config
                    )
                )
            except Exception as error:
                delay = next_wait(error, attempt, self._rng)
                failure = self._say(error, attempt)
            if delay is None or attempt == self._attempts:
                break
            time.sleep(delay)
        # Raised out here, so that no error of the client, which may quote the key, hangs on to it.
        raise GenerationError(failure)

    def _say(self, error: Exception, attempts: int) -> str:
        words = str(getattr(error, "message", None) or error)
        code = getattr(error, "code", None)
        told = self._hide(f"{type(error).__name__}{f' {code}' if code else ''}: {words}")
        tries = "once" if attempts == 1 else f"{attempts} times"
        return f"{self.name} did not answer, asked {tries}. {told[:_LONGEST_WORDS]}"


def next_wait(error: Exception, attempt: int, rng: np.random.Generator) -> float | None:
    """Tell how long to wait before a request is sent again, or that this would not help.

    Parameters
    ----------
    error : Exception
        What google-genai raised.
    attempt : int
        Attempts that failed so far, from 1.
    rng : numpy.random.Generator
        Spreads the waits.

    Returns
    -------
    float or None
        Seconds, of `hosted_failure.wait_before`. None for errors that stay, and where the server asks for
        more than two minutes.

    Examples
    --------
    >>> next_wait(KeyError("no"), 1, np.random.default_rng()) is None
    True
    """
    failure = read_error(error)
    if failure is None or failure.kind != "later" or (failure.wait or 0.0) > LONGEST_WAIT:
        return None
    return wait_before(attempt, failure.wait, rng)


def _connect(key: str, sampling: Sampling, base_url: str | None) -> tuple[Any, Any]:
    genai = require("google.genai", install="'embedscope[gemini]'", purpose="to ask Gemini models")
    types = genai.types
    options = types.HttpOptions(base_url=base_url) if base_url else None
    config = types.GenerateContentConfig(
        temperature=sampling.temperature, max_output_tokens=sampling.max_tokens, seed=sampling.seed
    )
    return genai.Client(api_key=key, vertexai=False, http_options=options), config


def _whole_text(response: Any) -> str:
    candidates = response.candidates or []
    reason = candidates[0].finish_reason if candidates else None
    if reason is None or getattr(reason, "name", str(reason)) != "STOP":
        return ""
    return str(response.text or "")


def _is_answered(future: Future[str]) -> bool:
    return not future.cancelled() and future.exception() is None
