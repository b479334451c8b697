"""What a question about a unit's data is answered. Reference: "Data Structure".

{"measurement": "telemetry", "tags": {"product_imei": "…"},
 "voltage": [[12.6, "2016-01-01T00:00:00Z"], [null, "2016-01-01T04:00:00Z"]]}
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.telemetry import history
from apps.telemetry.data_questions import MOST_VALUES, Question
from apps.telemetry.data_times import format_times
from apps.telemetry.store.interface import Store
from apps.telemetry.store.queries import Result
from apps.telemetry.store.series import IMEI_TAG

# What single devices used: answered as rows, not as columns.
DISAGGREGATION = "disaggregation"


def answer(question: Question, store: Store, *, named: bool) -> Any:
    """The data a question asks for; `named` says that the caller named the fields.

    Every field has all times of the answer, with None where it has no value; one that was not named
    and has no value at all is left out. Raises Invalid where the answer would be too large, and
    StoreAway.
    """
    query = question.query
    fields = query.fields
    width = len(store.fields_of(query.imei, query.measurement) if fields is None else fields)
    most = MOST_VALUES // max(1, width)
    limit = min(most + 1, question.limit or most + 1)
    result = history.read(store, replace(query, limit=limit))
    if len(result) > most:
        raise Invalid(
            _(
                "The answer has more than {n} values: ask for a shorter time or fewer fields, "
                "downsample with ds_interval, or set a limit"
            ).format(n=MOST_VALUES)
        )
    times = format_times(result.times)
    columns = {
        name: column
        for name, column in result.columns.items()
        if named or any(value is not None for value in column)
    }
    if query.measurement == DISAGGREGATION:
        return _rows(query.imei, times, Result(result.times, columns))
    return {
        "measurement": query.measurement,
        "tags": {IMEI_TAG: query.imei, **question.tags},
        **{name: list(zip(column, times, strict=True)) for name, column in columns.items()},
    }


def _rows(imei: str, times: list[str], result: Result) -> list[dict[str, Any]]:
    """A row for each time: what each device used, and how many of it there were."""
    names = list(result.columns)
    return [
        {**dict(zip(names, row, strict=True)), IMEI_TAG: imei, "time": at}
        for at, row in zip(times, zip(*result.columns.values(), strict=True), strict=bool(names))
    ]
