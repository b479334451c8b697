"""One command over a whole fleet, and its floor: `python -m bench.fleet_work WHAT enable|disable`.

WHAT is `switch`, `software`, `parameter` or `entity`. Works on the database of DATABASE_URL and
prints, as JSON, CPU milliseconds of this process and of its database connection: for the preview,
for the work, and for one statement that writes the rows the command is about. The fleet is left as
it was found.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.cpu import cpu_of

USER = "bench@example.com"
_MILLION = 1_000_000
_COLUMNS = (
    "desired_enable_flag", "disable_date", "latest_enable_history_id", "modified_at", "modified_by",
)  # fmt: skip
_SWITCH = f"""
UPDATE product SET desired_enable_flag = %(on)s, disable_date = %(disabled)s,
    latest_enable_history_id = latest_enable_history_id + 1, modified_at = now(),
    modified_by = '{USER}'
"""
_SOFTWARE = f"""
INSERT INTO product_software_linker (product_imei, software_version_type_id, update_attempts,
    created_at, created_by)
SELECT product_imei, 9002, 0, now(), '{USER}' FROM product
"""
_PARAMETER = f"""
INSERT INTO product_parameter (product_imei, parameter_type_id, value, status, created_at,
    created_by)
SELECT product_imei, 9001, '60', 'pending', now(), '{USER}' FROM product
"""
_ENTITY = f"""
INSERT INTO product_entity_linker (product_imei, entity_id, date_added, created_at, created_by)
SELECT product_imei, 90003, now(), now(), '{USER}' FROM product
"""
# What the commands name beside the units.
_NAMED = """
INSERT INTO entity (entity_id, name, geic, bboxx_company_flag, created_at)
VALUES (90003, 'bench', 'BENCH', false, now()) ON CONFLICT DO NOTHING;
INSERT INTO software_version_type (software_version_type_id, name, release_date, parameter_types,
    status, created_at)
VALUES (9002, 'bench-3.7', now(), '[]', 'stable', now()) ON CONFLICT DO NOTHING;
INSERT INTO product_type_software_version_type_linker (product_type_id, software_version_type_id,
    created_at)
SELECT product_type_id, 9002, now() FROM product_type t WHERE NOT EXISTS (
    SELECT 1 FROM product_type_software_version_type_linker l
    WHERE l.product_type_id = t.product_type_id AND l.software_version_type_id = 9002);
INSERT INTO parameter_type (parameter_type_id, name, data_type, setting, repeatable, created_at)
VALUES (9001, 'bench_period', 'int', true, false, now()) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Work:
    """A command with its parameters, and the statement that it is held against."""

    command: str
    floor: str
    parameters: dict[str, Any] = field(default_factory=dict)


def work_of(what: str, switch: str) -> Work:
    """What is measured; `switch` says which way, for the command that has two."""
    if what == "software":
        return Work("update_software", _SOFTWARE, {"software": 9002})
    if what == "entity":
        return Work("assign_entity", _ENTITY, {"entity_id": 90003})
    if what == "parameter":
        return Work("set_parameter", _PARAMETER, {"parameter_type_id": 9001, "value": 60})
    return Work(switch, _SWITCH)


_KEEP = f"CREATE TEMP TABLE found AS SELECT product_imei, {', '.join(_COLUMNS)} FROM product"
_WRITTEN = f"""
DELETE FROM enable_history WHERE created_by = '{USER}';
DELETE FROM product_software_linker WHERE created_by = '{USER}';
DELETE FROM product_parameter WHERE created_by = '{USER}';
DELETE FROM product_entity_linker WHERE created_by = '{USER}';
UPDATE product_entity_linker SET date_removed = NULL, modified_at = NULL, modified_by = NULL
WHERE modified_by = '{USER}'
"""
_PUT_BACK = f"""
UPDATE product p SET {", ".join(f"{name} = f.{name}" for name in _COLUMNS)}
FROM found f WHERE f.product_imei = p.product_imei AND p.modified_by = '{USER}';
{_WRITTEN};
DELETE FROM event WHERE name IN ('enable_state_changed', 'switch_asked', 'entity_changed');
DELETE FROM fleet_command_unit; DELETE FROM fleet_command
"""
_TABLES = (
    "product", "enable_history", "product_software_linker", "product_parameter",
    "product_entity_linker", "event",
    "fleet_command_unit", "fleet_command",
)  # fmt: skip
_TIDY = "VACUUM (ANALYZE) {}"


def main() -> None:
    """Give the command to all units, then do without it what it did; print what both cost."""
    import django

    django.setup()
    from django.db import connection

    what, switch = sys.argv[1:3]
    work, on = work_of(what, switch), switch == "enable"
    numbers: list[int] = []
    with connection.cursor() as cursor, as_it_was_found(cursor):
        cursor.execute(_NAMED)
        cursor.execute("SELECT pg_backend_pid(), now()")
        backend, now = cursor.fetchone()
        found = {
            "preview": measured(backend, lambda: numbers.append(preview(work))),
            "work": measured(backend, lambda: work_off(numbers[0])),
        }
        # The floor need not wade through what the command left behind.
        if what != "switch":
            cursor.execute(_WRITTEN)
        for table in _TABLES[:-3]:
            cursor.execute(_TIDY.format(table))
        columns = {"on": not on, "disabled": now if on else None}
        found["floor"] = measured(backend, lambda: cursor.execute(work.floor, columns))
    print(json.dumps(found))


@contextmanager
def as_it_was_found(cursor: Any) -> Iterator[None]:
    """Puts the units back afterwards, and clears away what was written of them."""
    cursor.execute(_KEEP)
    yield
    cursor.execute(_PUT_BACK)
    for table in _TABLES:
        cursor.execute(_TIDY.format(table))


def measured(backend: int, what: Callable[[], Any]) -> list[float]:
    """CPU milliseconds of this process and of the database's, while it is done."""
    before = (time.process_time_ns(), cpu_of([backend]))
    what()
    after = (time.process_time_ns(), cpu_of([backend]))
    return [(b - a) / _MILLION for a, b in zip(before, after, strict=True)]


def preview(work: Work) -> int:
    """A preview of the command for all units, confirmed; returns its number."""
    from apps.core.callers import Caller
    from apps.core.levels import Level
    from apps.fleet import pace
    from apps.fleet.commands import COMMANDS
    from apps.fleet.selection import by_query
    from apps.fleet.services import previews, steps

    caller = Caller(9001, USER, Level.SYSTEM, None)
    wanted = previews.Wanted(
        command=COMMANDS[work.command],
        selection=by_query({}, caller),
        parameters=work.parameters,
        per_minute=pace.MOST,
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
