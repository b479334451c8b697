"""`manage.py import_cells`: millions of cells from files in the format of OpenCelliD."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.connectivity.cell_files import LONGEST_LINE
from apps.connectivity.models import Cell, Connection
from apps.connectivity.services import cells
from apps.connectivity.services.cells import CellImport, import_cells
from apps.connectivity.services.locations import locate_connections
from tests.connectivity.units import CELL, UnitSession

pytestmark = pytest.mark.django_db

HEADER = (
    "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal"
)


def line(**changes: Any) -> str:
    """A good line, but for the changes."""
    values = {
        "radio": "GSM",
        "mcc": 635,
        "net": 10,
        "area": 4021,
        "cell": 27113,
        "unit": 0,
        "lon": 30.06,
        "lat": -1.95,
        "range": 1200,
        "samples": 7,
        "changeable": 1,
        "created": 1459692342,
        "updated": 1488347104,
        "averageSignal": 0,
    }
    return ",".join(str(value) for value in (values | changes).values())


def run(path: Path | str, *more: str) -> tuple[str, str]:
    """What the command says, and what it says is wrong."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_cells", str(path), *more, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def written(tmp_path: Path, *lines: str, name: str = "cells.csv") -> Path:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n")
    return path


def values(cell: Cell) -> tuple[Any, ...]:
    return (cell.pk, cell.latitude, cell.longitude, cell.reach, cell.samples, cell.surveyed)


FIRST = ((635, 10, 4021, 27113, 1), -1.95, 30.06, 1200, 7, 1488347104)


def test_a_line_becomes_a_cell(tmp_path: Path) -> None:
    out, err = run(written(tmp_path, HEADER, line()))
    assert values(Cell.objects.get()) == FIRST
    assert out.splitlines()[0] == "1 cells read, 1 of them new or changed; 0 bad lines"
    assert err == ""


def test_the_header_may_be_missing(tmp_path: Path) -> None:
    run(written(tmp_path, line(), line(cell=2)))
    assert Cell.objects.count() == 2


def test_a_packed_file_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "cells"
    path.write_bytes(gzip.compress(f"{HEADER}\n{line()}\n".encode()))
    run(path)
    assert values(Cell.objects.get()) == FIRST


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_standard_input_is_read_for_a_dash(pack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO(pack(f"{HEADER}\r\n{line()}\r\n".encode()))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BufferedReader(content)))  # type: ignore[type-var]
    run("-")
    assert values(Cell.objects.get()) == FIRST


def test_the_numbers_of_one_radio_are_not_those_of_another(tmp_path: Path) -> None:
    radios = ("GSM", "CDMA", "UMTS", "LTE", "NR")
    run(written(tmp_path, *(line(radio=radio) for radio in radios)))
    assert sorted(cell.radio for cell in Cell.objects.all()) == [1, 2, 3, 4, 5]


def test_a_cell_of_a_new_radio_fits(tmp_path: Path) -> None:
    run(written(tmp_path, line(radio="NR", cell=2**36 - 1)))
    assert Cell.objects.get().cid == 2**36 - 1


# --- again ---------------------------------------------------------------------------------------


def test_a_later_survey_replaces_a_cell_and_an_earlier_one_does_not(tmp_path: Path) -> None:
    run(written(tmp_path, line()))
    run(written(tmp_path, line(updated=1488347103, range=1)))
    assert Cell.objects.get().reach == 1200
    run(written(tmp_path, line(updated=1488347105, range=2, lat=0.5, lon=0, samples=8)))
    assert values(Cell.objects.get()) == (FIRST[0], 0.5, 0, 2, 8, 1488347105)


def test_the_same_file_again_writes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, line(), line(cell=2))
    run(path)
    assert "2 cells read, 0 of them new or changed" in run(path)[0]


def test_of_one_cell_twice_in_a_file_the_later_survey_counts(tmp_path: Path) -> None:
    surveys = [line(updated=n, samples=n) for n in (5, 9, 7)]
    run(written(tmp_path, *surveys))
    assert Cell.objects.get().samples == 9


