"""`manage.py simulate`: units that speak the real device protocol over HTTP."""

from __future__ import annotations

import csv
import logging
import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from apps.connectivity.selectors import BurnedIn, burned_in
from apps.connectivity.simulator.fleet import Fleet
from apps.connectivity.simulator.link import Link
from apps.connectivity.simulator.sms import SmsGateway
from apps.connectivity.simulator.unit import DEFAULT_SOFTWARE, Identity, Unit
from apps.dcm.selectors import CreditOnUnit, credit_on_units

logger = logging.getLogger("smartsolar.simulator")

LOOK_AGAIN = 15.0


class Command(BaseCommand):
    help = "Run simulated units against a server, until stopped with Ctrl-C or SIGTERM."
    # The units only need an address; the web process reports what is wrong with the project.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, required=True, help="how many units connect")
        parser.add_argument("--url", required=True, help="address of the server")
        parser.add_argument(
            "--speed", type=float, default=1.0, help="how many times faster than life (default 1)"
        )
        parser.add_argument(
            "--identities",
            type=Path,
            help="CSV file with the columns imei and device_key (and, where known, enabled, "
            "tamper_enabled, software, imsi), instead of the units of the database",
        )
        parser.add_argument(
            "--sms",
            action="store_true",
            help="stand for the SMS gateway that SMS_GATEWAY_URL names on this machine: "
            "units hear wake-ups and connect",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["units"] < 1 or options["speed"] <= 0:
            raise CommandError("--units and --speed must be greater than 0")
        try:
            Link(options["url"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if options["identities"]:
            identities = read_identities(options["identities"])[: options["units"]]
        else:
            identities = wait_for_units(options["units"], stop)
        units = [Unit(identity) for identity in identities]
        logger.info(
            "%d simulated units connect to %s at %g times the speed of life",
            len(units),
            options["url"],
            options["speed"],
        )
        fleet = Fleet(units, options["url"], stop=stop, speed=options["speed"])
        if options["sms"]:
            answer_sms(fleet, stop)
        fleet.run()


def answer_sms(fleet: Fleet, stop: threading.Event) -> None:
    """Stand for the SMS gateway in a thread of its own, if it is to be on this machine."""
    parts = urlsplit(settings.SMS_GATEWAY_URL)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost"):
        logger.info("SMS go to no gateway on this machine: units do not hear them")
        return
    try:
        gateway = SmsGateway(
            fleet.by_imsi,
            address=(parts.hostname, parts.port or 80),
            token=settings.SMS_GATEWAY_TOKEN,
            secret=settings.SMS_GATEWAY_SECRET,
            url=fleet.url,
            wake=fleet.wake,
        )
    except OSError as error:
        logger.warning("no SMS gateway at %s: %s", settings.SMS_GATEWAY_URL, error)
        return
    threading.Thread(target=gateway.run, args=(stop,), daemon=True, name="sms").start()


def wait_for_units(count: int, stop: threading.Event) -> list[Identity]:
    """Identities from the database, as soon as it holds any unit that can connect."""
    told = False
    while not (found := burned_in(count)) and not stop.is_set():
        connection.close()
        if not told:
            logger.info("no unit can connect yet: waiting for the first")
            told = True
        stop.wait(LOOK_AGAIN)
    credit = credit_on_units(product_imeis=[unit.imei for unit in found])
    # From here on the units only speak HTTP.
    connection.close()
    return [_identity(unit, credit.get(unit.imei)) for unit in found]


def _identity(unit: BurnedIn, credit: CreditOnUnit | None) -> Identity:
    """A unit wakes up where it was and as it was."""
    network = place = None
    if unit.mcc is not None and unit.mnc is not None:
        network = unit.mcc, unit.mnc
    if unit.latitude is not None and unit.longitude is not None:
        place = unit.latitude, unit.longitude
    return Identity(
        imei=unit.imei,
        device_key=unit.device_key,
        enabled=unit.enabled,
        tamper_enabled=unit.tamper_enabled,
        software=unit.software or DEFAULT_SOFTWARE,
        network=network,
        place=place,
        credit=credit.seconds if credit else None,
        payg=credit.is_payg if credit else True,
        imsi=unit.imsi,
    )


def read_identities(file: Path) -> list[Identity]:
    """Identities from a CSV file; CommandError where it cannot be read or lacks a column."""
    try:
        with file.open(newline="", encoding="utf-8") as lines:
            return [
                Identity(
                    imei=row["imei"].strip(),
                    device_key=row["device_key"].strip(),
                    enabled=_is_true(row.get("enabled")),
                    tamper_enabled=_is_true(row.get("tamper_enabled")),
                    software=row.get("software") or DEFAULT_SOFTWARE,
                    imsi=(row.get("imsi") or "").strip(),
                )
                for row in csv.DictReader(lines)
            ]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    except KeyError as error:
        raise CommandError(f"{file} has no column {error}") from error


def _is_true(text: str | None) -> bool:
    return (text or "").strip().lower() in ("true", "1", "yes")
