"""A random walk of staff and units: wishes, contacts that are lost, repeated, late or replayed.

After every step the histories chain without a gap, the flags say what the newest report and the
last wish said, and there is one connection for each accepted report. At the end, when every unit
has had two good contacts, nothing is pending and every unit is as it was asked to be.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import time_machine
from django.test import Client

from apps.connectivity.models import Connection
from apps.connectivity.signatures import sign
from apps.products.models import EnableHistory, Product, TamperEnableHistory
from apps.products.services import switch
from bench.soak.campaign import Campaign, Effort
from bench.soak.invariants import chain
from tests.factories import ProductFactory

START = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
PATH = "/v1/rc_data"
STAFF = "staff@soak.example"

WISHES = {
    "enable": (switch.enable_product, "enable", True),
    "disable": (switch.disable_product, "enable", False),
    "watch": (switch.enable_tamper_switch, "tamper", True),
    "ignore": (switch.disable_tamper_switch, "tamper", False),
}


@dataclass
class SoakUnit:
    """One unit: how it is, what staff last asked of it, and what it has sent."""

    imei: str
    key: str
    state: dict[str, bool] = field(default_factory=lambda: {"enable": False, "tamper": False})
    wished: dict[str, bool] = field(default_factory=lambda: {"enable": False, "tamper": False})
    said: dict[str, bool] = field(default_factory=lambda: {"enable": False, "tamper": False})
    said_at: dt.datetime = START
    accepted: int = 0
    sent: list[tuple[dt.datetime, bytes, str]] = field(default_factory=list)


class Walk:
    """The campaign; `step` does one thing and checks everything that thing may have broken."""

    def __init__(self, products: list[Product], *, seed: int) -> None:
        self.random = random.Random(seed)
        self.units = [SoakUnit(p.pk, p.device_key or "") for p in products]
        self.done: Counter[str] = Counter()
        self.client = Client()
        self.now = START
        self.nonces = 0

    def run(self, steps: int) -> Counter[str]:
        """So many steps and the calm after them; returns how often each thing was done."""
        with time_machine.travel(self.now, tick=False) as clock:
            for _step in range(steps):
                self.now += dt.timedelta(seconds=self.random.randint(30, 5400))
                clock.move_to(self.now)
                self.step()
            for _turn in range(2):
                self.now += dt.timedelta(hours=4)
                clock.move_to(self.now)
                for unit in self.units:
                    self.contact(unit, lossless=True)
            for unit in self.units:
                self.check(unit)
                self.check_calm(unit)
        return self.done

    def step(self) -> None:
        unit = self.random.choice(self.units)
        what = self.random.choices(
            ("wish", "contact", "again", "replay", "reboot"), (30, 45, 12, 8, 5)
        )[0]
        if what == "wish":
            self.wish(unit)
        elif what == "contact":
            self.contact(unit)
        elif what == "reboot":
            unit.state["enable"] = self.random.random() < 0.5
        elif unit.sent:
            made_at, content, header = self.random.choice(unit.sent)
            if what == "again":
                self.post(unit, made_at, content)
            elif header:
                before = Connection.objects.filter(product_id=unit.imei).count()
                assert self.send("POST", content, header).status_code == 401
                assert Connection.objects.filter(product_id=unit.imei).count() == before
        self.done[what] += 1
        self.check(unit)

    def wish(self, unit: SoakUnit) -> None:
        service, which, on = WISHES[self.random.choice(list(WISHES))]
        service(product_imei=unit.imei, by=STAFF)
        unit.wished[which] = on

    def contact(self, unit: SoakUnit, *, lossless: bool = False) -> None:
        """POST, then GET; either may be lost on its way there or back."""
        body = {
            "time": self.now.isoformat(),
            "enabled": unit.state["enable"],
            "tamper_enabled": unit.state["tamper"],
            "software": "3.6a",
            "cells": [],
        }
        content = json.dumps(body).encode()
        if not lossless and self.random.random() < 0.15:
            # Nobody has seen its signature: only its content can arrive, later.
            unit.sent.append((self.now, content, ""))
            return
        self.post(unit, self.now, content)
        if not lossless and self.random.random() < 0.15:
            return
        answer = self.send("GET", b"", self.header(unit, "GET", b""))
        assert answer.status_code == 200, answer.content
        if lossless or self.random.random() > 0.15:
            heard = answer.json()["data"]
            unit.state = {"enable": heard["enable"], "tamper": heard["tamper_switch"]}

    def post(self, unit: SoakUnit, made_at: dt.datetime, content: bytes) -> None:
        header = self.header(unit, "POST", content)
        answer = self.send("POST", content, header)
        assert answer.status_code == 200, answer.content
        unit.sent.append((made_at, content, header))
        unit.accepted += 1
        if made_at >= unit.said_at:
            body = json.loads(content)
            unit.said = {"enable": body["enabled"], "tamper": body["tamper_enabled"]}
            unit.said_at = made_at

    def header(self, unit: SoakUnit, method: str, content: bytes) -> str:
        self.nonces += 1
        ts, nonce = int(self.now.timestamp()), f"{self.nonces:016x}"
        sig = sign(key=unit.key, method=method, path=PATH, ts=ts, nonce=nonce, body=content)
        return f"Device imei={unit.imei}, ts={ts}, nonce={nonce}, sig={sig}"

    def send(self, method: str, content: bytes, header: str) -> Any:
        return self.client.generic(
            method,
            PATH,
            content,
            content_type="application/json",
            headers={"authorization": header},
        )

    def check(self, unit: SoakUnit) -> None:
        product = Product.objects.get(pk=unit.imei)
        assert product.desired_enable_flag == unit.wished["enable"]
        assert product.desired_tamper_flag == unit.wished["tamper"]
        assert product.current_enable_flag == unit.said["enable"]
        assert product.current_tamper_flag == unit.said["tamper"]
        assert Connection.objects.filter(product=product).count() == unit.accepted
        newest = chain(EnableHistory, "enable_state", unit.imei)
        chain(TamperEnableHistory, "tamper_enable_state", unit.imei)
        assert product.latest_enable_history_id == (newest.pk if newest else None)

    def check_calm(self, unit: SoakUnit) -> None:
        product = Product.objects.get(pk=unit.imei)
        assert product.current_enable_flag == product.desired_enable_flag == unit.wished["enable"]
        assert product.current_tamper_flag == product.desired_tamper_flag == unit.wished["tamper"]
        newest = chain(EnableHistory, "enable_state", unit.imei)
        assert newest is None or not newest.current_enable_state.startswith("pending")


def run(effort: Effort) -> str:
    """10,000 steps over 20 units."""
    steps, units = effort.of(10_000), 20
    done = Walk([ProductFactory.create() for _unit in range(units)], seed=effort.seed).run(steps)
    shares = ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
    return f"{steps} steps over {units} units: {shares}"


CAMPAIGNS = (Campaign("contacts", run),)
