"""Keeps a web process small and its garbage collector idle."""

from __future__ import annotations

import ctypes
import gc
import sys

from django.urls import get_resolver

_M_ARENA_MAX = -8  # <malloc.h>


def settle() -> None:
    """Call once, when the program is loaded and before it starts a thread.

    The URLs are loaded now and not by the first request. What exists by then lives for ever, so
    the collector need not look at it again. On Linux all threads allocate from one heap: the
    interpreter's lock lets one of them run at a time, and a heap for each keeps megabytes apiece.
    """
    _resolved = get_resolver().url_patterns
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, 1)
    gc.collect()
    gc.freeze()
