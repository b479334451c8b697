"""POST rc_data: what a unit says it has booked, in whatever order and however often it says so."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.dcm.models import LateReceipt, PaymentCommand
from tests.connectivity.units import UnitSession, body
from tests.dcm.conftest import NOW
from tests.dcm.heard import offered
from tests.dcm.ledger import Ledger, fingerprint
from tests.factories import PaymentCommandFactory

pytestmark = pytest.mark.django_db

ago = dt.timedelta


def test_an_acknowledgement_is_written_to_the_command(ledger: Ledger, unit: UnitSession) -> None:
    unit.report(acks=[ledger.pay(10)])
    row = PaymentCommand.objects.get()
    assert (row.status, row.void) == ("acknowledged", False)
    assert (row.modified_by, row.modified_at) == ("unit", NOW)


def test_a_repeated_acknowledgement_changes_nothing(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    name = ledger.pay(10)
    unit.report(acks=[name])
    before = fingerprint()
    clock.shift(3600)
    unit.report(acks=[name, name])
    assert fingerprint() == before


def test_a_late_report_acknowledges_all_the_same(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    name = ledger.pay(10)
    clock.shift(3600)
    unit.report()
    unit.report(acks=[name], time=NOW.isoformat())
    assert [row[2] for row in ledger.rows()] == ["acknowledged"]


def test_what_is_unknown_or_another_units_is_logged_and_ignored(
    ledger: Ledger, unit: UnitSession, caplog: pytest.LogCaptureFixture
) -> None:
    other = PaymentCommandFactory.create(transaction_id="others")
    name = ledger.pay(10)
    with caplog.at_level(logging.WARNING):
        unit.report(acks=["never", "others", name])
    assert "unknown command 'never'" in caplog.text
    assert "another unit's command 'others'" in caplog.text
    other.refresh_from_db()
    assert (other.status, other.modified_at) == ("pending", None)
    assert [row[2] for row in ledger.rows()] == ["acknowledged"]


def test_a_void_command_that_was_booked_all_the_same_leaves_a_late_receipt(
    ledger: Ledger, unit: UnitSession, clock: Any
) -> None:
    """Its credit was given back and is on the unit as well: somebody has to know."""
    name = ledger.pay(10)
    assert ledger.reset("reset").outstanding_payments == 10
    before = ledger.rows()
    clock.shift(60)
    for _time in range(2):
        unit.report(acks=[name])
    assert ledger.rows() == before
    late = LateReceipt.objects.get()
    assert (late.command.transaction_id, late.value) == (name, None)
    assert late.at == NOW + ago(seconds=60)
    assert offered(unit) == ["reset"]


def test_acknowledged_before_it_became_void_is_no_late_receipt(
    ledger: Ledger, unit: UnitSession
) -> None:
    name = ledger.pay(10)
    unit.report(acks=[name])
    ledger.reset()
    unit.report(acks=[name])
    assert not LateReceipt.objects.exists()


def statements(unit: UnitSession, **report: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert unit.post(body(**report)).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def test_acknowledgements_take_one_statement_and_two_where_some_are_not_waiting(
    ledger: Ledger, unit: UnitSession
) -> None:
    names = [ledger.pay(10) for _number in range(20)]
    unit.report()
    plain = statements(unit)
    assert statements(unit, acks=names) == plain + 1
    assert statements(unit, acks=names) == plain + 2
