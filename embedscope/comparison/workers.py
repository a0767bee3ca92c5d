"""Workers: blocks computed side by side, one torch thread each, their results in order.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TypeVar

import torch

Job = TypeVar("Job")
Result = TypeVar("Result")


def in_order(
    work: Callable[[Job, Event], Result], jobs: Iterable[Job], threads: int
) -> Iterator[tuple[Job, Result]]:
    """Do jobs on several threads and give their results in the order of the jobs.

    Parameters
    ----------
    work : callable
        Takes a job, and an event that tells it to stop early: nobody wants its result then.
    jobs : iterable
        Read a few ahead.
    threads : int
        How many at once; with one, the caller's own thread works.

    Yields
    ------
    job : Job
        The next job.
    result : Result
        What the work gave.

    Notes
    -----
    Threads that never wait for each other lose nothing on a busy machine, where torch's own threads meet
    after every operation. While they run torch computes with one thread in each; then with as many as before.

    Examples
    --------
    >>> [result for _, result in in_order(lambda job, stop: job * job, range(4), 2)]
    [0, 1, 4, 9]
    """
    stop = Event()
    if threads == 1:
        for job in jobs:
            yield job, work(job, stop)
        return
    before = torch.get_num_threads()
    pending: deque[tuple[Job, Future[Result]]] = deque()
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            try:
                for job in jobs:
                    pending.append((job, pool.submit(work, job, stop)))
                    if len(pending) > threads:
                        yield pending[0][0], pending.popleft()[1].result()
                while pending:
                    yield pending[0][0], pending.popleft()[1].result()
            finally:
                stop.set()
                for _, future in pending:
                    future.cancel()
    finally:
        torch.set_num_threads(before)
