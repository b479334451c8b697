"""One unit of a fleet with ten thousand payment commands, and a person before its statement.

`python -m bench.credit_unit` signs that person in on the database of DATABASE_URL and prints the
session; the parent process knows no Django.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from bench.case import Connection, Fleet, imei_of
from bench.databases import connected, side_environment

COMMANDS = 10_000
# A unit that keeps its credit itself, as every third does.
IMEI = imei_of(999)

# Every tenth takes some back, every twentieth says why; a later run finds all of them there.
_FILL = """
INSERT INTO payment_command (product_imei, value, category, void, status, transaction_id,
    created_at, created_by, modified_at, modified_by)
SELECT %(imei)s, CASE WHEN n %% 10 = 0 THEN -600 ELSE 3600 END,
    CASE WHEN n %% 10 = 0 THEN 'bad-payment' ELSE 'payment' END, false, 'acknowledged',
    'bench-statement-' || n, now() - (%(count)s - n) * interval '1 h', 'bench@example.com',
    now() - (%(count)s - n) * interval '1 h', 'unit'
FROM generate_series(1, %(count)s) n ON CONFLICT (transaction_id) DO NOTHING;
INSERT INTO payment_reason (command_id, reason)
SELECT payment_command_id, 'Paid in cash' FROM payment_command c
WHERE transaction_id LIKE 'bench-statement-%%' AND value < 0 AND payment_command_id %% 2 = 0
    AND NOT EXISTS (SELECT 1 FROM payment_reason r WHERE r.command_id = c.payment_command_id);
"""


def fill(connection: Connection) -> None:
    """Give the unit its commands."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"imei": IMEI, "count": COMMANDS})
        cursor.execute("ANALYZE payment_command; ANALYZE payment_reason")


@cache
def as_staff(fleet: Fleet) -> dict[str, str]:
    """The headers of somebody in the back office; the unit is filled when first asked for."""
    with connected(fleet.url) as connection:
        fill(connection)
    done = subprocess.run(
        [sys.executable, "-m", "bench.credit_unit"],
        env=side_environment(fleet.url),
        check=True,
        capture_output=True,
        text=True,
    )
    return {"Cookie": f"sessionid={done.stdout.split()[-1]}"}


def main() -> None:
    import django

    django.setup()
    from django.test import Client

    from apps.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(email="bench@example.com"))
    print(client.cookies["sessionid"].value)


if __name__ == "__main__":
    main()
