"""One command over a whole fleet, and its floor: `python -m bench.fleet_work enable|disable`.

Works on the database of DATABASE_URL and prints, as JSON, CPU milliseconds of this process and of
its database connection: for the preview, for the work, and for one UPDATE of the same columns of
the same units. The fleet is left as it was found.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.cpu import cpu_of

USER = "bench@example.com"
_MILLION = 1_000_000
_COLUMNS = (
    "desired_enable_flag", "disable_date", "latest_enable_history_id", "modified_at", "modified_by",
)  # fmt: skip
_FLOOR = f"""
UPDATE product SET desired_enable_flag = %s, disable_date = %s, latest_enable_history_id =
    latest_enable_history_id + 1, modified_at = now(), modified_by = '{USER}'
"""
_KEEP = f"CREATE TEMP TABLE found AS SELECT product_imei, {', '.join(_COLUMNS)} FROM product"
_PUT_BACK = f"""
UPDATE product p SET {", ".join(f"{name} = f.{name}" for name in _COLUMNS)}
FROM found f WHERE f.product_imei = p.product_imei;
DELETE FROM enable_history WHERE created_by = '{USER}';
DELETE FROM event WHERE name IN ('enable_state_changed', 'switch_asked');
DELETE FROM fleet_command_unit; DELETE FROM fleet_command
"""
_TIDY = "VACUUM (ANALYZE) {}"


def main() -> None:
    """Give the command to all units, then do without it what it did; print what both cost."""
    import django

    django.setup()
    from django.db import connection

    on = sys.argv[1] == "enable"
    numbers: list[int] = []
    with connection.cursor() as cursor, as_it_was_found(cursor):
        cursor.execute("SELECT pg_backend_pid(), now()")
        backend, now = cursor.fetchone()
        found = {
            "preview": measured(backend, lambda: numbers.append(preview(sys.argv[1]))),
            "work": measured(backend, lambda: work_off(numbers[0])),
        }
        # The floor need not wade through what the command left behind.
        cursor.execute(_TIDY.format("product"))
        columns = [not on, now if on else None]
        found["floor"] = measured(backend, lambda: cursor.execute(_FLOOR, columns))
    print(json.dumps(found))


@contextmanager
def as_it_was_found(cursor: Any) -> Iterator[None]:
    """Puts the units back afterwards, and clears away what was written of them."""
    cursor.execute(_KEEP)
    yield
    cursor.execute(_PUT_BACK)
    for table in ("product", "enable_history", "event", "fleet_command_unit", "fleet_command"):
        cursor.execute(_TIDY.format(table))


def measured(backend: int, what: Callable[[], Any]) -> list[float]:
    """CPU milliseconds of this process and of the database's, while it is done."""
    before = (time.process_time_ns(), cpu_of([backend]))
    what()
    after = (time.process_time_ns(), cpu_of([backend]))
    return [(b - a) / _MILLION for a, b in zip(before, after, strict=True)]


def preview(name: str) -> int:
    """A preview of the command for all units, confirmed; returns its number."""
    from apps.core.callers import Caller
    from apps.core.levels import Level
    from apps.fleet import pace
    from apps.fleet.commands import COMMANDS
    from apps.fleet.selection import by_query
    from apps.fleet.services import previews, steps

    caller = Caller(9001, USER, Level.SYSTEM, None)
    wanted = previews.Wanted(
        command=COMMANDS[name], selection=by_query({}, caller), per_minute=pace.MOST
    )
    row, _new = previews.preview(wanted=wanted, caller=caller)
    steps.confirm(command_id=row.pk, caller=caller)
    return row.pk


def work_off(number: int) -> None:
    """Do all of it, as one worker that nothing holds up."""
    from apps.fleet.services.work import work_once

    while (turn := work_once(command_id=number)).wait is not None:
        time.sleep(turn.wait.total_seconds())


if __name__ == "__main__":
    main()
