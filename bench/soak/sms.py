"""Workers that send text messages are killed again and again: every unit hears each message once.

The gateway is the simulated one, over HTTP, which tells a message it has by its reference.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from apps.connectivity.models import SmsDispatch, SmsHistory
from apps.connectivity.services.sms import send_wakeup
from apps.connectivity.simulator import sms as simulated
from apps.connectivity.simulator.unit import Identity, Unit
from apps.products.models import Product, SoftwareVersionType
from bench.soak.campaign import Campaign, Effort
from tests.factories import (
    ProductFactory,
    ProductSoftwareLinkerFactory,
    SoftwareVersionTypeFactory,
)

WORKERS = 2
TOKEN, SECRET = "soak", b"soak"
_PATIENCE = 120.0


class Units:
    """Units that can be woken up, and how often the gateway had each of them hear a message."""

    def __init__(self, count: int) -> None:
        known = SoftwareVersionType.objects.filter(name="3.6a").first()
        version = known or SoftwareVersionTypeFactory.create(name="3.6a")
        self.products: list[Product] = ProductFactory.create_batch(count)
        for product in self.products:
            ProductSoftwareLinkerFactory.create(product=product, software_version_type=version)
        self.heard: Counter[int] = Counter()

    def by_imsi(self) -> dict[str, tuple[int, Unit]]:
        return {
            product.imsi: (number, SteadyUnit(Identity(product.pk, "", imsi=product.imsi)))
            for number, product in enumerate(self.products)
        }

    def hear(self, number: int) -> None:
        self.heard[number] += 1


class SteadyUnit(Unit):
    """A simulated unit that misses nothing."""

    def drop_rate(self) -> float:
        return 0.0


class QuietGateway(simulated.SmsGateway):
    """The simulated gateway, without the reports: no server is there to take them."""

    def _report(self, report: dict[str, object]) -> None:
        """Keep it: messages stay on their way, so that only the workers write."""


def kill_workers(*, messages: int, kills: int, seed: int) -> tuple[int, int]:
    """The whole of it; returns how many workers were killed, and how many attempts it took."""
    units, stop, chance = Units(messages), threading.Event(), random.Random(seed)
    gateway = QuietGateway(
        units.by_imsi(),
        address=("127.0.0.1", 0),
        token=TOKEN,
        secret=SECRET,
        url="http://127.0.0.1:9",
        wake=units.hear,
    )
    url = f"http://127.0.0.1:{gateway._server.server_address[1]}/messages"
    running = threading.Thread(target=gateway.run, args=(stop,))
    running.start()
    try:
        crew = [hire(url) for _worker in range(WORKERS)]
        for product in units.products:
            send_wakeup(product_imei=product.pk, by="soak@example.com")
        killed = 0
        while killed < kills and waiting():
            worker = crew.pop(0)
            assert worker.stdout is not None
            worker.stdout.readline()
            # Between any two lines, on either side of the call.
            time.sleep(chance.uniform(0, 0.05))
            worker.kill()
            worker.wait()
            killed += 1
            crew.append(hire(url))
        finish()
        for worker in crew:
            worker.kill()
            worker.wait()
        wait_for(lambda: len(units.heard) == messages, "a message was lost on its way")
    finally:
        stop.set()
        running.join()
    return killed, check(units)


def hire(url: str) -> subprocess.Popen[str]:
    """A worker in a process of its own, on the database of this one."""
    return subprocess.Popen(
        [sys.executable, "-m", "bench.soak.sms_worker"],
        env={
            **os.environ,
            "DATABASE_URL": _database_url(),
            "DJANGO_SETTINGS_MODULE": "smartsolar.settings",
            "SMS_GATEWAY_URL": url,
            "SMS_GATEWAY_TOKEN": TOKEN,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def waiting() -> bool:
    return SmsDispatch.objects.filter(due_at__isnull=False).exists()


def finish() -> None:
    """Until the living have sent what the dead have left."""
    wait_for(lambda: not waiting(), "what the dead held was never let go")


def wait_for(condition: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)


def check(units: Units) -> int:
    """Each unit heard its one message, each row says so, and every attempt was counted."""
    assert units.heard == Counter(range(len(units.products)))
    keys = [product.pk for product in units.products]
    rows = SmsDispatch.objects.filter(sms__product__in=keys)
    assert rows.filter(handed_over_at__isnull=False, cost=settings.SMS_COST).count() == len(keys)
    attempts = dict(rows.values_list("pk", "attempts"))
    retries = SmsHistory.objects.filter(product__in=keys).values_list("pk", "attempted_retries")
    assert {pk: n + 1 for pk, n in retries} == attempts
    return sum(attempts.values())


def run(effort: Effort) -> str:
    """Forty kills over rounds of 300 messages."""
    wanted, killed, attempts, rounds = effort.of(40), 0, 0, 0
    while killed < wanted:
        more, tries = kill_workers(messages=300, kills=wanted - killed, seed=effort.seed + rounds)
        killed, attempts, rounds = killed + more, attempts + tries, rounds + 1
    return (
        f"{killed} workers killed over {300 * rounds} messages, each heard once"
        f" after {attempts} attempts in all"
    )


def _database_url() -> str:
    """Where this process's database is, the test's own included."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    login = f"{told['USER']}:{told['PASSWORD']}" if told["PASSWORD"] else told["USER"]
    return f"postgres://{login}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


CAMPAIGNS = (Campaign("killed-senders", run, postgresql=True),)
