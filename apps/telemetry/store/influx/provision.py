"""Making an InfluxDB ready: database and retention policies on 1.x, buckets and mappings on 2.x.

Safe to repeat; a policy whose duration differs from the settings is brought in line.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from influxdb_client import BucketRetentionRules, DBRPCreate, InfluxDBClient
from influxdb_client.rest import ApiException
from influxdb_client.service.dbr_ps_service import DBRPsService
from urllib3.exceptions import HTTPError

from apps.telemetry.errors import StoreAway
from apps.telemetry.store.influx.transport import Address, Transport
from apps.telemetry.store.series import Retention

_DAY = 86_400
# InfluxDB drops whole shards: the longer one lasts, the later its first point goes.
_SHARD_DAYS = {Retention.TELEMETRY: 7, Retention.ANALYSIS: 91}
_SHORTEST = {Retention.TELEMETRY: 28, Retention.ANALYSIS: 364}


def provision(transport: Transport) -> list[str]:
    """Make database and retention policies; returns a line for each thing that was changed."""
    if transport.version().lstrip("v").startswith("2."):
        return _buckets(transport.address)
    return _policies(transport)


def days_of(retention: Retention) -> int:
    """For how many days a policy keeps its points; 0: for ever."""
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
        days = days_of(retention)
        there = found.get(retention.value)
        if there is not None and _hours(there["duration"]) == days * 24:
            continue
        duration = f"{days}d" if days else "INF"
        transport.query(
            f'{"ALTER" if there else "CREATE"} RETENTION POLICY "{retention}" ON "{database}" '
            f"DURATION {duration} REPLICATION 1 SHARD DURATION {_shard_days(retention)}d"
            + (" DEFAULT" if retention is Retention.TELEMETRY else ""),
            change=True,
        )
        changed.append(f"{retention}: {duration}")
    return changed


def _shard_days(retention: Retention) -> int:
    days = days_of(retention)
    return _SHARD_DAYS[retention] if not days or days >= _SHORTEST[retention] else 1


def _hours(duration: str) -> int:
    """The hours of a duration as InfluxDB prints it, such as `168h0m0s` or `0s`."""
    return int(duration.partition("h")[0]) if "h" in duration else 0


def _buckets(address: Address) -> list[str]:
    """A bucket for each retention policy, mapped to the names that 1.x requests use."""
    changed: list[str] = []
    try:
        with InfluxDBClient(url=address.url, token=address.token, org=address.org) as client:
            mappings = DBRPsService(client.api_client)
            mapped = {
                (one.database, one.retention_policy)
                for one in mappings.get_dbr_ps(org=address.org, db=address.database).content or ()
            }
            for retention in Retention:
                bucket = _bucket(client, f"{address.database}/{retention}", retention, changed)
                if (address.database, retention.value) not in mapped:
                    mappings.post_dbrp(
                        DBRPCreate(
                            org=address.org,
                            bucket_id=bucket.id,
                            database=address.database,
                            retention_policy=retention.value,
                            default=retention is Retention.TELEMETRY,
                        )
                    )
                    changed.append(f"{address.database}.{retention}: mapped to {bucket.name}")
    except (ApiException, HTTPError) as error:
        raise StoreAway(str(error)) from error
    return changed


def _bucket(client: InfluxDBClient, name: str, retention: Retention, changed: list[str]) -> Any:
    seconds = days_of(retention) * _DAY
    rules = [BucketRetentionRules(type="expire", every_seconds=seconds)] if seconds else []
    buckets = client.buckets_api()
    bucket = buckets.find_bucket_by_name(name)
    if bucket is None:
        changed.append(f"{name}: made")
        return buckets.create_bucket(bucket_name=name, retention_rules=rules)
    if sum(rule.every_seconds for rule in bucket.retention_rules) != seconds:
        bucket.retention_rules = rules
        bucket = buckets.update_bucket(bucket=bucket)
        changed.append(f"{name}: kept for {days_of(retention)} days")
    return bucket
