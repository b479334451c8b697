"""A task for the worker that the broker tests start: it leaves a trace outside its process."""

import time
from pathlib import Path

from smartsolar import celery_app


@celery_app.task(name="tests.leave_trace")
def leave_trace(path: str, seconds: float = 0) -> None:
    """Append a line to the file when begun, and another after `seconds`."""
    with Path(path).open("a") as trace:
        print("begun", file=trace, flush=True)
        time.sleep(seconds)
        print("done", file=trace, flush=True)
