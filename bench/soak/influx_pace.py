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


def hurry() -> None:
    """Shorten how long claims stand, and when what failed is tried again."""
    from apps.telemetry.services import days, outages, spooling

    outages._FIRST_RETRY = spooling._FIRST_RETRY = dt.timedelta(seconds=0.2)
    outages._LONGEST_RETRY = spooling._LONGEST_RETRY = dt.timedelta(seconds=2)
    outages._TURN = dt.timedelta(seconds=2)
    # Long enough for what a worker does at once, short enough to wait for.
    spooling._CLAIM = days._CLAIM = dt.timedelta(seconds=5)
    days._RETRY = dt.timedelta(seconds=1)


def web() -> Any:
    """The WSGI application."""
    from smartsolar.wsgi import application

    hurry()
    return application


def main() -> None:
    import django

    django.setup()
    hurry()
    from apps.telemetry.services import days, spooling

    work = {"drain": spooling.drain, "derive": days.derive}[sys.argv[1]]
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
