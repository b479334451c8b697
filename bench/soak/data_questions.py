"""Thousands of questions about a unit's data, good, broken and hostile, against a plain model.

Every answer equals the model's, to the last null and time, from each store there is: the embedded
one, and InfluxDB where INFLUXDB_URL names one. Whatever is wrong is 400 and says what; nothing is
ever 500, and no question changes what is stored.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from apps.accounts.services import issue_token
from apps.core.errors import DomainError
from apps.core.levels import Level
from apps.telemetry.data_times import format_times, parse_time
from apps.telemetry.services.points import keep_points, read_points
from apps.telemetry.store.queries import And, Compare, Condition, Function, Op, Or, Query
from apps.telemetry.store.series import DAY, HOUR, MINUTE, SECOND
from apps.telemetry.where import parse_where
from bench.soak.campaign import Campaign, Effort
from tests.factories import ProductFactory
from tests.personas import make_user
from tests.telemetry.model import Model

NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
END = int(NOW.timestamp()) * SECOND
BEGIN = END - 3 * DAY
FIELDS = ("voltage", "current", "curve-data", "mode", "lit")
MODES = ("eco", "full", 'it\'s "on"', "a OR 1=1", "OK\r\n", "/.*/\r")
CELLS = ("left", "right")
INTERVALS = {"90s": 90 * SECOND, "5m": 5 * MINUTE, "1h": HOUR, "7h": 7 * HOUR, "1d": DAY,
             "1w": 7 * DAY, "43200000ms": 12 * HOUR}  # fmt: skip

# None of it is a question; each goes into every parameter.
HOSTILE = (
    "'; DROP MEASUREMENT telemetry --",
    "1=1",
    "' OR ''='",
    '" OR 1=1 --',
    'voltage" FROM "telemetry_rp"."telemetry" --',
    "voltage > 1; DELETE FROM telemetry",
    "voltage > 1 UNION SELECT * FROM user",
    "voltage =~ /.*/",
    "time > now() - 1h OR voltage > 1",
    "product_imei = '1' OR 1=1",
    "SELECT * FROM telemetry",
    "fields) FROM x; SHOW DATABASES",
    "voltage::field > 1",
    "(SELECT 1)",
    "voltage > (SELECT 1)",
    "voltage > 1 -- ' \\",
    "voltage > 1 /* */",
    "\\'; DROP DATABASE x",
    "a\nb = 1",
    "telemetry,product_imei=1 voltage=1 1",
    "{{ 7 * 7 }}",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "voltage > 1e999",
    "voltage > 0x10",
    "voltage > NaN",
    "\x00",
    "ｖｏｌｔａｇｅ > 1",
    "(" * 500,
    "0000-01-01 00:00",
    "10000-01-01T00:00:00Z",
    "now() - 999999999w",
    "1 ns",
    "- 0",
    "percentile(voltage, 95)",
    "voltage > 1 or " * 200 + "voltage > 1",
    "9" * 1_000,
)
SORTS = ("good", "broken", "hostile", "misfit")
PARAMETERS = ("start", "end", "fields", "measurement", "limit", "where", "tags", "ds_interval",
              "ds_function", "ds_fucntion")  # fmt: skip
# In a body each of them is of the wrong kind for every parameter.
MISFITS: tuple[Any, ...] = (
    *(True, False, -1, 1.5, 10**30, [], [[]], [None], [1], {"a": {"b": 1}}, {"a b": "c"}),
    *("\x00", "\ud800", "a\x00b", "voltage\udfff > 1"),
)
# Not even what they say can be told.
BODIES = (
    '{"limit": NaN}', '{"limit": -Infinity}', '{"start": 1e999}', '{"end": 1, "end": 2}', "[]", "1",
    '"where"', "{", '{"where": "a = 1"', "null", '{"where": "' + "voltage > 1 or " * 70_000 + '"}',
    '{"where": "' + "(" * 10_000 + '"}', '{"fields": ' + "[" * 10_000 + "]" * 10_000 + "}",
    '{"start": ' + "9" * 5_000 + "}", '{"where": "\\ud800 = 1"}', '{"no_such": 1}',
    b"\xff\xfe", b'{"where": "\xc3\x28"}',
)  # fmt: skip
_ALPHABET = "'\"()=<>! \\/;-_.,%*0123456789abcANDORandor\n\té\x00"


@dataclass
class Interview:
    """The campaign: asks over HTTP, and answers itself from the model."""

    seed: int
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.stores = ["", settings.INFLUXDB_URL] if settings.INFLUXDB_URL else [""]
        self.model = Model()
        self.imei = ProductFactory.create().pk

    def run(self, questions: int) -> Counter[str]:
        """Ask so many questions; returns how many there were of each sort."""
        with time_machine.travel(NOW, tick=False):
            user = make_user(f"soak{self.seed}", Level.OVERVIEW)
            token = issue_token(user=user)[0]
            self.client = Client(headers={"Authorization": f"Token token={token}"})
            self._write()
            for _question in range(questions):
                sort = self.random.choices(SORTS, (60, 20, 10, 10))[0]
                getattr(self, f"_{sort}")()
                self.done[sort] += 1
            # Nothing of all that has changed a point.
            self._check({"start": "1970-01-01"}, {"start": 1, "end": END + 1})
        return self.done

    def _write(self) -> None:
        """Some hundred points in three series, with gaps and with times that two of them share."""
        for tags in (None, {"cell": CELLS[0]}, {"cell": CELLS[1]}):
            times = sorted(self.random.sample(range(0, 3 * 24 * 60, 5), 120))
            fields: dict[str, list[list[Any]]] = {name: [] for name in FIELDS}
            for minute in times:
                at = (BEGIN + minute * MINUTE) // 1_000_000
                for name, points in fields.items():
                    if self.random.random() < 0.7:
                        points.append([at, self._value(name)])
            batch = read_points({"tags": tags, "fields": fields}, self.imei)
            self.model.write([batch])
            for store in self.stores:
                with override_settings(INFLUXDB_URL=store):
                    assert keep_points(batch=batch).written == batch.values

    def _value(self, name: str) -> Any:
        if name == "mode":
            return self.random.choice(MODES)
        if name == "lit":
            return self.random.random() < 0.5
        return float(self.random.choice((self.random.randrange(10, 15), 12.5, -0.5, 0)))

    # --- questions -------------------------------------------------------------------------------

    def _good(self) -> None:
        """A question that makes sense, said in one of the ways in which it may be said."""
        parameters: dict[str, Any] = {}
        meant: dict[str, Any] = {}
        start = BEGIN + self.random.randrange(-12, 60) * HOUR
        end = start + self.random.randrange(0, 80 * 60) * MINUTE
        parameters["start"], parameters["end"] = self._said_time(start), self._said_time(end)
        if self.random.random() < 0.5:
            meant["where"] = self._condition(3)
            parameters["where"] = self._said(meant["where"])
        if self.random.random() < 0.5:
            meant["fields"] = tuple(self.random.sample(FIELDS, self.random.randrange(1, 5)))
            parameters["fields"] = ",".join(meant["fields"])
        if self.random.random() < 0.3:
            meant["limit"] = self.random.randrange(1, 50)
            parameters["limit"] = str(meant["limit"])
        if self.random.random() < 0.3:
            meant["tags"] = {"cell": self.random.choice(CELLS)}
            parameters["tags"] = json.dumps(meant["tags"])
        if self.random.random() < 0.5:
            said = self.random.choice(list(INTERVALS))
            function = self.random.choice(list(Function))
            meant |= {"interval": INTERVALS[said], "function": function}
            parameters |= {"ds_interval": said, "ds_function": function.value}
            if function is Function.PERCENTILE:
                meant["argument"] = float(self.random.choice((0, 5, 33.3, 50, 95, 99.999, 100)))
                form = self.random.choice(("percentile_{:g}", "percentile({:g})"))
                parameters["ds_function"] = form.format(meant["argument"])
            if self.random.random() < 0.3:
                parameters["ds_fucntion"] = parameters.pop("ds_function")
            meant |= {"start": start, "end": end}
        else:
            meant |= {"start": start + 1, "end": end + 1}
        self._check(parameters, meant)

    def _broken(self) -> None:
        """A `where` that lost, gained or changed some characters: refused, or read as it stands."""
        text = list(self._said(self._condition(3)))
        for _wound in range(self.random.randrange(1, 4)):
            place = self.random.randrange(len(text) + 1)
            scar = self.random.choice(("", self.random.choice(_ALPHABET)))
            text[place : place + self.random.randrange(0, 3)] = scar
        where = "".join(text)
        parameters = {"start": self._said_time(BEGIN - 1), "where": where}
        meant: dict[str, Any] | None = {"start": parse_time(parameters["start"]) + 1}
        with contextlib.suppress(DomainError):
            condition = parse_where(where) if where else None
            self._check(parameters, {**meant, "end": END + 1, "where": condition})  # type: ignore[dict-item]
            return
        self._refused(parameters, "where")

    def _hostile(self) -> None:
        name, text = self.random.choice(PARAMETERS), self.random.choice(HOSTILE)
        if name == "tags" and self.random.random() < 0.5:
            text = (
                json.dumps({text: "x"}) if self.random.random() < 0.5 else json.dumps({"x": text})
            )
        if name == "where" and self.random.random() < 0.2 and "\x00" not in text:
            # As a value it is a text like any other.
            quoted = text.replace("\\", "\\\\").replace("'", "\\'")
            condition = Compare("mode", Op.NE, text)
            parameters = {"start": "2026-01-01", "where": f"mode != '{quoted}'"}
            if len(parameters["where"]) <= 2_000:
                meant = {"start": parse_time("2026-01-01") + 1, "end": END + 1}
                self._check(parameters, {**meant, "where": condition})
                return
        self._refused({name: text}, "")

    def _misfit(self) -> None:
        """A body of which nothing can be made, or one that says again what the query says."""
        wrong = self.random.random()
        if wrong < 0.2:
            self._refused({}, "", body=self.random.choice(BODIES))
        elif wrong < 0.3:
            name = self.random.choice(PARAMETERS)
            self._refused({name: "1"}, "", body=json.dumps({name: "1"}))
        else:
            name = self.random.choice(PARAMETERS)
            self._refused({}, "", body=json.dumps({name: self.random.choice(MISFITS)}))

    # --- saying ----------------------------------------------------------------------------------

    def _condition(self, depth: int) -> Condition:
        if depth and self.random.random() < 0.5:
            parts = tuple(self._condition(depth - 1) for _ in range(self.random.randrange(2, 4)))
            return self.random.choice((And, Or))(parts)
        name = self.random.choice((*FIELDS, "cell", "product_imei", "no_such"))
        if name in ("voltage", "current", "curve-data", "no_such"):
            return Compare(name, self.random.choice(list(Op)), self._value("voltage"))
        value = {"cell": self.random.choice(CELLS), "product_imei": self.imei}.get(name)
        value = self._value(name) if value is None else value
        return Compare(name, self.random.choice((Op.EQ, Op.NE)), value)

    def _said(self, condition: Condition) -> str:
        if isinstance(condition, Compare):
            return self._said_comparison(condition)
        word = "and" if isinstance(condition, And) else "or"
        parts = []
        for part in condition.parts:
            text = self._said(part)
            parts.append(text if isinstance(part, Compare) else f"({text})")
        return self.random.choice((f" {word} ", f"\n{word.upper()} ")).join(parts)

    def _said_comparison(self, compare: Compare) -> str:
        quote = self.random.choice(("'", '"') if "-" in compare.name else ("", "'", '"'))
        name = f"{quote}{compare.name}{quote}"
        sign = "<>" if compare.op is Op.NE and self.random.random() < 0.5 else compare.op.value
        space = self.random.choice(("", " ", "  "))
        value = compare.value
        if isinstance(value, bool):
            word = self.random.choice(("true", "TRUE") if value else ("false", "False"))
            return f"{name}{space}{sign} {word}"
        if isinstance(value, str):
            quote = self.random.choice("'\"")
            text = value.replace("\\", "\\\\").replace(quote, "\\" + quote)
            return f"{name}{space}{sign}{space}{quote}{text}{quote}"
        if self.random.random() < 0.2:
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
            return f"{value}{space}{turned}{space}{name}"
        return f"{name}{space}{sign}{space}{value}"

    def _said_time(self, at: int) -> str:
        """A time in one of the documented ways; in milliseconds where it is not whole seconds."""
        (text,) = format_times([at])
        if at % SECOND:
            return text
        ways = [str(at // 1_000_000), text, text[:-1].replace("T", " ") + ".000"]
        if at % DAY == 0:
            ways += [text[:10], dt.date.fromisoformat(text[:10]).strftime("%a, %B %dth %Y")]
        return self.random.choice(ways)

    # --- answers ---------------------------------------------------------------------------------

    def _ask(self, parameters: dict[str, Any], body: str | bytes = "") -> list[Any]:
        """What each store answers."""
        path = f"/v1/products/{self.imei}/data"
        answers = []
        for store in self.stores:
            with override_settings(INFLUXDB_URL=store):
                answers.append(
                    self.client.generic(
                        "GET", path, body, "application/json", query_params=parameters
                    )
                )
        return answers

    def _check(self, parameters: dict[str, Any], meant: dict[str, Any]) -> None:
        query = Query("telemetry", self.imei, **meant)
        times, columns = self.model.read(query)
        shown = format_times(times)
        for answer in self._ask(parameters):
            assert answer.status_code == 200, (parameters, answer.content)
            data = answer.json()["data"]
            assert data.pop("measurement") == "telemetry"
            assert data.pop("tags") == {"product_imei": self.imei, **query.tags}
            assert list(data) == list(columns), (parameters, list(data), list(columns))
            for name, column in columns.items():
                assert [at for _value, at in data[name]] == shown, (parameters, name)
                for (value, _at), wanted in zip(data[name], column, strict=True):
                    assert _same(value, wanted), (parameters, name, value, wanted)

    def _refused(self, parameters: dict[str, Any], named: str, *, body: str | bytes = "") -> None:
        for answer in self._ask(parameters, body):
            told = (parameters, body[:200], answer.status_code, answer.content)
            assert answer.status_code == 400, told
            said = answer.json()
            assert set(said) == {"status", "message", "validation_errors", "data"}
            assert not named or "character" in str(said["validation_errors"]), said


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, float) and isinstance(wanted, int | float):
        return math.isclose(value, wanted, rel_tol=1e-9, abs_tol=1e-9)
    return bool(value == wanted)


def run(effort: Effort) -> str:
    """10,000 questions to each store."""
    if settings.INFLUXDB_URL:
        call_command("provision_telemetry", verbosity=0)
    asked = Interview(effort.seed).run(effort.of(10_000))
    stores = 2 if settings.INFLUXDB_URL else 1
    return (
        f"{sum(asked.values()):,} questions to {stores} store(s) ({asked['good']:,} good, "
        f"{asked['broken']:,} broken, {asked['hostile']:,} hostile, {asked['misfit']:,} of the "
        "wrong kind): every answer the model's"
    )


CAMPAIGNS = (Campaign("data: questions against a model", run),)
