"""kill -9 of web, worker and PostgreSQL while credit is added, told to units and acknowledged.

A payment system sends each command until it is answered. In the end every command that was answered
with success is there, none is there twice, each is acknowledged by its unit, and each silent unit
was sent one message, although whoever was at it died at any line. While PostgreSQL is away the web
server answers 503, and when it is back the same processes serve on. The PostgreSQL that dies is the
campaign's own; where none can be made, only web and worker die.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import threading
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from apps.accounts.services import issue_token
from apps.connectivity.models import SmsHistory
from apps.connectivity.simulator.link import Link, NoAnswerError
from apps.connectivity.simulator.unit import Identity, Outcome, Unit
from apps.core.events import Event, deliver_events
from apps.core.levels import Level
from apps.dcm.models import PaymentCommand
from apps.dcm.services.reminders import remind_of_waiting_credit
from bench.soak.campaign import Campaign, Effort
from bench.soak.cluster import Cluster, children, moved_to, own_cluster
from bench.soak.ports import free_port
from bench.soak.processes import Process, wait_until_it_answers, web_server
from tests.connectivity.wakeups import unit_running
from tests.factories import PaymentCommandFactory, ProductFactory, UserFactory

KILLS = 200
SENDERS, UNITS = 3, 3
WORKER = "bench.soak.credit_worker"


class Senders:
    """A payment system: each thread sends command after command, each until it is answered."""

    def __init__(self, port: int, token: str, imeis: list[str]) -> None:
        self.port, self.token, self.imeis = port, token, imeis
        self.stop = threading.Event()
        self.answered: dict[str, int] = {}
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self, thread: int) -> None:
        number = 0
        while not self.stop.is_set():
            name = f"kill-{thread}-{number}"
            number += 1
            imei = self.imeis[number % len(self.imeis)]
            while (status := self.send(imei, name, number)) not in (201, 400):
                if status not in (0, 503):
                    self.wrong.append(f"{name}: {status}")
                    return
                self.told["unanswered" if status == 0 else "refused with 503"] += 1
                time.sleep(0.05)
            self.answered[name] = number
            # 400: the first try was taken, and its answer got lost.
            self.told["taken" if status == 201 else "repeated"] += 1

    def send(self, imei: str, name: str, value: int) -> int:
        body = json.dumps({"value": value, "category": "payment", "transaction_id": name})
        headers = {
            "Authorization": f"Token token={self.token}",
            "Content-Type": "application/json",
        }
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as client:
                client.request("POST", f"/v1/products/{imei}/add_payment_command", body, headers)
                answer = client.getresponse()
                content = json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            return 0
        if answer.status == 400:
            assert content["data"]["value"] == value, content
        return answer.status


def connect_for_ever(unit: Unit, link: Link, stop: threading.Event) -> None:
    """A unit that connects again and again, and a last time in peace."""
    while not stop.is_set():
        unit.connect(link)
        time.sleep(0.05)


def kill_points(*, kills: int, seed: int, database: Cluster | None) -> str:
    """Kill web, worker or PostgreSQL so many times, a third each, then check all there is."""
    chance = random.Random(seed)
    products = ProductFactory.create_batch(UNITS, dcm_enabled_flag=True)
    silent = silent_units(kills)
    admin = UserFactory.create(level=Level.ADMIN.value)
    port = free_port()
    web = web_server(port)
    worker = Process("-m", WORKER)
    senders = Senders(port, issue_token(user=admin)[0], [product.pk for product in products])
    units = [Unit(Identity(product.pk, product.device_key or "")) for product in products]
    link = f"http://127.0.0.1:{port}"
    threads = [
        *(threading.Thread(target=senders.run, args=(n,), daemon=True) for n in range(SENDERS)),
        *(
            threading.Thread(
                target=connect_for_ever, args=(unit, Link(link), senders.stop), daemon=True
            )
            for unit in units
        ),
    ]
    try:
        for thread in threads:
            thread.start()
        victims = {"web": web, "worker": worker} | ({"PostgreSQL": database} if database else {})
        names = [name for _round in range(kills) for name in victims][:kills]
        chance.shuffle(names)
        for name in names:
            # Only who answers can be struck in the middle of it.
            wait_until_it_answers(port)
            serving = children(web.running.pid)
            time.sleep(chance.uniform(0.05, 1.5))
            victims[name].kill()
            if name == "PostgreSQL":
                time.sleep(chance.uniform(0, 1))
            victims[name].start()
            if name == "PostgreSQL":
                wait_until_it_answers(port)
                assert children(web.running.pid) == serving, "the web server was started anew"
                assert worker.running.poll() is None, "the worker died with the database"
        senders.stop.set()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "a sender was never answered"
        for unit in units:
            settle(unit, Link(link))
    finally:
        senders.stop.set()
        web.kill()
        worker.kill()
    # What this process had open died with the server.
    connections.close_all()
    check(senders, silent)
    struck = ", ".join(f"{times} {name}" for name, times in sorted(Counter(names).items()))
    shares = ", ".join(f"{times} {how}" for how, times in sorted(senders.told.items()))
    return f"{kills} kills ({struck}): {shares}; {len(silent)} silent units told of once each"


def silent_units(count: int) -> list[str]:
    """Units that have waited for longer than a unit may."""
    patience = dt.timedelta(hours=settings.CREDIT_SMS_AFTER_HOURS)
    found = []
    for _number in range(count):
        product = unit_running("3.6", dcm_enabled_flag=True)
        PaymentCommandFactory.create(product=product, created_at=timezone.now() - 2 * patience)
        found.append(product.pk)
    return found


def settle(unit: Unit, link: Link) -> None:
    """Good contacts until the unit has nothing to book and nothing to tell."""
    calm = 0
    for _contact in range(200):
        try:
            found = unit.connect(link)
        except NoAnswerError:
            continue
        heard = found.outcome is Outcome.HEARD
        calm = calm + 1 if heard and not found.changed and not unit.credit.untold else 0
        if calm == 2:
            return
    raise AssertionError("a unit never came to rest")


def check(senders: Senders, silent: list[str]) -> None:
    assert not senders.wrong, senders.wrong
    rows = PaymentCommand.objects.filter(transaction_id__startswith="kill-")
    assert dict(rows.values_list("transaction_id", "value")) == senders.answered
    assert rows.count() == len(senders.answered)
    assert not rows.exclude(status="acknowledged", void=False).exists()
    while remind_of_waiting_credit() or deliver_events():
        pass
    assert not Event.objects.filter(name="credit_waits", delivered_at=None).exists()
    sent = Counter(SmsHistory.objects.filter(product__in=silent).values_list("product", flat=True))
    assert sent == Counter(silent), "a silent unit was told of twice, or never"


def run(effort: Effort) -> str:
    """200 kills."""
    kills = effort.of(KILLS)
    with own_cluster() as cluster:
        if cluster is None:
            figure = kill_points(kills=kills, seed=effort.seed, database=None)
            return f"{figure}; PostgreSQL was not killed: there is no initdb to make one to kill"
        with moved_to(cluster):
            call_command("migrate", verbosity=0)
            call_command("bootstrap", verbosity=0)
            return kill_points(kills=kills, seed=effort.seed, database=cluster)


CAMPAIGNS = (Campaign("credit-kills", run, postgresql=True),)