def test_batches_commit_one_by_one_and_an_import_goes_on_where_it_broke_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "BATCH", 100)
    lines = [HEADER, *(line(cell=n, lat=n / 1_000) for n in range(1, 2_001))]
    path = tmp_path / "cells.gz"
    whole = gzip.compress("\n".join(lines).encode(), mtime=0)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match=r"up to line \d+01 is taken in") as stopped:
        run(path)
    done = Cell.objects.count()
    assert 0 < done < 2_000
    assert done % 100 == 0
    assert f"go on with --from-line {done + 2}" in str(stopped.value)
    path.write_bytes(whole)
    rest = 2_000 - done
    told = f"{rest:,} cells read, {rest:,} of them new"
    assert told in run(path, "--from-line", str(done + 2))[0]
    assert Cell.objects.count() == 2_000


def test_progress_is_told_after_each_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "BATCH", 2)
    seen: list[tuple[int, int]] = []
    path = written(tmp_path, *(line(cell=n) for n in range(5)))
    import_cells(
        name=str(path),
        result=CellImport(),
        progress=lambda result: seen.append((result.done, result.written)),
    )
    assert seen == [(2, 2), (4, 4), (5, 5)]


# --- what is wrong -------------------------------------------------------------------------------

BAD = [
    "GSM,635,10",
    line() + ",1",
    line(radio="WIFI"),
    line(radio=""),
    line(mcc=0),
    line(mcc=1000),
    line(net=-1),
    line(net=40_000),
    line(area=""),
    line(area=2**31),
    line(cell=-1),
    line(cell=2**36),
    line(cell="0x1F"),
    line(cell="9" * 400),
    line(lat=90.1),
    line(lat="nan"),
    line(lon=-180.5),
    line(lon="inf"),
    line(lat=0, lon=0),
    line(range=-1),
    line(range="1e3"),
    line(samples=2**31),
    line(updated=-1),
    line(updated="yesterday"),
    "\x00" * 30,
    '"GSM",635,10,4021,27113,0,30.06,-1.95,1200,7,1,1,1,0',
    "é" * 20,
    "x" * LONGEST_LINE * 3,
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_a_bad_line_is_told_by_number_and_passed_over(tmp_path: Path, bad: str) -> None:
    out, err = run(written(tmp_path, HEADER, line(cell=1), bad, line(cell=2)))
    assert sorted(cell.cid for cell in Cell.objects.all()) == [1, 2]
    assert "1 bad lines" in out
    assert err.startswith("line 3: ")


def test_an_empty_line_is_nothing(tmp_path: Path) -> None:
    assert "0 bad lines" in run(written(tmp_path, line(), "", " "))[0]


def test_the_first_bad_lines_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    out, err = run(written(tmp_path, *(["nonsense"] * 25), line()))
    assert "25 bad lines" in out
    assert [text.partition(":")[0] for text in err.splitlines()] == [
        *(f"line {n}" for n in range(1, 11)),
        "... and 15 more bad lines",
    ]


def test_a_file_without_a_single_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No line of the file is a cell"):
        run(written(tmp_path, "name,age", "Ann,5"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv.*Nothing was taken in"):
        run(tmp_path / "none.csv")


def test_a_line_before_the_first_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--from-line"):
        run(written(tmp_path, line()), "--from-line", "0")


# --- units ---------------------------------------------------------------------------------------


def test_units_that_were_not_found_are_looked_for_again(tmp_path: Path, unit: UnitSession) -> None:
    unit.report()
    locate_connections()
    assert Connection.objects.get().location_failed_flag is True
    out, _err = run(written(tmp_path, line(area=CELL["lac"], cell=CELL["cid"])))
    assert "1 units will be looked for again" in out
    locate_connections()
    assert Connection.objects.get().error_radius == 1200
