"""Every way of writing a time that the reference shows, and what is none."""

from __future__ import annotations

import pytest

from apps.core.errors import Invalid
from apps.telemetry.data_times import format_times, parse_moment, parse_time

NOON = 1_475_582_400_000_000_000  # 2016-10-04T12:00:00Z


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (1475685693839, "2016-10-05T16:41:33.839Z"),
        (1475685693839.0, "2016-10-05T16:41:33.839Z"),
        ("1475685693839", "2016-10-05T16:41:33.839Z"),
        (0, "1970-01-01T00:00:00Z"),
        ("2016-10-04T16:41:33.839123456Z", "2016-10-04T16:41:33.839123456Z"),
        ("2016-10-04T16:41:33", "2016-10-04T16:41:33Z"),
        ("2016-10-04T16:41Z", "2016-10-04T16:41:00Z"),
        ("2016-10-04 16:41:33.839123456", "2016-10-04T16:41:33.839123456Z"),
        ("2016-10-04 16:41:33.8", "2016-10-04T16:41:33.8Z"),
        ("2016-10-04t16:41:33z", "2016-10-04T16:41:33Z"),
        ("2016-10-04", "2016-10-04T00:00:00Z"),
        ("2016-10-04T02:00:00+05:30", "2016-10-03T20:30:00Z"),
        ("2016-10-04T12:00:00-0400", "2016-10-04T16:00:00Z"),
        ("Tue, October 4th 2016", "2016-10-04T00:00:00Z"),
        ("Thu, September 1st 2016", "2016-09-01T00:00:00Z"),
        ("Fri, September 2nd 2016", "2016-09-02T00:00:00Z"),
        ("Sat, September 3rd 2016", "2016-09-03T00:00:00Z"),
        ("october 4, 2016", "2016-10-04T00:00:00Z"),
        ("Oct 4 2016 16:41", "2016-10-04T16:41:00Z"),
        ("4 Oct 2016", "2016-10-04T00:00:00Z"),
        ("4th of October 2016, 6:05:01.5", "2016-10-04T06:05:01.5Z"),
        ("Tue, 04 Oct 2016 16:41:33 GMT", "2016-10-04T16:41:33Z"),
        (" 2016-10-04 ", "2016-10-04T00:00:00Z"),
        ("2016-02-29", "2016-02-29T00:00:00Z"),
    ],
)
def test_a_documented_time_is_understood(written, meant) -> None:
    assert format_times([parse_time(written)]) == [meant]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "yesterday",
            "2016",
            "20161004",
            "2016-13-01",
            "2015-02-29",
            "2016-10-04T24:00",
            "04/10/2016",
        ),
        *("Wed, October 4th 2016", "Tue, Foo 4th 2016", "October 32nd 2016", "2016-10-04T12:60"),
        *("2016-10-04T12:00:00.1234567890Z", "２０１６-10-04", "2016-10-04'; DROP", "9" * 400),
        *("2262-01-01", 10**16, -1, 1.5, float("nan"), float("inf"), True, None, [], {}),
        *("1969-12-31", "0000-01-01", "10000-01-01", "2016-10-04T12:00:00 02:00", "\x00"),
        *("2016-10-04T12:00:00+99:00", "2016-10-04T12:00:00-01:60", "Jan 1st 0000"),
    ],
    ids=repr,
)
def test_what_is_no_time_is_refused_in_words(written) -> None:
    with pytest.raises(Invalid) as refused:
        parse_time(written)
    assert str(refused.value.message)


def test_a_question_may_count_back_from_now() -> None:
    assert parse_moment("now()", NOON) == NOON
    assert format_times([parse_moment("now() - 7d", NOON)]) == ["2016-09-27T12:00:00Z"]
    assert format_times([parse_moment("NOW()-90m", NOON)]) == ["2016-10-04T10:30:00Z"]
    for wrong in ("now", "now() + 1h", "now() - 1y", "now() - 99999999w"):
        with pytest.raises(Invalid):
            parse_moment(wrong, NOON)


def test_times_are_written_with_as_many_digits_as_they_need() -> None:
    assert format_times([NOON, NOON + 12_900_000_000, NOON + 1]) == [
        "2016-10-04T12:00:00Z",
        "2016-10-04T12:00:12.9Z",
        "2016-10-04T12:00:00.000000001Z",
    ]
