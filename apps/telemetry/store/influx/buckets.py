"""What InfluxDB 2.x has in other ways than 1.x: buckets for policies, and deleting.

A bucket's name has no `/` in it: some 2.x would map such a name by themselves, beside the mapping
made here, and then refuse every question as one about two buckets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from influxdb_client import (
    BucketRetentionRules,
    DBRPCreate,
    DeletePredicateRequest,
    InfluxDBClient,
    PatchBucketRequest,
)
from influxdb_client.rest import ApiException
from influxdb_client.service.buckets_service import BucketsService
from influxdb_client.service.dbr_ps_service import DBRPsService
from influxdb_client.service.delete_service import DeleteService
from urllib3.exceptions import HTTPError

from apps.telemetry.errors import StoreAway
from apps.telemetry.store.influx.transport import Address
from apps.telemetry.store.series import SECOND, Retention

_DAY = 86_400
_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)
# Keeps its points for this many days, 0 for ever; told whether the bucket is there already.
Days = Callable[[Retention, bool], int]


class Buckets:
    """The buckets of one database, by the retention policies mapped to them.

    Every method raises StoreAway where the server cannot be asked, or refuses.
    """

    def __init__(self, address: Address) -> None:
        self.address = address

    def provision(self, days: Days) -> list[str]:
        """Make and map what is missing; returns a line for each thing that was changed."""
        changed: list[str] = []
        with self._client() as (client, org):
            mapped = self._mapped(client, org)
            for retention in Retention:
                bucket = self._bucket(client, org, retention, mapped.get(retention))
                wanted = days(retention, bucket is not None) * _DAY
                if bucket is None:
                    bucket = self._made(client, org, retention, wanted)
                    changed.append(f"{bucket.name}: made")
                elif sum(rule.every_seconds for rule in bucket.retention_rules) != wanted:
                    # Without any rule it would be left as it is: 0 seconds are for ever.
                    change = PatchBucketRequest(retention_rules=_rules(wanted))
                    BucketsService(client.api_client).patch_buckets_id(bucket.id, change)
                    changed.append(f"{bucket.name}: kept for {wanted // _DAY} days")
                if mapped.get(retention) != bucket.id:
                    self._map(client, org, retention, bucket)
                    name = f"{self.address.database}.{retention}"
                    changed.append(f"{name}: mapped to {bucket.name}")
        return changed

    def delete(
        self, retention: Retention, measurement: str, tags: Mapping[str, str], span: range
    ) -> None:
        """Delete points of these tags: InfluxQL would look into the default policy's bucket alone.

        Names and values are within the allow-list.
        """
        if not span:
            return
        start, stop = _moment(span.start), _moment(span.stop - 1)
        # A name may have a minus in it, before which an unquoted one would end.
        wanted = {"_measurement": measurement, **tags}
        predicate = " AND ".join(f'"{name}"="{value}"' for name, value in wanted.items())
        with self._client() as (client, org):
            bucket = self._mapped(client, org).get(retention)
            if bucket is not None:
                DeleteService(client.api_client).post_delete(
                    DeletePredicateRequest(start, stop, predicate), org_id=org, bucket_id=bucket
                )

    @contextmanager
    def _client(self) -> Iterator[tuple[InfluxDBClient, str]]:
        """A client, and the id of the organisation that the settings name."""
        address = self.address
        try:
            with InfluxDBClient(url=address.url, token=address.token) as client:
                by_id = _ID.fullmatch(address.org)
                asked = {"org_id" if by_id else "org": address.org} if address.org else {}
                found = client.organizations_api().find_organizations(**asked)
                if len(found) != 1:
                    raise StoreAway("INFLUXDB_ORG names no organisation that the token may see")
                yield client, found[0].id
        except (ApiException, HTTPError) as error:
            raise StoreAway(str(error)) from error

    def _mapped(self, client: InfluxDBClient, org: str) -> dict[str, str]:
        """Retention policy -> bucket, by our mappings or those that a server makes of names."""
        mappings = DBRPsService(client.api_client)
        found = mappings.get_dbr_ps(org_id=org, db=self.address.database).content or ()
        return {
            one.retention_policy: one.bucket_id
            for one in found
            if one.database == self.address.database
        }

    def _bucket(
        self, client: InfluxDBClient, org: str, retention: Retention, mapped: str | None
    ) -> Any:
        """The bucket that is mapped, whatever its name, or the one we would make; or None."""
        buckets = BucketsService(client.api_client)
        try:
            if mapped is not None:
                return buckets.get_buckets_id(mapped)
            named = self._name(retention)
            found = buckets.get_buckets(org_id=org, name=named).buckets
        except ApiException as error:
            if error.status == 404:
                return None
            raise
        # Some 2.x add their own buckets to what they find.
        return next((one for one in found if one.name == named), None)

    def _made(self, client: InfluxDBClient, org: str, retention: Retention, seconds: int) -> Any:
        rules = _rules(seconds) if seconds else []
        return client.buckets_api().create_bucket(
            bucket_name=self._name(retention), retention_rules=rules, org=org
        )

    def _map(self, client: InfluxDBClient, org: str, retention: Retention, bucket: Any) -> None:
        DBRPsService(client.api_client).post_dbrp(
            DBRPCreate(
                org_id=org,
                bucket_id=bucket.id,
                database=self.address.database,
                retention_policy=retention.value,
                default=retention is Retention.TELEMETRY,
            )
        )

    def _name(self, retention: Retention) -> str:
        return f"{self.address.database}.{retention}"


def _moment(at: int) -> str:
    seconds, rest = divmod(at, SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09d}Z"


def _rules(seconds: int) -> list[BucketRetentionRules]:
    return [BucketRetentionRules(type="expire", every_seconds=seconds)]
