"""The program at the pace of a day that takes a minute: what waits minutes waits moments here.

`bench.soak.influx_pace:web()` is the web application for gunicorn, loaded at this pace;
`python -m bench.soak.influx_pace drain` (or `derive`) works without pause, as a worker does by the
clock: it loads the program once and makes processes that do the work, another for each that dies.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

WORKERS = 2
_PAUSE = 0.1


def hurry() -> Callable[[], None]:
    """Shorten how long claims stand, and when what failed is tried again; returns the way back."""
    from apps.telemetry.services import days, draining, outages

    soon, later = dt.timedelta(seconds=0.2), dt.timedelta(seconds=2)
    # Long enough for what a worker does at once, short enough to wait for.
    claim = dt.timedelta(seconds=5)
    waits = [
        *((module, "_FIRST_RETRY", soon) for module in (draining, outages)),
        *((module, "_LONGEST_RETRY", later) for module in (draining, outages)),
        *((module, "_CLAIM", claim) for module in (days, draining)),
        (draining, "_RENEWED", soon),
        (outages, "_TURN", later),
        (days, "_RETRY", soon),
    ]
    before = [(module, name, getattr(module, name)) for module, name, _wait in waits]
    for module, name, wait in waits:
        setattr(module, name, wait)

    def back() -> None:
        for module, name, wait in before:
            setattr(module, name, wait)

    return back


def web() -> Any:
    """The WSGI application."""
    from smartsolar.wsgi import application

    hurry()
    return application


def main() -> None:
    import django

    django.setup()
    hurry()
    from apps.telemetry.services import days, draining

    work = {"drain": draining.drain, "derive": days.derive}[sys.argv[1]]
    # Whoever ends this process ends its children with it: they are of one group.
    crew: set[int] = set()
    while True:
        while len(crew) < WORKERS:
            child = os.fork()
            if child == 0:
                _work_until_killed(work)
            crew.add(child)
        gone, status = os.wait()
        crew.discard(gone)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit("a worker died by itself")


def _work_until_killed(work: Callable[[], int]) -> NoReturn:
    """Nothing that comes and goes here, the store last of all, may make the work raise."""
    from django.db import close_old_connections

    try:
        while True:
            close_old_connections()
            if not work():
                time.sleep(_PAUSE)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
