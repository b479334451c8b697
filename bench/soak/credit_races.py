"""Device credit under many hands at once, on a server that locks rows.

One thousand transaction ids, each sent by fifty threads at once, make one thousand commands. A
reset and an acknowledgement of the same command end in one of two ways, whichever came first: the
unit had it, and it is not given back; or it is given back, and what the unit says is on record.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from apps.core.errors import DomainError
from apps.dcm.errors import RepeatedTransaction
from apps.dcm.models import LateReceipt, PaymentCommand
from apps.dcm.services.commands import add_payment_command
from apps.dcm.services.resets import GivenBack, force_reset
from apps.products.models import Product
from bench.soak.campaign import Campaign, Effort
from tests.connectivity.units import UnitSession, body
from tests.factories import ProductFactory

STAFF = "staff@soak.example"
THREADS, IDS = 50, 1_000
RACES = 5_000
VALUE = 100
ACKNOWLEDGED_FIRST, VOID_FIRST = "acknowledged first", "void first"


def flood(*, threads: int, ids: int, seed: int) -> str:
    """Each thread sends every id, in an order of its own, to units of its own choice."""
    units = [ProductFactory.create(dcm_enabled_flag=True).pk for _number in range(20)]
    start = Barrier(threads)

    def send_all(thread: int) -> Counter[str]:
        chance = random.Random(seed * 1_000 + thread)
        names = [f"flood-{seed}-{number}" for number in range(ids)]
        chance.shuffle(names)
        ended: Counter[str] = Counter()
        start.wait(60)
        try:
            for name in names:
                ended[_send(chance.choice(units), name)] += 1
        finally:
            connection.close()
        return ended

    with ThreadPoolExecutor(threads) as pool:
        ended = sum(pool.map(send_all, range(threads)), Counter())
    rows = PaymentCommand.objects.filter(transaction_id__startswith=f"flood-{seed}-")
    assert rows.count() == ids == ended["taken"], ended
    assert ended["repeated"] == (threads - 1) * ids, ended
    return f"{threads} threads × {ids} ids: {ids} commands, {ended['repeated']} repetitions told"


def _send(imei: str, name: str) -> str:
    try:
        add_payment_command(
            product_imei=imei, category="payment", value=VALUE, transaction_id=name, by=STAFF
        )
    except RepeatedTransaction as error:
        return "repeated" if error.first["transaction_id"] == name else "mistaken"
    return "taken"


def void_or_acknowledge(*, races: int, seed: int) -> Counter[str]:
    """Resets against acknowledgements of the same command; how often each of them came first."""
    chance = random.Random(seed)
    ended: Counter[str] = Counter()
    with ThreadPoolExecutor(2) as pool:
        product = ProductFactory.create(dcm_enabled_flag=True)
        # A request takes longer to get to its lock than a call: the call waits for about as long.
        pause = 0.01
        for number in range(races):
            wait = chance.uniform(0, 2 * pause)
            how = _race(pool, product, f"race-{seed}-{number}", wait=wait)
            pause *= 1.1 if how == VOID_FIRST else 0.9
            ended[how] += 1
        both = Barrier(2)
        list(pool.map(lambda _thread: _close(both), range(2)))
    return ended


def _race(pool: ThreadPoolExecutor, product: Product, name: str, *, wait: float) -> str:
    add_payment_command(
        product_imei=product.pk, category="payment", value=VALUE, transaction_id=name, by=STAFF
    )
    start = Barrier(2)

    def acknowledge() -> Any:
        answer = UnitSession(product).post(body(acks=[name]))
        assert answer.status_code == 200, answer.content

    def reset() -> GivenBack:
        time.sleep(wait)
        return force_reset(product_imei=product.pk, transaction_id=f"{name}-reset", by=STAFF)

    acts: list[Callable[[], Any]] = [acknowledge, reset]
    results = list(pool.map(lambda act: _at_once(start, act), acts))
    given = next(result for result in results if isinstance(result, GivenBack))
    row = PaymentCommand.objects.get(transaction_id=name)
    late = LateReceipt.objects.filter(command=row).exists()
    assert row.void
    legal = {
        ("acknowledged", 0, False): ACKNOWLEDGED_FIRST,
        ("pending", VALUE, True): VOID_FIRST,
    }
    return legal[str(row.status), given.outstanding_payments, late]


def _at_once(start: Barrier, act: Callable[[], Any]) -> Any:
    start.wait(30)
    try:
        return act()
    except DomainError as error:
        return error


def _close(both: Barrier) -> None:
    """End this thread's connection, once each of the two threads is at it."""
    both.wait(30)
    connection.close()


def run_flood(effort: Effort) -> str:
    """50 threads × 1,000 ids."""
    return flood(threads=THREADS, ids=effort.of(IDS), seed=effort.seed)


def run_races(effort: Effort) -> str:
    """5,000 races."""
    ended = void_or_acknowledge(races=effort.of(RACES), seed=effort.seed)
    shares = ", ".join(f"{times} {how}" for how, times in sorted(ended.items()))
    return f"{sum(ended.values())} races: {shares}"


CAMPAIGNS = (
    Campaign("credit-flood", run_flood, postgresql=True),
    Campaign("credit-races", run_races, postgresql=True),
)
