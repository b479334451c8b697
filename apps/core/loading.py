"""Loading what apps declare, once, in a process whose threads all ask for it at its first request.

Who asks while another thread is still loading waits: half of a menu, or of the buttons, is none.
"""

from __future__ import annotations

from threading import RLock

from django.utils.module_loading import autodiscover_modules

# One for all kinds, since modules of one kind may ask for another while they are imported; the
# thread that loads may go on asking, and gets what there is.
_loading = RLock()


class Once:
    """`once()` imports the modules of one name of every app, the first time it is called."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._begun = self._done = False

    def __call__(self) -> None:
        if self._done:
            return
        with _loading:
            if self._begun:
                return
            self._begun = True
            try:
                autodiscover_modules(self._module)
                self._done = True
            finally:
                # What failed is tried, and fails, again: nobody is served from half of it.
                self._begun = self._done
