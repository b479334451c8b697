"""Points in line protocol, completely escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from apps.core.errors import Invalid
from apps.telemetry.store.series import IMEI_TAG, Batch, Column, Series

# InfluxDB's own advice for one request.
LINES_AT_ONCE = 5_000
_MEASUREMENT = str.maketrans({",": r"\,", " ": r"\ ", "\n": r"\n", "\\": "\\\\"})
_KEY = str.maketrans({",": r"\,", " ": r"\ ", "=": r"\=", "\n": r"\n", "\\": "\\\\"})
_TEXT = str.maketrans({'"': r"\"", "\\": "\\\\"})


def requests(batches: Iterable[Batch], lines: int = LINES_AT_ONCE) -> Iterator[tuple[bytes, int]]:
    """The rows of batches as bodies of so many lines, each with how many values it has."""
    waiting: list[str] = []
    rows = values = 0
    for batch in batches:
        low = 0
        while low < len(batch.times):
            part = _rows_of(batch, low, low + lines - rows)
            text, its_values = _lines(part)
            waiting.append(text)
            low += len(part.times)
            rows += len(part.times)
            values += its_values
            if rows == lines:
                yield "\n".join(filter(None, waiting)).encode(), values
                waiting, rows, values = [], 0, 0
    if values:
        yield "\n".join(filter(None, waiting)).encode(), values


def _rows_of(batch: Batch, low: int, high: int) -> Batch:
    if low == 0 and high >= len(batch.times):
        return batch
    columns = {name: column[low:high] for name, column in batch.columns.items()}
    return Batch(batch.series, batch.times[low:high], columns)


def _lines(batch: Batch) -> tuple[str, int]:
    """A line for each row that has a value, and how many values there are."""
    if all(_whole_numbers(column) for column in batch.columns.values()):
        return _woven(batch), len(batch.times) * len(batch.columns)
    head = head_of(batch.series)
    columns = [_rendered(name, column) for name, column in batch.columns.items()]
    rows = (
        f"{head} {fields} {at}"
        for at, row in zip(batch.times, zip(*columns, strict=True), strict=True)
        if (fields := ",".join(filter(None, row)))
    )
    return "\n".join(rows), batch.values


def _woven(batch: Batch) -> str:
    """Lines of numbers alone: each piece of text goes to its place in all lines at once."""
    lines, width = len(batch.times), 2 * len(batch.columns) + 1
    pieces = [""] * (lines * width)
    before = f"\n{head_of(batch.series)} "
    for place, (name, column) in enumerate(batch.columns.items()):
        pieces[2 * place :: width] = [f"{before}{name.translate(_KEY)}="] * lines
        pieces[2 * place + 1 :: width] = _numbers(column)
        before = ","
    pieces[width - 1 :: width] = [f" {at}" for at in batch.times]
    return "".join(pieces)[1:]


def _whole_numbers(column: Column) -> bool:
    """Whether a column has a number at each time, as those of a unit's upload mostly do."""
    return set(map(type, column)) == {float}


def _numbers(column: Column) -> list[str]:
    """Finite numbers as text, exact."""
    return orjson.dumps(column)[1:-1].decode("ascii").split(",")


def head_of(series: Series) -> str:
    """What begins each line of a series: measurement and tags, in the order InfluxDB sorts them."""
    tags = [*series.tags, (IMEI_TAG, series.imei)] if series.imei else series.tags
    pairs = [f",{name.translate(_KEY)}={value.translate(_KEY)}" for name, value in sorted(tags)]
    return series.measurement.translate(_MEASUREMENT) + "".join(pairs)


def _rendered(name: str, column: Column) -> list[str]:
    """`name=value` for each value, empty where there is none."""
    key = name.translate(_KEY)
    sample = next((value for value in column if value is not None), None)
    if isinstance(sample, bool):
        said = {True: f"{key}=true", False: f"{key}=false", None: ""}
        return [said[value] for value in column]  # type: ignore[index]  # one kind in a column
    if isinstance(sample, str):
        return [_text(key, value) for value in column]
    return ["" if value is None else f"{key}={value!r}" for value in column]


def _text(key: str, value: object) -> str:
    return "" if value is None else f'{key}="{str(value).translate(_TEXT)}"'


def series_of(key: str) -> Series | None:
    """The series that InfluxDB lists under a key; None for one this program cannot have written."""
    measurement, *pairs = key.split(",")
    tags = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    try:
        return Series.of(measurement, tags.pop(IMEI_TAG, ""), tags)
    except Invalid:
        return None
