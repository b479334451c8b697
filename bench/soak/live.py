"""The running program under mixed load, while its processes are killed.

Units report, lists and pages are read, a command to many units runs, people press the same button
twice at once, units repeat themselves, and strangers try what is not theirs. Nothing may answer
with a fault but while something is away, and nothing may be lost or happen twice.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any

from django.db import connection

from apps.accounts.models import User
from apps.accounts.services import issue_token
from apps.connectivity.models import Connection
from apps.connectivity.simulator.link import JSON, RC_DATA, RM_DATA, device_header
from apps.core.events import Event
from apps.core.levels import Level
from apps.products.lifecycle import LifeStage
from apps.products.models import EnableHistory, Product
from bench.soak import fleet_commands
from bench.soak.campaign import Campaign, Effort
from bench.soak.invariants import check_unit
from bench.soak.live_presses import check_every_button
from bench.soak.live_program import Answer, Program, session_of
from tests.factories import EntityFactory, ProductEntityLinkerFactory, ProductFactory
from tests.personas import make_user

CLIENTS = 16
SPEAKERS = 6
UNITS = 40
COMMANDED = 1_000
# As many a minute that the command outlasts the kills.
PER_MINUTE = 3_000
_PATIENCE = 180.0
# A killed web worker takes its connections along; nothing is asked to answer just then.
_ALLOWED = {0, 503}


@dataclass
class Load:
    """Clients that go on until they are told to end, and what they were answered."""

    program: Program
    units: list[Product]
    system: User
    outsider: User
    seed: int
    over: Signal = field(default_factory=Signal)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    reported: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.token = {"Authorization": f"Token token={issue_token(user=self.system)[0]}"}
        self.strangers = {"Authorization": f"Token token={issue_token(user=self.outsider)[0]}"}
        self.session = session_of(self.system)

    def note(self, what: str, answer: Answer, *expected: int) -> None:
        self.answers[what, answer.status] += 1
        if answer.status not in {*expected, *_ALLOWED}:
            self.wrong.append(f"{what}: {answer.status} {answer.body[:300]!r}")

    def client(self, number: int) -> None:
        draw = random.Random(self.seed * 1_000 + number)
        # A unit speaks alone, as in life: its reports are counted.
        mine = self.units[number::SPEAKERS] if number < SPEAKERS else []
        work = [self.speak] if mine else [self.read, self.read, self.press, self.trespass]
        while not self.over.is_set():
            draw.choice(work)(draw.choice(mine or self.units), draw)

    def signed(self, unit: Product, method: str, path: str, body: bytes, nonce: str) -> Answer:
        header = device_header(
            imei=unit.pk,
            key=unit.device_key or "",
            method=method,
            path=path,
            body=body,
            at=time.time(),
            nonce=nonce,
        )
        headers = {"Authorization": header, "Content-Type": JSON}
        return self.program.ask(method, path, body or None, headers)

    def speak(self, unit: Product, draw: random.Random) -> None:
        """A whole contact; its report is sent again with the same nonce, which is refused."""
        now = time.time()
        report = {"time": int(now * 1_000), "enabled": draw.random() < 0.5, "tamper_enabled": False}
        body = json.dumps({**report, "software": "3.6a", "cells": []}).encode()
        fields = {"voltage": [[int(now * 1_000), draw.random()]]}
        points = json.dumps({"measurement": "telemetry", "fields": fields}).encode()
        nonce = f"{draw.getrandbits(64):016x}"
        self.note("rm_data", self.signed(unit, "POST", RM_DATA, points, f"{nonce}1"), 200)
        answer = self.signed(unit, "POST", RC_DATA, body, f"{nonce}2")
        self.note("rc_data", answer, 200)
        # One that broke off may have been taken in or not.
        self.reported[unit.pk if answer.status == 200 else "unsure"] += 1
        if answer.status == 200:
            again = self.signed(unit, "POST", RC_DATA, body, f"{nonce}2")
            self.note("replay", again, 401)
        self.note("wishes", self.signed(unit, "GET", RC_DATA, b"", f"{nonce}3"), 200)

    def read(self, unit: Product, draw: random.Random) -> None:
        path = draw.choice(
            (
                "/v1/products?results_per_page=20",
                f"/v1/products/{unit.pk}",
                "/v1/fleet_commands",
                f"/v1/enable_history?product_imei={unit.pk}",
            )
        )
        self.note("list", self.program.ask("GET", path, None, self.token), 200)
        page = f"/admin/products/product/{unit.pk}/change/"
        self.note("page", self.program.ask("GET", page, None, self.session), 200)

    def press(self, unit: Product, draw: random.Random) -> None:
        """The same wish twice at once: neither is a fault."""
        path = f"/v1/products/{unit.pk}/{draw.choice(('enable', 'disable'))}"
        for answer in twice(lambda: self.program.ask("PUT", path, b"{}", self.token)):
            self.note("switch", answer, 200)

    def trespass(self, unit: Product, draw: random.Random) -> None:
        """A unit of others is not there, neither to read nor to switch; nor without a token."""
        path = f"/v1/products/{unit.pk}"
        ask = self.program.ask
        self.note("stranger", ask("GET", path, None, self.strangers), 404)
        self.note("stranger", ask("PUT", f"{path}/disable", b"{}", self.strangers), 404)
        self.note("nobody", ask("PUT", f"{path}/disable", b"{}"), 401)


def twice(what: Callable[[], Answer]) -> list[Answer]:
    with ThreadPoolExecutor(2) as pool:
        return [sent.result() for sent in [pool.submit(what) for _time in range(2)]]


def eventually(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.5)


def command(load: Load, imeis: list[str]) -> int:
    """A command to many units, confirmed twice at once; its number."""
    body = {
        "command": "change_state",
        "parameters": {"new_state": int(LifeStage.STORED)},
        "product_imeis": imeis,
        "per_minute": PER_MINUTE,
        "reference": "live",
    }
    path, content = "/v1/fleet_commands", json.dumps(body).encode()
    headers = {**load.token, "Content-Type": JSON}
    given = twice(lambda: load.program.ask("POST", path, content, headers))
    numbers = set()
    for answer in given:
        load.note("give", answer, 200, 201)
        numbers.add(json.loads(answer.body)["data"]["fleet_command"]["fleet_command_id"])
    assert len(numbers) == 1, "one reference, two commands"
    number: int = numbers.pop()
    for answer in twice(lambda: step(load, number, "confirm")):
        load.note("confirm", answer, 200)
    return number


def step(load: Load, number: int, verb: str) -> Answer:
    path = f"/v1/fleet_commands/{number}/{verb}"
    return load.program.ask("PUT", path, b"{}", {**load.token, "Content-Type": JSON})


def end_twice(load: Load, number: int) -> None:
    """A command that has ended is neither retried nor cancelled, however often one asks."""
    for verb in ("retry", "cancel"):
        for answer in twice(lambda verb=verb: step(load, number, verb)):  # type: ignore[misc]
            load.note(verb, answer, 400)


def attack(load: Load, seconds: float) -> None:
    """Clients at work while a web worker, the worker, and a web worker again are killed."""
    clients = [Thread(target=load.client, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    kills = (load.program.kill_worker, load.program.kill_web_worker)
    for turn in range(4):
        time.sleep(seconds / 5)
        kill: Any = kills[turn % 2]
        kill(*([turn] if turn % 2 else []))
    time.sleep(seconds / 5)
    load.over.set()
    for client in clients:
        client.join()


def check(load: Load, number: int, imeis: list[str], entities: list[int]) -> None:
    fleet_commands.check(number, imeis)
    assert not load.wrong, "\n".join(load.wrong[:20])
    for unit in load.units:
        check_unit(unit.pk, entities)
        heard = Connection.objects.filter(product=unit).count()
        assert heard >= load.reported[unit.pk], f"a report of {unit.pk} was lost"
    total = Connection.objects.filter(product__in=load.units).count()
    most = sum(load.reported.values())
    assert total <= most, f"{total} contacts of {most} reports: some were taken in twice"
    assert "Traceback" not in faults(load.program.said()), faults(load.program.said())


def faults(log: str) -> str:
    """What the log says of unexpected errors."""
    at = log.find("unexpected error")
    return "" if at < 0 else log[at : at + 3_000]


def attacked(*, seconds: float, seed: int, folder: Path) -> str:
    entity, other = EntityFactory.create(), EntityFactory.create()
    units = ProductFactory.create_batch(UNITS)
    for row, unit in enumerate(units):
        unit.device_key = f"{seed:012x}{row:012x}"
        unit.save(update_fields=["device_key"])
        ProductEntityLinkerFactory.create(product=unit, entity=entity)
    imeis = [unit.pk for unit in ProductFactory.create_batch(COMMANDED)]
    system = make_user(f"live-{seed}", Level.SYSTEM)
    outsider = make_user(f"live-outsider-{seed}", Level.SYSTEM, other)
    program = Program(folder, fleet_commands._url())
    load = Load(program, units, system, outsider, seed)
    try:
        program.start()
        number = command(load, imeis)
        attack(load, seconds)
        rows = fleet_commands.FleetCommand.objects
        eventually(lambda: rows.get(pk=number).status != "running", "the command does not end")
        waiting = Event.objects.filter(delivered_at=None)
        eventually(lambda: not waiting.exists(), "events are left untold")
        end_twice(load, number)
        buttons = check_every_button(program, load.session, system)
        check(load, number, imeis, [entity.pk, other.pk])
    finally:
        program.stop()
    served = sum(load.answers.values())
    away = sum(n for (_what, status), n in load.answers.items() if status in _ALLOWED)
    switched = EnableHistory.objects.filter(product__in=units).count()
    return (
        f"{served} answers to {CLIENTS} clients, {away} while something was away, 4 kills;"
        f" {sum(load.reported.values())} reports, {switched} switches, {COMMANDED} units commanded,"
        f" {buttons} buttons pressed twice at once"
    )


def run(effort: Effort) -> str:
    """A minute."""
    connection.close()
    with tempfile.TemporaryDirectory(prefix="smartsolar-live-") as folder:
        return attacked(seconds=float(effort.of(60)), seed=effort.seed, folder=Path(folder))


CAMPAIGNS = (Campaign("live: killed under load", run, postgresql=True),)
