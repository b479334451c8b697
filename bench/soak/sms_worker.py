"""A worker that may be killed: `python -m bench.soak.sms_worker`.

Hands over the messages that are due, as the task does, until it is killed; prints a line when it
begins. What a dead worker held is due again after a tenth of a second instead of a minute.
"""

from __future__ import annotations

import time
from datetime import timedelta


def main() -> None:
    import django

    django.setup()
    from apps.connectivity.services import sms_sending

    sms_sending.LEASE = timedelta(seconds=0.1)
    print("ready", flush=True)
    while True:
        sms_sending.send_due()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
