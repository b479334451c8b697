"""What a worker does for credit, without pause: the process that `credit_kills` kills.

Without a database a task fails, and the next one connects anew, as in a Celery worker.
"""

from __future__ import annotations

import time


def main() -> None:
    import django

    django.setup()
    from django.db import DatabaseError, InterfaceError, close_old_connections

    from apps.core.events import deliver_events
    from apps.dcm.services.reminders import remind_of_waiting_credit

    while True:
        close_old_connections()
        try:
            done = remind_of_waiting_credit() + deliver_events()
        except (DatabaseError, InterfaceError):
            done = 0
        if not done:
            time.sleep(0.2)


if __name__ == "__main__":
    main()
