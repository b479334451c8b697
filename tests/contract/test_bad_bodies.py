"""Bodies that are not what they should be, sent to every endpoint that writes a row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.core.bodies import API_BODY_LIMIT, MAX_DEPTH
from tests.contract.writes import Writer, each_endpoint
from tests.personas import Api

pytestmark = pytest.mark.django_db

NOT_CLEAN_JSON: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n ",
    "truncated": b'{"name": "Ann"',
    "a trailing comma": b'{"name": "Ann",}',
    "single quotes": b"{'name': 'Ann'}",
    "two objects": b"{}{}",
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "Latin-1": '{"name": "é"}'.encode("latin-1"),
    "UTF-16": '{"name": "Ann"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "1e400": b'{"name": 1e400}',
    "an array": b"[]",
    "an array of objects": b'[{"name": "Ann"}]',
    "null": b"null",
    "a number": b"1",
    "text": b'"text"',
    "true": b"true",
    "2,000 arrays": b'{"name": ' + b"[" * 2_000 + b"]" * 2_000 + b"}",
    "100,000 arrays": b"[" * 100_000,
    "2,000 objects": b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    "one level too many": b'{"name": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
    "5,000 digits": b'{"name": ' + b"9" * 5_000 + b"}",
    "5,000 digits below zero": b'{"name": -' + b"9" * 5_000 + b"}",
    "a key twice": b'{"name": "Ann", "name": "Bob"}',
    "a key twice inside": b'{"name": {"a": 1, "a": 1}}',
    "NUL": b'{"name": "a\\u0000b"}',
    "a bare NUL": b'{"name": "a\x00b"}',
    "NUL in a key": b'{"na\\u0000me": 1}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a surrogate the wrong way round": b'{"name": "\\udc00\\ud800"}',
    "a line break in text": b'{"name": "a\nb"}',
}
NOT_JSON = {
    "XML": (b"<row><name>Ann</name></row>", "application/xml"),
    "XML as text": (b"<row/>", "text/xml"),
    "a form": (b"name=Ann", "application/x-www-form-urlencoded"),
    "a multipart form": (b"--x\r\n\r\nAnn\r\n--x--", "multipart/form-data; boundary=x"),
    "text": (b'{"name": "Ann"}', "text/plain"),
    "bytes": (b"\x80", "application/octet-stream"),
    "MessagePack": (b"\x80", "application/msgpack"),
    "no type": (b"{}", ""),
}


@each_endpoint
def test_a_body_that_is_not_a_clean_json_object_is_400(writer: Writer) -> None:
    with writer.nothing_written():
        for what, body in NOT_CLEAN_JSON.items():
            writer.refused(400, what, data=body)


@each_endpoint
def test_a_body_in_another_form_is_415(writer: Writer) -> None:
    valid = writer.body()
    with writer.nothing_written():
        for what, (body, content_type) in NOT_JSON.items():
            writer.refused(415, what, data=body, content_type=content_type)
        for encoding in ("gzip", "br", "deflate", "gzip, identity", "x"):
            headers = {"Content-Encoding": encoding}
            writer.refused(415, encoding, valid, headers=headers)


@each_endpoint
def test_a_body_over_the_limit_is_413(writer: Writer) -> None:
    """The size announced is enough to know; nothing is read."""
    valid = json.dumps(writer.body())
    with writer.nothing_written():
        answer = writer.session.client.generic(
            writer.endpoint.verb,
            writer.path,
            valid,
            "application/json",
            CONTENT_LENGTH=str(API_BODY_LIMIT + 1),
        )
        assert answer.status_code == 413
        assert answer.json()["status"] == "error"


def test_ten_megabytes_are_taken_and_a_byte_more_is_not(api: Api) -> None:
    session = api.as_("system")
    body = b'{"name": "Ann"' + b" " * (API_BODY_LIMIT - 15) + b"}"
    assert session.post("/v1/product_types", data=body).status_code == 201
    answer = session.post("/v1/product_types", data=body + b" ")
    assert (answer.status_code, answer.json()["status"]) == (413, "error")


@pytest.mark.parametrize("length", ["x", "1.5", ""])
def test_a_length_that_is_no_number_is_not_believed(api: Api, length: str) -> None:
    session = api.as_("system")
    answer = session.client.generic(
        "POST", "/v1/product_types", b"{}", "application/json", CONTENT_LENGTH=length
    )
    assert answer.status_code == 400


def test_a_million_keys_of_which_one_is_twice_are_refused_at_once(api: Api) -> None:
    keys = [*map(str, range(300_000)), "299999"]
    body = "{" + ",".join(f'"{key}":0' for key in keys) + "}"
    answer = api.as_("system").post("/v1/product_types", data=body)
    assert answer.status_code == 400
    assert "299999" in answer.json()["message"]


def test_the_charset_may_be_named(api: Api) -> None:
    for content_type in ("application/json; charset=utf-8", "APPLICATION/JSON", "text/json"):
        body: Any = json.dumps({"name": content_type})
        answer = api.as_("system").post("/v1/product_types", data=body, content_type=content_type)
        assert answer.status_code == 201
