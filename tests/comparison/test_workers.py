from __future__ import annotations

import threading
import time

import pytest
import torch

from embedscope.comparison.workers import in_order


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_the_order_of_the_jobs(threads):
    def work(job, stop):
        time.sleep(0.002 * (job % 3))
        return job, torch.get_num_threads()

    found = list(in_order(work, range(20), threads))
    assert [job for job, _ in found] == [result[0] for _, result in found] == list(range(20))
    assert threads == 1 or {result[1] for _, result in found} == {1}


def test_leaving_early_stops_the_work_and_gives_torch_its_threads_back():
    before, running = torch.get_num_threads(), threading.active_count()
    stopped = []

    def work(job, stop):
        if job:
            stopped.append(stop.wait(30))

    results = in_order(work, range(50), 3)
    next(results)
    results.close()
    assert stopped
    assert all(stopped)
    assert threading.active_count() == running
    assert torch.get_num_threads() == before


def test_an_error_of_the_work_comes_through():
    def work(job, stop):
        raise ValueError(f"job {job}")

    with pytest.raises(ValueError, match="job 0"):
        list(in_order(work, range(9), 2))
    assert torch.get_num_threads() >= 1
