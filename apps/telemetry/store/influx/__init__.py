"""The store on InfluxDB, 1.x or, through its compatibility API, 2.x."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.telemetry.errors import StoreAway
from apps.telemetry.models import TelemetrySeries
from apps.telemetry.store import catalogue, conditions
from apps.telemetry.store.admission import Admitted, Refusal
from apps.telemetry.store.blocks import Points, joined
from apps.telemetry.store.influx import language, lines
from apps.telemetry.store.influx.provision import buckets_of, provision
from apps.telemetry.store.influx.refusals import Conflict, conflict_of, refusal_of, without
from apps.telemetry.store.influx.transport import Address, Rejected, TooLarge, Transport
from apps.telemetry.store.interface import Store
from apps.telemetry.store.queries import (
    COUNTS,
    ON_ANY_KIND,
    Condition,
    Function,
    Health,
    Latest,
    Query,
    Result,
    Shard,
)
from apps.telemetry.store.rows import Figures, of_intervals, of_points
from apps.telemetry.store.series import (
    IMEI_TAG,
    LAST_TIME,
    Batch,
    Column,
    Kind,
    Retention,
    Series,
    Value,
    retention_of,
)

_EXPORTED_AT_ONCE = 5_000


class InfluxStore(Store):
    """Time series in InfluxDB. Never call it inside a transaction."""

    name = "influxdb"

    def __init__(self, address: Address) -> None:
        self.transport = Transport(address)
        self.place = f"{address.url}/{address.database}"

    @classmethod
    def at(cls, url: str) -> InfluxStore:
        """The store at a URL; token and organisation, for 2.x, come from the settings."""
        return cls(Address.of(url, token=settings.INFLUXDB_TOKEN, org=settings.INFLUXDB_ORG))

    def _write(self, admitted: Sequence[Admitted]) -> list[Refusal]:
        batches: dict[Retention, list[Batch]] = defaultdict(list)
        for one in admitted:
            batches[one.batch.series.retention].append(one.batch)
        refused = []
        for retention, its in batches.items():
            refused += self._send(retention, its, lines.LINES_AT_ONCE)
        return refused

    def _send(self, retention: Retention, batches: list[Batch], at_once: int) -> list[Refusal]:
        refused = []
        conflicts: set[Conflict] = set()
        for body, values in lines.requests(batches, at_once):
            try:
                self.transport.write(retention, body)
            except TooLarge as error:
                if at_once > 1:
                    # From the first one on: what is there already stays as it is.
                    return self._send(retention, batches, max(1, at_once // 8))
                refused.append(Refusal(error.message, values))
            except Rejected as error:
                conflict = conflict_of(error)
                if conflict is not None:
                    conflicts.add(conflict)
                refused.append(refusal_of(error, body, values, conflict))
        left = without(batches, conflicts) if conflicts else []
        return refused + self._send(retention, left, at_once) if left else refused

    def read(self, query: Query) -> Result:
        try:
            return _Reading(query, self.transport).result()
        except Rejected as error:
            if "max-select" not in error.message:
                raise
            # The operator's limits on a single question.
            raise Invalid(
                _("The store does not read that much at once: ask for a shorter time or less")
            ) from error

    def last(
        self, imei: str, measurement: str, fields: Sequence[str] | None = None
    ) -> dict[str, Latest]:
        known = self.fields_of(imei, measurement)
        names = known if fields is None else sorted(set(known) & set(fields))
        # One statement for each: of several in one, InfluxDB tells one time for all.
        answers = self.transport.queries(
            f"SELECT last({language.name(name)}::field) FROM {language.source(measurement)} "
            f"WHERE {language.of_imei(imei)}"
            for name in names
        )
        found: dict[str, Latest] = {}
        for name, answer in zip(names, answers, strict=True):
            for one in answer:
                at, value = one["values"][0]
                found[name] = Latest(at, _as_kept(value))
        return found

    def delete(
        self,
        imei: str,
        measurement: str,
        *,
        start: int | None = None,
        end: int | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        low, high = start or 0, LAST_TIME if end is None else end
        tags = tags or {}
        if self.transport.is_second():
            buckets_of(self.transport).delete(
                retention_of(measurement), measurement, {IMEI_TAG: imei, **tags}, range(low, high)
            )
            return
        wanted = [language.of_imei(imei), *language.has_tags(tags)]
        self.transport.query(
            f"DELETE FROM {language.name(measurement)} WHERE {' AND '.join(wanted)} "
            f"AND time >= {low:d} AND time < {high:d}",
            change=True,
        )

    def retain(self) -> int:
        provision(self.transport)
        return 0

    def shards(self) -> list[Shard]:
        found = []
        for one in self._told("SHOW SHARDS"):
            for values in one["values"]:
                row = dict(zip(one["columns"], values, strict=True))
                if row["database"] == self.transport.address.database:
                    found.append(_shard(row))
        return sorted(found, key=lambda shard: (shard.retention, shard.start))

    def health(self) -> Health:
        try:
            version = self.transport.version()
            self.transport.query(f'SELECT * FROM "{Retention.TELEMETRY}"."telemetry" LIMIT 1')
        except (StoreAway, Rejected) as error:
            return Health(False, self.name, str(error))
        return Health(True, self.name, version)

    def every_series(self) -> Iterator[Series]:
        listed = False
        for retention in Retention:
            # Without a policy InfluxDB tells of the default one alone.
            for one in self._told(f'SHOW SERIES FROM "{retention}"./.+/'):
                for (key,) in one["values"]:
                    series = lines.series_of(key)
                    if series is not None:
                        listed = True
                        yield series
        if not listed:
            yield from catalogue.every_series()

    def _told(self, statement: str) -> list[dict[str, Any]]:
        """What the server tells of itself; nothing where, as 2.x, it does not know how."""
        try:
            # A database without any is told of all the same, without values.
            return [one for one in self.transport.query(statement) if one.get("values")]
        except Rejected:
            return []

    def export(self, series: Series, *, after: int | None = None) -> Iterator[Batch]:
        tags = dict(series.tags)
        wanted = [language.of_imei(series.imei), *language.has_tags(dict(series.tags))]
        reached = -1 if after is None else after
        while True:
            statement = (
                f"SELECT * FROM {language.source(series.measurement)} WHERE time > {reached:d} "
                f"AND {' AND '.join(wanted)} GROUP BY * LIMIT {_EXPORTED_AT_ONCE}"
            )
            # Series with these tags and more answer as well.
            exact = [one for one in self.transport.query(statement) if _has(one, tags)]
            if not exact:
                return
            points = _points(exact[0])
            columns = {n: c for n, c in points.columns.items() if any(v is not None for v in c)}
            yield Batch(series, points.times, columns)
            reached = points.times[-1]


class _Reading:
    """One query on its way to InfluxDB and back."""

    def __init__(self, query: Query, transport: Transport) -> None:
        self.query = query
        self.transport = transport
        self.rows = catalogue.of_unit(query.imei, query.measurement)

    def result(self) -> Result:
        query = self.query
        fields = self._fields()
        wanted = self._conditions() if fields else None
        if query.function is None:
            points = self._points(fields, wanted)
            return of_points(query, points.times, points.columns)
        found: dict[str, dict[int, Value | None]] = {}
        if wanted is not None and self._is_wrong_there():
            every = replace(query, limit=None, descending=False)
            figures = Figures(query)
            figures.add(_Reading(every, self.transport)._points(fields, wanted))
            found = figures.found()
        elif wanted is not None:
            for one in self.transport.query(language.intervals(query, fields, wanted)):
                points = _points(
                    {**one, "columns": ["time", *fields]}, whole=query.function in COUNTS
                )
                for name, column in points.columns.items():
                    found[name] = dict(zip(points.times, column, strict=True))
        return of_intervals(query, found)

    def _fields(self) -> list[str]:
        """The fields to ask for: those the unit has, of a kind that the function knows."""
        query = self.query
        kinds = {name: kind for row in self.rows for name, kind in row.fields.items()}
        return [
            name
            for name, kind in sorted(kinds.items())
            if (query.fields is None or name in query.fields)
            and (query.function in ON_ANY_KIND or not query.function or kind == Kind.NUMBER)
        ]

    def _conditions(self) -> list[str] | None:
        """Conditions on tags and fields; None if no series of the unit can satisfy them."""
        query = self.query
        left: dict[Series, Condition] = {}
        every = []
        for row in self.rows:
            series = Series(row.measurement, row.imei, TelemetrySeries.tags_of(row.tags))
            every.append(series)
            if query.tags.items() <= dict(series.tags).items():
                condition = conditions.for_series(query.where, row)
                if condition != conditions.FALSE:
                    left[series] = condition
        if not left:
            return None
        if len(left) == len(every) and len(set(left.values())) == 1:
            common = next(iter(left.values()))
            return [] if common == conditions.TRUE else [language.condition(common)]
        names = sorted({name for series in every for name, _value in series.tags})
        alike: dict[Condition, list[Series]] = defaultdict(list)
        for series, condition in left.items():
            alike[condition].append(series)
        parts = [_exactly(several, names, condition) for condition, several in alike.items()]
        return [f"({' OR '.join(parts)})"]

    def _is_wrong_there(self) -> bool:
        """Whether InfluxDB answers the function wrongly, so that it is worked out from points here.

        MODE takes now this, now that of several values. PERCENTILE ends its answer at the first
        interval that has too few points for a rank, which below 50 can be. INTEGRAL takes now this,
        now that of the values that several series have at a time.
        """
        query = self.query
        if query.function is Function.PERCENTILE:
            return query.argument is not None and query.argument < 50
        return query.function is Function.MODE or (
            query.function is Function.INTEGRAL and len(self.rows) > 1
        )

    def _points(self, fields: list[str], wanted: list[str] | None) -> Points:
        """The rows of all series by time, in the order of the query."""
        if wanted is None:
            return Points()
        answers = self.transport.query(language.points(self.query, fields, wanted))
        # Each series comes with the order and the limit of the query.
        several = [_points(one) for one in sorted(answers, key=_tags)]
        if not self.query.descending:
            return joined(several) if several else Points()
        return joined([points.reversed() for points in several]).reversed() if several else Points()


def _tags(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((k, v) for k, v in answer["tags"].items() if v and k != IMEI_TAG)


def _has(answer: dict[str, Any], tags: dict[str, str]) -> bool:
    return dict(_tags(answer)) == tags


def _exactly(several: Sequence[Series], names: Sequence[str], condition: Condition) -> str:
    """That a point is of one of these series, among all with tags of these names, and more."""
    each = (language.has_tags(dict.fromkeys(names, "") | dict(one.tags)) for one in several)
    of_them = " OR ".join(f"({' AND '.join(tags)})" for tags in each)
    if condition == conditions.TRUE:
        return f"({of_them})"
    return f"(({of_them}) AND {language.condition(condition)})"


def _points(answer: dict[str, Any], *, whole: bool = False) -> Points:
    """The rows of one series as answered, in columns; numbers as floats but for counts."""
    times, *columns = (list(column) for column in zip(*answer["values"], strict=True))
    named: dict[str, Column] = {}
    for name, column in zip(answer["columns"][1:], columns, strict=True):
        sample = column if answer.get("loose") else [v for v in column[:1] if v is not None]
        if not whole and (None in column[:1] or int in set(map(type, sample))):
            column = [_as_kept(value) for value in column]
        named[name] = column
    return Points(times, named)


def _as_kept(value: Any) -> Value:
    return float(value) if type(value) is int else value


def _shard(row: dict[str, Any]) -> Shard:
    start, end, expires = (
        int(datetime.fromisoformat(row[name].replace("Z", "+00:00")).timestamp()) * 10**9
        for name in ("start_time", "end_time", "expiry_time")
    )
    return Shard(
        key=str(row["id"]),
        retention=row["retention_policy"],
        start=start,
        end=end,
        # A policy that keeps for ever says that they expire when they end.
        expires=None if expires == end else expires,
    )
