"""Simulated units: strangers to the program that behave like units in the field."""

from __future__ import annotations

import ast
import datetime as dt
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import msgpack
import pytest
from django.core.management import CommandError, call_command

from apps.connectivity import simulator
from apps.connectivity.management.commands.simulate import read_identities, wait_for_units
from apps.connectivity.models import Connection
from apps.connectivity.selectors import burned_in
from apps.connectivity.signatures import read_signature, verify
from apps.connectivity.simulator import fleet as fleet_module
from apps.connectivity.simulator.fleet import Fleet
from apps.connectivity.simulator.link import Link, NoAnswerError, Reply, device_header
from apps.connectivity.simulator.unit import INTERVAL, SOON, Identity, Outcome, Unit
from apps.connectivity.unit_reports import read_contact
from apps.products.models import Product
from apps.products.services.switch import enable_product
from apps.telemetry.data_points import read_points
from tests.factories import (
    ConnectionFactory,
    ProductFactory,
    ProductSoftwareLinkerFactory,
    SoftwareVersionTypeFactory,
    StateFactory,
    StateTypeFactory,
)

KEY = "4ab1ab3ab1ab7ab9ab1ab4ab"
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class Server:
    """Stands for the link: says what it is told to say and keeps what it hears."""

    def __init__(self, *, post: int = 200, **wishes: Any) -> None:
        self.status = post
        self.wishes = {"enable": False, "tamper_switch": False, "parameters": {}} | wishes
        self.heard: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.uploads: list[dict[str, Any]] = []
        self.upload_status = 200

    def post(self, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        self.bodies.append(body)
        if self.status == 0:
            raise NoAnswerError("nobody there")
        self.heard.append(
            json.loads(body) if content_type == "application/json" else msgpack.unpackb(body)
        )
        return Reply(self.status, None)

    def upload(self, imei: str, key: str, body: bytes, content_type: str) -> Reply:
        self.uploads.append(
            json.loads(body) if content_type == "application/json" else msgpack.unpackb(body)
        )
        return Reply(self.upload_status, None)

    def get(self, imei: str, key: str) -> Reply:
        return Reply(200, {"status": "success", "data": self.wishes})


def unit(number: int = 1, **memory: Any) -> Unit:
    return Unit(Identity(f"{350_000_000_000_000 + number}", KEY, **memory), clock=lambda: NOON)


def contact(subject: Unit, server: Server) -> Any:
    """The next contact that is not lost to bad signal."""
    for _attempt in range(50):
        found = subject.connect(server)  # type: ignore[arg-type]
        if found.outcome is not Outcome.NO_SIGNAL:
            return found
    raise AssertionError("no signal at all")


def test_units_know_nothing_of_the_program() -> None:
    allowed = sys.stdlib_module_names | {"msgpack"}
    for file in Path(simulator.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            for name in names:
                ours = name.startswith("apps.connectivity.simulator.")
                assert ours or name.partition(".")[0] in allowed, f"{file.name} imports {name}"


def test_a_unit_signs_as_the_server_verifies() -> None:
    request = {"method": "POST", "path": "/v1/rc_data", "body": b"{}"}
    header = device_header(imei="3" * 15, key=KEY, at=1_000.9, nonce="0" * 16, **request)
    verify(read_signature(header, 1_000), key=KEY, **request)


@pytest.mark.parametrize("number", range(40))
def test_every_report_is_one_the_server_takes(number: int) -> None:
    """Whatever its place, signal and equipment."""
    server = Server(parameters={"brightness": "8"})
    subject = unit(number)
    for _contact in range(3):
        contact(subject, server)
    for heard in server.heard:
        found = read_contact(heard, now=NOON)
        assert found.report.made_at == NOON
        assert all(-113 <= signal <= -50 for _lac, _cid, signal, _mcc, _mnc in found.cells)


@pytest.mark.parametrize("number", range(10))
def test_a_unit_hands_over_what_it_measured_and_keeps_it_until_it_was_taken(number: int) -> None:
    """Whatever its place and equipment; the server takes all of it."""
    server = Server()
    subject = unit(number)
    now = NOON
    subject.clock = lambda: now
    server.upload_status = 503
    contact(subject, server)
    first = server.uploads[-1]
    now += dt.timedelta(hours=4)
    server.upload_status = 200
    contact(subject, server)
    second = server.uploads[-1]
    for body, minutes in ((first, 240), (second, 480)):
        points = read_points(body, subject.identity.imei)
        assert len(points.times) == minutes
        assert all(10 < value < 15 for value in points.columns["voltage"])
        assert all(0 <= value <= 100 for value in points.columns["state_of_charge_percent"])
    assert second["fields"]["voltage"][:240] == first["fields"]["voltage"]
    now += dt.timedelta(minutes=5)
    contact(subject, server)
    assert len(server.uploads[-1]["fields"]["voltage"]) == 5


def test_units_differ_and_a_run_can_be_repeated() -> None:
    reports = [unit(n).report() for n in range(5)]
    assert len({json.dumps(report["cells"]) for report in reports}) == 5
    assert reports == [unit(n).report() for n in range(5)]


def test_a_unit_obeys_and_confirms_soon_after() -> None:
    server = Server(
        enable=True,
        tamper_switch=True,
        software={"name": "4.0", "link": None, "checksum": None},
        parameters={"brightness": "8"},
    )
    subject = unit()
    found = contact(subject, server)
    assert (found.outcome, found.next_in, found.changed) == (Outcome.HEARD, SOON, True)
    server.wishes |= {"software": None, "parameters": {}}
    found = contact(subject, server)
    assert (found.outcome, found.next_in, found.changed) == (Outcome.HEARD, INTERVAL, False)
    first, second = server.heard[0], server.heard[-1]
    assert (first["enabled"], first["software"]) == (False, "3.6a")
    assert (second["enabled"], second["tamper_enabled"]) == (True, True)
    assert (second["software"], second["parameters"]) == ("4.0", {"brightness": "8"})


def test_a_unit_remembers_how_it_was() -> None:
    report = unit(
        enabled=True, tamper_enabled=True, software="2.15", network=(639, 2), place=(-1.5, 30.5)
    ).report()
    assert (report["enabled"], report["tamper_enabled"], report["software"]) == (True, True, "2.15")
    assert {(cell["mcc"], cell["mnc"]) for cell in report["cells"]} == {(639, 2)}
    assert report.get("gps") in (None, {"lat": -1.5, "lon": 30.5})


@pytest.mark.parametrize("status", [0, 500, 503, 429])
def test_without_an_answer_the_same_report_is_sent_again(status: int) -> None:
    server = Server(post=status)
    subject = unit()
    found = contact(subject, server)
    assert found.outcome is Outcome.NO_ANSWER
    assert 0 < found.next_in < INTERVAL
    contact(subject, server)
    assert server.bodies[0] == server.bodies[1]


def test_a_unit_that_is_refused_waits_for_its_next_turn() -> None:
    found = contact(unit(), Server(post=401))
    assert (found.outcome, found.next_in) == (Outcome.REFUSED, INTERVAL)


def test_a_unit_out_of_reach_tries_a_few_times_and_then_waits() -> None:
    subject, server = unit(), Server(post=0)
    waits = [subject.connect(server).next_in for _attempt in range(8)]  # type: ignore[arg-type]
    assert [wait == INTERVAL for wait in waits] == [False, False, False, True] * 2


def test_a_url_that_is_no_web_address_is_refused() -> None:
    for url in ("localhost:8000", "ftp://server", ""):
        with pytest.raises(ValueError, match="not an HTTP address"):
            Link(url)


# --- identities --------------------------------------------------------------------------------


def test_identities_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text(f"imei,device_key,enabled\n{'3' * 15},{KEY},true\n{'4' * 15}, {KEY},\n")
    assert read_identities(file) == [
        Identity("3" * 15, KEY, enabled=True),
        Identity("4" * 15, KEY),
    ]


def test_a_file_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    with pytest.raises(CommandError, match="cannot be read"):
        read_identities(file)
    file.write_text("imei,key\n1,2\n")
    with pytest.raises(CommandError, match="no column 'device_key'"):
        read_identities(file)


@pytest.mark.parametrize(("units", "speed"), [(0, 1), (-1, 1), (1, 0), (1, -2)])
def test_numbers_that_make_no_sense_are_refused(units: int, speed: float) -> None:
    with pytest.raises(CommandError):
        call_command("simulate", units=units, url="http://localhost:1", speed=speed)


@pytest.mark.django_db
def test_units_in_the_field_connect_first_and_terminated_ones_never() -> None:
    stages = [None, "STORED", "TERMINATED", "MONITORED", "ACTIVATED"]
    products = []
    for name in stages:
        product = ProductFactory.create()
        if name:
            stage = StateTypeFactory.create(name=name)
            product.latest_state = StateFactory.create(product=product, current_state_type=stage)
            product.save()
        products.append(product.pk)
    ProductFactory.create(device_key=None)
    chosen = [found.imei for found in burned_in(10)]
    assert chosen == [products[3], products[4], products[0], products[1]]
    assert [found.imei for found in burned_in(1)] == [products[3]]


@pytest.mark.django_db
def test_a_unit_of_the_database_remembers_what_it_last_said() -> None:
    product = ProductFactory.create(
        current_enable_flag=True, desired_tamper_flag=True, gps_lat=-1.5, gps_lon=30.5
    )
    product.latest_connection = ConnectionFactory.create(product=product, mcc=639, mnc=2)
    product.save()
    ProductSoftwareLinkerFactory.create(product=product)
    newest = ProductSoftwareLinkerFactory.create(product=product, date_added=NOON)
    (found,) = wait_for_units(5, threading.Event())
    assert found == Identity(
        imei=product.pk,
        device_key=product.device_key,
        enabled=True,
        tamper_enabled=False,
        software=newest.software_version_type.name,
        network=(639, 2),
        place=(-1.5, 30.5),
        imsi=product.imsi,
    )


# --- the whole fleet, over HTTP ----------------------------------------------------------------


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_fleet_connects_obeys_and_stops(live_server: Any) -> None:
    SoftwareVersionTypeFactory.create(name="3.6a")
    products = ProductFactory.create_batch(6)
    for product in products:
        enable_product(product_imei=product.pk, by="staff@example.com")
    units = [Unit(Identity(product.pk, product.device_key)) for product in products]
    stop = threading.Event()
    # Four hours pass in two seconds.
    fleet = Fleet(units, live_server.url, stop=stop, speed=INTERVAL / 2)
    running = threading.Thread(target=fleet.run)
    running.start()
    try:
        wait_until(lambda: Product.objects.filter(current_enable_flag=True).count() == 6)
    finally:
        stop.set()
        running.join(10)
    assert not running.is_alive()
    assert Connection.objects.count() >= 12
    assert fleet.counts["changed"] == 6
    assert fleet.counts["refused"] == 0


def test_a_fleet_waits_for_its_server_without_noise(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()
    fleet = Fleet([unit()], "http://127.0.0.1:9", stop=stop)
    running = threading.Thread(target=fleet.run)
    running.start()
    stop.wait(0.2)
    stop.set()
    running.join(5)
    assert not running.is_alive()
    assert caplog.records == []


def test_the_fleet_says_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    fleet = Fleet([unit()], "http://127.0.0.1:9", stop=threading.Event())
    fleet.counts.update({"heard": 7, "refused": 1, "changed": 2})
    with caplog.at_level("INFO", fleet_module.logger.name):
        fleet._summarise()
        fleet._summarise()
    first, second = (record.getMessage() for record in caplog.records)
    assert first == "contacts: 7 heard, 0 no signal, 0 no answer, 1 refused; 2 units changed"
    assert second.startswith("contacts: 0 heard")
