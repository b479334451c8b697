"""The language of `where`: what it says, and where it goes wrong."""

from __future__ import annotations

import pytest

from apps.core.errors import Invalid
from apps.telemetry.store.queries import And, Compare, Op, Or
from apps.telemetry.where import LONGEST, parse_where

V = Compare("voltage", Op.GT, 14.0)
A, B, C = (Compare(name, Op.EQ, 1.0) for name in "abc")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("voltage > 14.0", V),
        ("'voltage' > 14.0", V),
        ('"voltage" > 14.0', V),
        ("voltage>14", V),
        (" voltage\t>\n+1.4e1 ", V),
        ("14 < voltage", V),
        ("14 <= voltage", Compare("voltage", Op.GE, 14.0)),
        ("14 <> voltage", Compare("voltage", Op.NE, 14.0)),
        ("a = -0", Compare("a", Op.EQ, 0.0)),
        ("state = '\U0001f600\r\n'", Compare("state", Op.EQ, "\U0001f600\r\n")),
        ("a <> -.5", Compare("a", Op.NE, -0.5)),
        ("a != 1", Compare("a", Op.NE, 1.0)),
        ("a < 1", Compare("a", Op.LT, 1.0)),
        ("a <= 1", Compare("a", Op.LE, 1.0)),
        ("a >= 1", Compare("a", Op.GE, 1.0)),
        ("'curve-data' = 1", Compare("curve-data", Op.EQ, 1.0)),
        ("state = 'on'", Compare("state", Op.EQ, "on")),
        ('state = "it\\\'s \\"on\\" \\\\"', Compare("state", Op.EQ, 'it\'s "on" \\')),
        ("state = ''", Compare("state", Op.EQ, "")),
        ("state = 'a OR b = 1'", Compare("state", Op.EQ, "a OR b = 1")),
        ("lit = TRUE", Compare("lit", Op.EQ, True)),
        ("lit != false", Compare("lit", Op.NE, False)),
        ("product_imei = '1'", Compare("product_imei", Op.EQ, "1")),
        ("a=1 and b=1 or c=1", Or((And((A, B)), C))),
        ("a=1 or b=1 AND c=1", Or((A, And((B, C))))),
        ("(a=1 or b=1) and c=1", And((Or((A, B)), C))),
        ("((((a=1))))", A),
        ("a=1 OR b=1 OR c=1", Or((A, B, C))),
        ("android = 1", Compare("android", Op.EQ, 1.0)),
    ],
)
def test_a_condition_is_read(text, meant) -> None:
    assert parse_where(text) == meant


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *(("", 1), ("voltage", 8), ("voltage >", 10), ("voltage > > 1", 11), ("> 1", 1)),
        *(("a == 1", 4), ("a = 1 b = 2", 7), ("a = 1 and", 10), ("(a = 1", 7), ("a = 1)", 6)),
        *(("()", 2), ("a = 'x", 5), ("a = 1; drop", 6), ("a = 1 -- x", 7), ("a = b", 5)),
        *(("a = 5i", 5), ("a = 1.2.3", 5), ("a =~ /x/", 4), ("not a = 1", 5), ("a = 1e999", 5)),
        *(("time > 5", 1), ("a > 'x'", 1), ("a <= true", 1), ("'a\"b' = 1", 1), ("'' = 1", 1)),
        *(("1 = 1", 5), ("'a' = 'b' or 1 = 1 --", 20), ("a + 1 > 2", 3), ("mean(a) > 1", 5)),
        *(("ſ = 1", 1), ("a = \x00", 5), ("a\u00a0= 1", 2), ("and = 1", 1), ("a = null", 5)),
        *(("'time' = 1", 1), ("a = '\x00'", 5), ("a = '\\\x00'", 5)),
        *(("a = '\ud800'", 5), ("a = '\\\udfff'", 5), ("a = '\ud83d\ude00'", 5), ("\ud800 = 1", 1)),
        *(("a = NaN", 5), ("a = -inf", 5), ("a = 1e99999", 5), ("a = --0", 5), ("a = 0x1", 5)),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text, place) -> None:
    with pytest.raises(Invalid) as refused:
        parse_where(text)
    assert refused.value.errors is not None
    assert f"at character {place})" in str(refused.value.errors["where"])


def test_it_is_bounded_in_length_depth_and_number() -> None:
    assert parse_where("(" * 8 + "a=1" + ")" * 8) == A
    for text in (
        "(" * 9 + "a=1" + ")" * 9,
        "(" * 1_500,
        "(" * 10_000,
        "a=1 or " * 150_000 + "a=1",
        " or ".join(["a=1"] * 51),
        "a=1" + " " * LONGEST,
    ):
        with pytest.raises(Invalid):
            parse_where(text)
    assert len(parse_where(" or ".join(["a=1"] * 50)).parts) == 50
