"""Making an InfluxDB ready: database and retention policies on 1.x, buckets and mappings on 2.x.

Safe to repeat; a policy whose duration differs from what is to be kept now is brought in line.
"""

from __future__ import annotations

from django.conf import settings

from apps.telemetry.store.influx.buckets import Buckets
from apps.telemetry.store.influx.transport import Transport
from apps.telemetry.store.keeping import kept_days
from apps.telemetry.store.series import Retention

# InfluxDB drops whole shards: the longer one lasts, the later its first point goes.
_SHARD_DAYS = {Retention.TELEMETRY: 7, Retention.ANALYSIS: 91}
_SHORTEST = {Retention.TELEMETRY: 28, Retention.ANALYSIS: 364}


def provision(transport: Transport) -> list[str]:
    """Make database and retention policies; returns a line for each thing that was changed."""
    if transport.is_second():
        return buckets_of(transport).provision(
            lambda retention, is_there: _days_of(retention, is_there=is_there)
        )
    return _policies(transport)


def buckets_of(transport: Transport) -> Buckets:
    """What stands for database and retention policies on a 2.x."""
    return Buckets(transport.address)


def _days_of(retention: Retention, *, is_there: bool) -> int:
    """For how many days a policy is to keep its points; 0: for ever.

    A new one as the settings say: there is nothing yet that could go too early.
    """
    if is_there:
        return kept_days()[retention]
    return int(settings.TELEMETRY_RETENTION_DAYS[retention])


def _policies(transport: Transport) -> list[str]:
    # A database's name is the operator's: any text, quoted as InfluxQL wants identifiers.
    database = transport.address.database.replace("\\", "\\\\").replace('"', '\\"')
    # Without a hyphen to it, a database that is there already is left as it is.
    transport.query(f'CREATE DATABASE "{database}"', change=True)
    [answer] = transport.query(f'SHOW RETENTION POLICIES ON "{database}"')
    found = {row[0]: dict(zip(answer["columns"], row, strict=True)) for row in answer["values"]}
    changed = []
    for retention in Retention:
        there = found.get(retention.value)
        days = _days_of(retention, is_there=there is not None)
        if there is not None and _hours(there["duration"]) == days * 24:
            continue
        duration = f"{days}d" if days else "INF"
        transport.query(
            f'{"ALTER" if there else "CREATE"} RETENTION POLICY "{retention}" ON "{database}" '
            f"DURATION {duration} REPLICATION 1 SHARD DURATION {_shard_days(retention, days)}d"
            + (" DEFAULT" if retention is Retention.TELEMETRY else ""),
            change=True,
        )
        changed.append(f"{retention}: {duration}")
    return changed


def _shard_days(retention: Retention, days: int) -> int:
    return _SHARD_DAYS[retention] if not days or days >= _SHORTEST[retention] else 1


def _hours(duration: str) -> int:
    """The hours of a duration as InfluxDB prints it, such as `168h0m0s` or `0s`."""
    return int(duration.partition("h")[0]) if "h" in duration else 0
