"""Reports that are wrong: 400 with a sentence that helps, and nothing written."""

from __future__ import annotations

import json
from typing import Any

import msgpack
import pytest

from apps.connectivity.models import Connection, UnitNonce
from apps.products.models import Product
from tests.connectivity.units import CELL, UnitSession, body

pytestmark = pytest.mark.django_db


def assert_nothing_written() -> None:
    assert not Connection.objects.exists()
    assert not UnitNonce.objects.exists()
    assert Product.objects.get().modified_at is None


FIELDS = {
    "time": ["", "yesterday", "2026-02-30T10:00:00", "2026-03-01", True, 1.5, -1, 10**30, [], {}],
    "enabled": [0, 1, "true", "", [], 1.0],
    "tamper_enabled": [0, "no", {}],
    "software": ["", "x" * 256, 3.6, True, ["3.6a"]],
    "cells": [{}, "none", 1, True, [CELL] * 8],
    "gps": [[], "1,2", {}, {"lat": 1}, {"lat": 1, "lon": 2, "alt": 3}],
    "frequency": [-1, 2**31, 1.5, "900", True],
    "timing_advance": [-1, 2**31, 0.5, True],
    "parameters": [[], "a", 1, True],
    "balance": [-1, 10**11 + 1, 2**64, 1.5, "10", True],
    "acks": [{}, "tx", 1, ["x"] * 1_001],
    "final_balance": [
        [],
        5,
        {},
        {"transaction_id": "a"},
        {"transaction_id": "a", "value": 1, "x": 2},
    ],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in FIELDS.items() for value in values]
)
def test_a_wrong_field_is_refused_and_named(unit: UnitSession, name: str, value: Any) -> None:
    answer = unit.post(body(**{name: value}))
    assert answer.status_code == 400
    envelope = answer.json()
    assert envelope["status"] == "validation-error"
    assert list(envelope["validation_errors"]) == [name]
    assert len(envelope["validation_errors"][name]) > 10
    assert_nothing_written()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"cells": [CELL, "x"]}, "cells[1]"),
        ({"cells": [{**CELL, "rssi": 1}]}, "cells[0]"),
        ({"cells": [CELL, {**CELL, "mcc": 1_000}]}, "cells[1].mcc"),
        ({"cells": [{**CELL, "mnc": -1}]}, "cells[0].mnc"),
        ({"cells": [{**CELL, "lac": 2**31}]}, "cells[0].lac"),
        ({"cells": [{**CELL, "cid": "1"}]}, "cells[0].cid"),
        ({"cells": [{**CELL, "signal": None}]}, "cells[0].signal"),
        ({"cells": [{**CELL, "signal": True}]}, "cells[0].signal"),
        ({"gps": {"lat": 90.1, "lon": 0}}, "gps.lat"),
        ({"gps": {"lat": "1", "lon": 0}}, "gps.lat"),
        ({"gps": {"lat": None, "lon": 0}}, "gps.lat"),
        ({"gps": {"lat": 0, "lon": -180.5}}, "gps.lon"),
        ({"gps": {"lat": 0, "lon": True}}, "gps.lon"),
        ({"parameters": {"a": None}}, "parameters.a"),
        ({"parameters": {"a": []}}, "parameters.a"),
        ({"parameters": {"a": "x" * 256}}, "parameters.a"),
        ({"parameters": {"a": 10**390}}, "parameters.a"),
        ({"parameters": {"": 1}}, "parameters"),
        ({"acks": ["tx", 5]}, "acks[1]"),
        ({"acks": [""]}, "acks[0]"),
        ({"final_balance": {"transaction_id": "", "value": 1}}, "final_balance.transaction_id"),
        ({"final_balance": {"transaction_id": "a", "value": -1}}, "final_balance.value"),
        ({"imei": "123"}, "imei"),
        ({"current_enable_flag": True}, "current_enable_flag"),
    ],
)
def test_what_is_wrong_inside_a_field_is_named(
    unit: UnitSession, changes: dict[str, Any], name: str
) -> None:
    answer = unit.post(body(**changes))
    assert answer.status_code == 400
    assert list(answer.json()["validation_errors"]) == [name]
    assert_nothing_written()


