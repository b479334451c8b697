"""Reading an upload in one pass: only what comes out the same as when it is read with care."""

from __future__ import annotations

import json
from math import isfinite
from struct import unpack
from typing import Any

import msgpack
import pytest

from apps.core.bodies import decode_json
from apps.core.errors import Invalid
from apps.telemetry.data_points import MOST_POINTS, read_points
from apps.telemetry.plain_points import read_plain, read_plain_json
from apps.telemetry.store.series import LAST_TIME

IMEI = "013777946874001"
T = 1_472_688_000_000
LAST = LAST_TIME // 1_000_000 - 1
# Doubles whose bits have no order to them.
NUMBERS = [
    value
    for n in range(2_000)
    if isfinite(value := unpack("<d", (n * 0x9E3779B97F4A7C15 % 2**64).to_bytes(8, "little"))[0])
    and abs(value) < 2**53
]


def carefully(body: str) -> Any:
    return read_points(decode_json(body), IMEI)


@pytest.mark.parametrize(
    "body",
    [
        {"fields": {"v": [[T, 12.5], [T + 60_000, 12]], "w": [[T, -0.0], [T + 60_000, 1e-300]]}},
        {"fields": {"v": [[0, 2**53 - 1], [LAST, 1 - 2**53]]}, "measurement": "balance"},
        {"fields": {"v-1.x": [[T, 1]]}, "tags": {"cell": "left", "n": 3, "product_imei": IMEI}},
        {"fields": {"v": [[T + n, value] for n, value in enumerate(NUMBERS)]}},
        {"fields": {}},
    ],
    ids=("two fields", "the ends of what is exact", "names and tags", "any numbers", "none"),
)
def test_it_reads_what_is_plain_as_care_would(body: Any) -> None:
    text = json.dumps(body)
    read = read_plain_json(text.encode(), IMEI)
    assert read is not None
    assert read == carefully(text)
    assert [list(map(repr, c)) for c in read.columns.values()] == [
        [repr(float(value)) for _at, value in pairs] for pairs in body["fields"].values()
    ]
    assert read_plain(msgpack.unpackb(msgpack.packb(body)), IMEI) == read


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[]", "null", "{}", '{"fields": []}', '{"fields": {"v": []}}'),
        *(f'{{"fields": {{"v": [{pair}]}}}}' for pair in (
            "[]", "[1]", "[1, 2, 3]", "7", '"ab"', "{}", "[[1, 2]]", "[1, null]", "[1, true]",
            '[1, "x"]', "[1, [2]]", "[1.5, 2]", '["2016-09-01", 2]', "[-1, 2]", "[null, 2]",
            f"[{LAST + 1}, 2]", f"[1, {2**53}]", f"[1, {2**53 + 1}]", f"[1, {2**70}]",
            f"[1, -{2**64}]", "[1, NaN]", "[1, Infinity]", "[1, 1e400]", "[1, 1e30]", "[1, 01]",
            "[5, 1], [5, 2]", "[6, 1], [5, 2]", "[1, " + "9" * 5_000 + "]", "[" * 5_000,
        )),
        '{"fields": {"v": [[1, 2]], "w": [[2, 2]]}}',
        '{"fields": {"v": [[1, 2]], "w": [[1, 2], [2, 2]]}}',
        '{"fields": {"v": [[1, 2]], "v": [[1, 3]]}}',
        '{"fields": {"v": [[1, 2]]}, "fields": {"v": [[1, 3]]}}',
        '{"fields": {"v": [[1, 2]]}, "tags": {"a": "b", "a": "c"}}',
        '{"fields": {"v": [[1, 2]]}, "measurement": "a", "measurement": "b"}',
        '{"fields": {"v": [[1, 2]]}, "other": 1}',
        '{"fields": {"v": [[1, 2]]}, "tags": null}',
        '{"fields": {"v": [[1, 2]]}, "tags": {"a": true}}',
        '{"fields": {"v": [[1, 2]]}, "measurement": 5}',
        '{"fields": {"v": [[1, 2]]}} x',
        '{"fields": {"\\ud800": [[1, 2]]}, "measurement": "a:b"}',
    ],
    ids=lambda body: body[:60],
)  # fmt: skip
def test_it_leaves_everything_else_to_care(body: Any) -> None:
    assert read_plain_json(body.encode(), IMEI) is None


def test_bytes_that_are_no_text_are_left_to_care() -> None:
    assert read_plain_json(b'{"fields": {"v": [[1, 2]]}, "measurement": "\xff"}', IMEI) is None


def test_too_many_points_are_left_to_care() -> None:
    pairs = [[n, 1] for n in range(MOST_POINTS // 2 + 1)]
    assert read_plain({"fields": {"v": pairs, "w": pairs}}, IMEI) is None


@pytest.mark.parametrize(
    "body",
    [
        {"fields": {"a b": [[1, 2]]}},
        {"fields": {"tags": [[1, 2]]}},
        {"fields": {"v": [[1, 2]]}, "measurement": "x y"},
        {"fields": {"v": [[1, 2]]}, "tags": {"product_imei": "1" * 15}},
        {"fields": {"v": [[1, 2]]}, "tags": {"a": "b" * 65}},
        {"fields": {"v\x00": [[1, 2]]}},
    ],
    ids=json.dumps,
)
def test_names_are_refused_in_the_words_of_care(body: Any) -> None:
    with pytest.raises(Invalid) as careful:
        read_points(body, IMEI)
    for read in (lambda: read_plain(body, IMEI), lambda: read_plain_json(_text(body), IMEI)):
        with pytest.raises(Invalid) as refused:
            read()
        assert str(refused.value.message) == str(careful.value.message)


def _text(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
