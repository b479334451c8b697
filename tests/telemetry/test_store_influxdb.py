"""What the program says to InfluxDB, and what it makes of the answers: no server needed."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.core.errors import Invalid
from apps.telemetry.errors import StoreAway, StoreRefused
from apps.telemetry.services import rollups
from apps.telemetry.store.influx import InfluxStore, language, lines
from apps.telemetry.store.influx.provision import provision
from apps.telemetry.store.influx.transport import Address
from apps.telemetry.store.queries import Compare, Op, Or, Query
from apps.telemetry.store.series import Batch, Series
from tests.telemetry.recorder import Recorder

IMEI = "013777946874001"
AT = 1_472_688_000_000_000_000
NASTY = (
    "' OR 1=1 --",
    "\\' OR 1=1",
    'x"; DROP DATABASE "a',
    "a\nb",
    "\\",
    "'",
    "$p",
    "/.*/",
    "é ☀",
)


def store_of(recorder: Recorder, **more: str) -> InfluxStore:
    return InfluxStore(Address(recorder.url, "solar", **more))


def write(store: InfluxStore, **fields: Any) -> int:
    return store.write([Batch.of(Series("telemetry", IMEI), fields)])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h:8086/db", Address("http://h:8086", "db")),
        ("https://u:p%40ss@h/my%20db", Address("https://h", "my db", "u", "p@ss")),
        ("http://[::1]:8086/db/", Address("http://[::1]:8086", "db")),
    ],
)
def test_a_url_names_server_database_and_user(url, expected):
    assert Address.of(url) == expected


@pytest.mark.parametrize(
    "url", ["", "h:8086", "http://h:8086", "http://h/a/b", "ftp://h/a", "http:///a"]
)
def test_a_url_that_names_no_database_is_refused(url):
    with pytest.raises(ValueError, match="InfluxDB URL"):
        Address.of(url)


def test_lines_are_escaped_whatever_is_in_them():
    series = Series.__new__(Series)
    for name, value in (("measurement", "a b,c"), ("imei", ""), ("tags", (("k= ,", "v= ,\\"),))):
        object.__setattr__(series, name, value)
    batch = Batch(series, [5], {"f =,": ['say "hi" \\']})
    [(body, values)] = lines.requests([batch])
    assert body == b'a\\ b\\,c,k\\=\\ \\,=v\\=\\ \\,\\\\ f\\ \\=\\,="say \\"hi\\" \\\\" 5'
    assert values == 1


def test_rows_become_lines_without_the_fields_they_lack():
    fields = {"b": [(1, 2.5), (2, 1e-7)], "a": [(1, True)], "c": [(3, "x")]}
    [(body, values)] = lines.requests([Batch.of(Series.of("m", IMEI, {"z": "1"}), fields)])
    head = f"m,product_imei={IMEI},z=1 "
    assert body.decode() == f'{head}b=2.5,a=true 1\n{head}b=1e-07 2\n{head}c="x" 3'
    assert values == 4


def test_many_points_are_sent_in_several_requests():
    batch = Batch.of(Series("m", IMEI), {"a": [(at, 1.0) for at in range(12_000)]})
    assert [values for _body, values in lines.requests([batch, batch])] == [5_000] * 4 + [4_000]


@pytest.mark.parametrize("text", NASTY)
def test_no_text_leaves_its_quotes(text):
    literal = language.text(text)
    assert literal[0] == literal[-1] == "'"
    inside = literal[1:-1].replace("\\\\", "").replace("\\'", "")
    assert "'" not in inside
    assert "\n" not in literal
    with pytest.raises(Invalid):
        language.name(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, "1.0"), (-0.5, "-0.5"), (1e-7, "0.0000001"), (10**30, f"1{'0' * 30}.0"), (True, "true")],
)
def test_numbers_are_written_out(value, expected):
    assert language.literal(value) == expected


def test_a_condition_names_fields_in_quotes_and_binds_in_brackets():
    wanted = Or((Compare("voltage", Op.GT, 14), Compare("note", Op.NE, "it's")))
    expected = '("voltage"::field > 14.0 OR "note"::field != \'it\\\'s\')'
    assert language.condition(wanted) == expected


def test_a_text_with_a_carriage_return_is_a_pattern_of_that_text_alone():
    wanted = Compare("note", Op.NE, "a/$\r\né")
    expected = r'"note"::field !~ /^a\x{2f}\x{24}\x{d}\x{a}\x{e9}$/'
    assert language.condition(wanted) == expected


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, {"error": "retention policy not found: telemetry_rp"}),
        (404, {"error": 'database not found: "solar"'}),
        (401, {"error": "authorization failed"}),
        (403, {"error": "not enough privileges"}),
        (429, {"message": "too many requests"}),
        (503, {"error": "timeout"}),
    ],
)
@pytest.mark.django_db
def test_what_may_pass_is_told_as_away(recorder, status, answer):
    recorder.default = (status, answer, {})
    with pytest.raises(StoreAway) as away:
        write(store_of(recorder), voltage=[(AT, 12.0)])
    assert next(iter(answer.values())) in str(away.value)
    assert away.value.status == 503


@pytest.mark.django_db
def test_a_server_that_is_not_there_is_away():
    store = InfluxStore(Address("http://127.0.0.1:9", "solar"))
    with pytest.raises(StoreAway):
        write(store, voltage=[(AT, 12.0)])
    with pytest.raises(StoreAway):
        store.read(Query("telemetry", IMEI, 0, AT + 1))
    assert not store.health().ok


@pytest.mark.django_db
def test_points_that_the_server_drops_are_counted(recorder):
    said = 'partial write: field type conflict: input field "a" is type string dropped=1'
    recorder.default = (400, {"error": said}, {})
    with pytest.raises(StoreRefused) as refused:
        write(store_of(recorder), a=[(AT, 1), (AT + 1, 2), (AT + 2, 3)])
    assert (refused.value.dropped, refused.value.written) == (1, 2)
    assert "type conflict" in refused.value.reasons[0]


@pytest.mark.django_db
def test_a_field_of_another_kind_in_influxdb_costs_no_other_field(recorder):
    said = 'partial write: field type conflict: input field "a" on measurement "telemetry" is'
    refusal = (400, {"error": f"{said} type float, already exists as type string dropped=2"}, {})
    answers = iter([refusal])
    recorder.answers["POST", "/write"] = lambda: next(answers, (204, None, {}))
    with pytest.raises(StoreRefused) as refused:
        write(store_of(recorder), a=[(AT, 1), (AT + 1, 2)], b=[(AT, 3), (AT + 1, 4)])
    assert (refused.value.dropped, refused.value.written) == (2, 2)
    again = recorder.asked[-1][3].decode()
    assert [line.split()[1] for line in again.splitlines()] == ["b=3.0", "b=4.0"]


@pytest.mark.django_db
def test_a_request_the_server_cannot_read_is_lost_whole(recorder):
    recorder.default = (400, {"error": "unable to parse"}, {})
    with pytest.raises(StoreRefused) as refused:
        write(store_of(recorder), a=[(AT, 1), (AT + 1, 2)])
    assert (refused.value.dropped, refused.value.written) == (2, 0)


@pytest.mark.django_db
def test_a_missing_database_is_away_though_the_status_is_200(recorder):
    write(store_of(recorder), voltage=[(AT, 12.0)])
    missing = {"results": [{"statement_id": 0, "error": "database not found: solar"}]}
    recorder.answers["GET", "/query"] = (200, missing, {})
    with pytest.raises(StoreAway, match="provision_telemetry"):
        store_of(recorder).read(Query("telemetry", IMEI, 0, AT + 1))


@pytest.mark.django_db
def test_half_an_answer_does_not_pass_for_a_whole_one(recorder):
    write(store_of(recorder), voltage=[(AT, 12.0)])
    series = {"name": "telemetry", "columns": ["time", "voltage"], "values": [[AT, 1]]}
    part = {"results": [{"series": [{**series, "tags": {}, "partial": True}]}]}
    recorder.answers["GET", "/query"] = (200, part, {})
    with pytest.raises(StoreAway, match="broke off"):
        store_of(recorder).read(Query("telemetry", IMEI, 0, AT + 1))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"user": "u", "password": "p"}, "Basic dTpw"),
        ({"token": "secret", "user": "u"}, "Token secret"),
        ({}, None),
    ],
)
@pytest.mark.django_db
def test_the_program_says_who_it_is(recorder, address, expected):
    write(store_of(recorder, **address), voltage=[(AT, 12.0)])
    [(_method, path, query, _body, headers)] = recorder.asked
    assert path == "/write"
    assert query == {"db": ["solar"], "rp": ["telemetry_rp"], "precision": ["ns"]}
    assert headers.get("Authorization") == expected


@pytest.mark.django_db
def test_provisioning_can_be_repeated(influxdb_url, settings):
    if not influxdb_url:
        pytest.skip("INFLUXDB_URL is not set")
    settings.TELEMETRY_RETENTION_DAYS = {"telemetry_rp": 100, "analysis_rp": 10}
    transport = InfluxStore.at(influxdb_url).transport
    rollups.settle()
    assert provision(transport) == ["telemetry_rp: 100d", "analysis_rp: 10d"]
    assert provision(transport) == []
    out = StringIO()
    call_command("provision_telemetry", stdout=out)
    assert out.getvalue() == "The telemetry store is ready.\n"


@pytest.mark.django_db
def test_provisioning_says_what_is_wrong(settings):
    settings.INFLUXDB_URL = "http://127.0.0.1:9/solar"
    with pytest.raises(CommandError, match="refused"):
        call_command("provision_telemetry")
    settings.INFLUXDB_URL = ""
    out = StringIO()
    call_command("provision_telemetry", stdout=out)
    assert "embedded" in out.getvalue()