def test_everything_wrong_is_named_at_once(unit: UnitSession) -> None:
    answer = unit.post({"enabled": 1, "cells": None, "more": 2})
    assert sorted(answer.json()["validation_errors"]) == [
        "cells",
        "enabled",
        "more",
        "software",
        "tamper_enabled",
        "time",
    ]


@pytest.mark.parametrize("name", ["time", "enabled", "tamper_enabled", "software", "cells"])
@pytest.mark.parametrize("absence", [..., None])
def test_a_missing_field_is_named(unit: UnitSession, name: str, absence: Any) -> None:
    answer = unit.post(body(**{name: absence}))
    assert answer.json()["validation_errors"] == {name: "This field is required"}


GOOD = json.dumps(body())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        GOOD[:-5].encode(),
        GOOD.replace("3.6a", "\xff").encode("latin-1"),
        GOOD.replace("-71", "NaN").encode(),
        GOOD.replace("-71", "1e400").encode(),
        GOOD.replace("-71", "9" * 5_000).encode(),
        f"[{GOOD}]".encode(),
        b'"report"',
        b"null",
        ("[" * 2_000 + "]" * 2_000).encode(),
        ('{"gps": ' * 2_000 + "1" + "}" * 2_000).encode(),
        GOOD.replace('"enabled"', '"enabled": true, "enabled"', 1).encode(),
        GOOD.replace("3.6a", "\\u0000").encode(),
        GOOD.replace("3.6a", "\\ud800").encode(),
    ],
)
def test_a_body_that_is_not_clean_json_is_refused(unit: UnitSession, content: bytes) -> None:
    answer = unit.send("POST", content)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert_nothing_written()


PACKED = msgpack.packb(body())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PACKED[:-3],
        PACKED + b"\x00",
        b"\xc1",
        msgpack.packb([body()]),
        msgpack.packb("report"),
        msgpack.packb(body() | {"software": b"3.6a"}),
        msgpack.packb(body() | {"software": "\x00"}),
        msgpack.packb(body() | {"gps": {"lat": float("nan"), "lon": 1.0}}),
        msgpack.packb(body() | {"gps": {"lat": float("inf"), "lon": 1.0}}),
        msgpack.packb(body() | {"time": msgpack.Timestamp(1, 0)}),
        msgpack.packb(body() | {"parameters": {5: 1}}),
        msgpack.packb(body() | {"parameters": {b"a": 1}}),
        msgpack.packb(body() | {"balance": 2**64 - 1}),
        b"\x82\xa1a\x01\xa1a\x02",
        b"\x91" * 2_000 + b"\x01",
        b"\xdf\xff\xff\xff\xff",
    ],
)
def test_a_body_that_is_not_clean_messagepack_is_refused(unit: UnitSession, content: bytes) -> None:
    answer = unit.send("POST", content, content_type="application/msgpack")
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert_nothing_written()


@pytest.mark.parametrize("kind", ["application/xml", "text/plain", "multipart/form-data", ""])
def test_another_format_is_415(unit: UnitSession, kind: str) -> None:
    assert unit.send("POST", GOOD.encode(), content_type=kind).status_code == 415
    assert_nothing_written()


def test_an_encoded_body_is_415(unit: UnitSession) -> None:
    answer = unit.send("POST", GOOD.encode(), headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert_nothing_written()


def test_a_body_over_a_megabyte_is_413(unit: UnitSession) -> None:
    most = 1024 * 1024
    assert unit.send("POST", b" " * (most + 1 - len(GOOD)) + GOOD.encode()).status_code == 413
    assert_nothing_written()
    assert unit.send("POST", b" " * (most - len(GOOD)) + GOOD.encode()).status_code == 200


def test_text_stays_text(unit: UnitSession) -> None:
    """An injection string is data: a software nobody knows, a parameter nobody asked for."""
    text = "'; DROP TABLE connection; --<script>{{7*7}}"
    unit.report(software=text, parameters={text: text})
    assert Connection.objects.count() == 1


def test_a_unit_may_be_told_in_french(unit: UnitSession) -> None:
    answer = unit.post(body(software=None), headers={"Accept-Language": "fr"})
    assert answer.json()["validation_errors"] == {"software": "Ce champ est obligatoire"}
