from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from embedscope.comparison.once import Once


def test_threads_share_one_result():
    once, made, started = Once(), [], Event()

    def make():
        started.wait(5)
        made.append(1)
        return object()

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(once.get, "key", make) for _ in range(4)]
        started.set()
        results = {id(one.result(10)) for one in waiting}
    assert len(made) == len(results) == 1


def test_a_slow_result_holds_up_no_other():
    once, go = Once(), Event()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(once.get, "slow", lambda: go.wait(10))
        assert once.get("quick", lambda: 7) == 7
        assert not slow.done()
        go.set()
        assert slow.result(10) is True


def test_one_result_may_need_another_and_a_failure_is_not_kept():
    once = Once()
    assert once.get("outer", lambda: once.get("inner", lambda: 2) + 1) == 3
    with pytest.raises(ZeroDivisionError):
        once.get("bad", lambda: 1 / 0)
    assert once.get("bad", lambda: 5) == 5
