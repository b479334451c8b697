"""The floor of the case that BENCH_CASE names, as a WSGI module: `gunicorn bench.bare`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from threading import local
from typing import Any

import psycopg2

from bench.case import Application, Environ
from bench.cases import named

_case = named(os.environ["BENCH_CASE"])
_threads = local()


def _floor() -> Application:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    assert _case.floor is not None
    return _case.floor(connection)


def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer on the connection of this thread, which is kept."""
    try:
        floor = _threads.floor
    except AttributeError:
        floor = _threads.floor = _floor()
    return floor(environ, start_response)
