"""The credit of made-up units: monthly payments and what is left of them."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random

from apps.core.demo import Fleet, Maker, Unit
from apps.dcm.models import Balance, FinalBalance, PaymentCategory, PaymentCommand
from apps.dcm.selectors import PENDING
from apps.entities.demo import ERP
from apps.products.demo.life import TERMINATED, Life
from apps.products.demo.switches import UNIT

BOOKED = "acknowledged"
_DAY = 86_400
_MONTH = 30 * _DAY


class CreditMaker(Maker):
    """Has customers of units with device credit pay once a month."""

    def write(self, fleet: Fleet, unit: Unit) -> None:
        life = unit.get(Life)
        if not (life.dcm and life.activated):
            return
        rng = fleet.rng("credit", unit.number)
        since_last = rng.uniform(0.5, 27) * _DAY
        ended = life.stage == TERMINATED
        paid = _pay_monthly(fleet, unit, rng, since_last, void=ended)
        left = max(0, _MONTH - int(since_last)) if paid else 0
        if left > 8 * _DAY and rng.random() < 0.03:
            _command(fleet, unit, rng, life.heard, PaymentCategory.BAD_PAYMENT, -7 * _DAY, ended)
            left -= 7 * _DAY
            paid -= 7 * _DAY
        if ended:
            _zero(fleet, unit, rng, left=left, paid=paid)
            left = 0
        elif fleet.until - life.heard > dt.timedelta(hours=4) and rng.random() < 0.4:
            asked = life.heard + (fleet.until - life.heard) * rng.uniform(0.1, 0.9)
            _command(fleet, unit, rng, asked, PaymentCategory.PAYMENT, _MONTH, status=PENDING)
        fleet.add(
            Balance,
            at=life.activated,
            by=UNIT,
            product_imei=unit.key,
            balance=left,
            expected_expiry=life.heard + dt.timedelta(seconds=left),
            modified_at=life.heard,
            modified_by=UNIT,
        )


def _pay_monthly(fleet: Fleet, unit: Unit, rng: Random, since_last: float, *, void: bool) -> int:
    """The payments of the last months, oldest first; returns their sum in seconds."""
    life = unit.get(Life)
    assert life.activated
    last = life.heard - dt.timedelta(seconds=since_last)
    months = [last - dt.timedelta(seconds=_MONTH * ago) for ago in range(rng.randrange(2, 8))]
    for at in reversed([at for at in months if at > life.activated]):
        _command(fleet, unit, rng, at, PaymentCategory.PAYMENT, _MONTH, void)
    return _MONTH * sum(at > life.activated for at in months)


def _command(
    fleet: Fleet,
    unit: Unit,
    rng: Random,
    at: dt.datetime,
    category: str,
    value: int,
    void: bool = False,
    *,
    status: str = BOOKED,
) -> int:
    heard = at + dt.timedelta(minutes=rng.uniform(1, 200)) if status == BOOKED else None
    row = fleet.add(
        PaymentCommand,
        at=at,
        by=ERP,
        product_imei=unit.key,
        value=value,
        category=str(category),
        void=void,
        status=status,
        transaction_id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        modified_at=min(heard, fleet.until) if heard else None,
        modified_by=UNIT if heard else None,
    )
    return int(row["payment_command_id"])


def _zero(fleet: Fleet, unit: Unit, rng: Random, *, left: int, paid: int) -> None:
    """What was left of a unit written off goes back to the customer."""
    heard = unit.get(Life).heard
    asked = heard - dt.timedelta(hours=rng.uniform(0.5, 3))
    command = _command(fleet, unit, rng, asked, PaymentCategory.ZERO_COMMAND, 0)
    fleet.add(
        FinalBalance,
        at=heard,
        by=UNIT,
        product_imei=unit.key,
        final_balance=left,
        total_added=paid,
        zero_command_id=command,
        status="success",
    )


MAKER = CreditMaker()
