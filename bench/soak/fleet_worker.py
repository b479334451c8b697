"""A worker that may be killed: `python -m bench.soak.fleet_worker COMMAND_ID`.

Works on one command until nothing of it is left and prints a line for each batch.
"""

from __future__ import annotations

import sys
import time


def main() -> None:
    import django

    django.setup()
    from apps.fleet.services.work import work_once

    print("ready", flush=True)
    while True:
        turn = work_once(command_id=int(sys.argv[1]))
        if turn.wait is None:
            return
        print(turn.units, flush=True)
        time.sleep(turn.wait.total_seconds())


if __name__ == "__main__":
    main()
