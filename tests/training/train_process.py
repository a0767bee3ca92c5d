"""Forks a worker for each folder that it is told, with torch loaded once: a start of its own takes seconds.

The workers are processes like any other: they take the folder's lock, sign it, and can be killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import torch._dynamo  # noqa: F401  # an optimiser would load it, in every worker

from embedscope.training import distill_job, net_training, specialist_job  # noqa: F401
from embedscope.training.losses import names  # noqa: F401
from embedscope.training.worker import main
from tests.training import toy_training  # noqa: F401

if __name__ == "__main__":
    # The system buries the workers: nobody here asks for their ends.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            order = json.loads(line)
            os.environ.update(order["environment"])
            os._exit(main([order["folder"]]))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
