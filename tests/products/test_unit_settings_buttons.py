"""Software, settings and wake-ups on the page of a unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django import forms

from apps.accounts.models import User
from apps.connectivity.models import SmsHistory
from apps.products.models import (
    DataType,
    ParameterStatus,
    Product,
    ProductParameter,
    ProductSoftwareLinker,
    SoftwareStatus,
    SoftwareVersionType,
)
from tests.factories import (
    ParameterTypeFactory,
    ProductParameterFactory,
    ProductSoftwareLinkerFactory,
    ProductTypeSoftwareVersionTypeLinkerFactory,
    SoftwareVersionTypeFactory,
)
from tests.products.unit_pages import UnitPage, offers_in
from tests.products.why import NOW, a_unit


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def unit(db: None) -> Product:
    return a_unit(on=True, serial_number="HB-1")


@pytest.fixture
def page(unit: Product, system: User) -> UnitPage:
    return UnitPage(unit, system)


def form_of(page: UnitPage, verb: str, **query: Any) -> Any:
    return next(o.form for o in offers_in(page.open(**query)) if o.verb.name == verb)


# --- software ------------------------------------------------------------------------------------


def version(unit: Product, name: str, **columns: Any) -> SoftwareVersionType:
    made: SoftwareVersionType = SoftwareVersionTypeFactory.create(name=name, **columns)
    ProductTypeSoftwareVersionTypeLinkerFactory.create(
        product_type=unit.product_type, software_version_type=made
    )
    return made


def test_only_versions_for_the_type_that_are_not_bad_are_offered(
    page: UnitPage, unit: Product
) -> None:
    version(unit, "3.6")
    version(unit, "3.7", status=SoftwareStatus.BETA)
    version(unit, "3.8", status=SoftwareStatus.BAD)
    SoftwareVersionTypeFactory.create(name="for-others")
    labels = [label for _key, label in form_of(page, "load-software").fields["software"].choices]
    assert sorted(labels) == ["3.6 (stable)", "3.7 (beta)"]


def test_software_is_asked_for_once_and_called_off(page: UnitPage, unit: Product) -> None:
    new = version(unit, "3.6")
    for _press in range(2):
        said = page.said("load-software", software=new.pk)
    assert said == "HB-1 is to run software 3.6; until it has loaded it, you can call this off."
    assert ProductSoftwareLinker.objects.filter(product=unit).count() == 1
    assert page.said("call-off-software") == "1 update was called off."
    assert page.said("call-off-software") == "No update was waiting for HB-1."
    assert "call-off-software" not in page.offered()


def test_a_unit_is_locked_to_a_version_until_the_lock_is_lifted(
    page: UnitPage, unit: Product
) -> None:
    new, other = version(unit, "3.6"), version(unit, "3.7")
    assert "unlock-software" not in page.offered()
    assert page.said("load-software", software=new.pk, lock="on") == (
        "HB-1 is to run software 3.6 and takes no other."
    )
    form = page.refused("load-software", software=other.pk)
    assert "is locked to software_version 3.6" in str(form.errors["software"])
    assert form["software"].value() == str(other.pk)
    assert page.said("unlock-software") == "HB-1 takes any software again."
    page.said("load-software", software=other.pk)


@pytest.mark.parametrize("key", ["", "x", "0", "99999999999999999999"])
def test_a_version_that_is_not_offered_is_refused(page: UnitPage, unit: Product, key: str) -> None:
    version(unit, "3.6")
    assert page.refused("load-software", software=key).errors["software"]
    assert not ProductSoftwareLinker.objects.exists()


# --- settings ------------------------------------------------------------------------------------


def test_first_the_setting_is_chosen_among_those_of_the_type(page: UnitPage, unit: Product) -> None:
    mine = ParameterTypeFactory.create(name="night_light")
    ParameterTypeFactory.create(name="other")
    unit.product_type.parameter_types = [mine.pk]
    unit.product_type.save()
    form = form_of(page, "set-parameter")
    assert form.choosing
    assert list(form.fields["set"].choices) == [(mine.pk, "Night light")]


@pytest.mark.parametrize("key", ["", "x", "0", "-1", "99999999999999999999", "١"])
def test_a_setting_that_does_not_exist_is_not_chosen(page: UnitPage, key: str) -> None:
    ParameterTypeFactory.create()
    assert form_of(page, "set-parameter", set=key).choosing
    assert page.refused("set-parameter", set=key, value="1").errors
    assert not ProductParameter.objects.exists()


def test_then_a_value_that_fits_is_asked_for(page: UnitPage) -> None:
    kind = ParameterTypeFactory.create(
        name="grace_period",
        data_type=DataType.INT,
        units="s",
        validation_rules={"min": 0, "max": 100},
        description="How long it stays on without credit",
    )
    field = form_of(page, "set-parameter", set=kind.pk).fields["value"]
    assert field.label == "Grace period (s)"
    assert isinstance(field.widget, forms.NumberInput)
    assert {k: field.widget.attrs[k] for k in ("min", "max", "step")} == {
        "min": 0,
        "max": 100,
        "step": 1,
    }
    assert field.help_text == (
        "How long it stays on without credit. A whole number. From 0 to 100. The unit takes a new"
        " value at its next contact."
    )


@pytest.mark.parametrize(
    ("data_type", "rules", "choices"),
    [
        (DataType.BOOL, None, ["Yes", "No"]),
        (DataType.STRING, {"options": ["low", "high"]}, ["low", "high"]),
        (DataType.INT, {"options": [1, 2]}, ["1", "2"]),
    ],
)
def test_few_values_are_chosen_from_a_list(
    page: UnitPage, data_type: str, rules: Any, choices: list[str]
) -> None:
    kind = ParameterTypeFactory.create(data_type=data_type, validation_rules=rules)
    field = form_of(page, "set-parameter", set=kind.pk).fields["value"]
    assert [label for _key, label in field.choices] == choices
    page.said("set-parameter", set=kind.pk, value=field.choices[0][0])
    assert ProductParameter.objects.get().status == ParameterStatus.PENDING


def test_a_value_is_set_once_and_waits_for_the_unit(page: UnitPage) -> None:
    kind = ParameterTypeFactory.create(name="night_light", data_type=DataType.INT, units="%")
    for _press in range(2):
        said = page.said("set-parameter", set=kind.pk, value="40")
    assert said == "Night light will be 40 % from the next contact of HB-1."
    row = ProductParameter.objects.get()
    assert (row.value, row.status, row.created_by) == ("40", "pending", "system@example.com")
    told = form_of(page, "set-parameter", set=kind.pk).fields["value"].help_text
    assert "40 is waiting for the unit; another value takes its place." in told


def test_a_value_that_is_only_kept_here_holds_at_once(page: UnitPage) -> None:
    kind = ParameterTypeFactory.create(name="installed", setting=False)
    assert page.said("set-parameter", set=kind.pk, value="May") == "Installed of HB-1 is May."


def test_a_value_that_does_not_fit_comes_back_with_the_reason(page: UnitPage) -> None:
    kind = ParameterTypeFactory.create(
        name="limit", data_type=DataType.FLOAT, validation_rules={"max": 10}
    )
    form = page.refused("set-parameter", set=kind.pk, value="11")
    assert form.errors == {"value": ["limit is at most 10"]}
    assert form["value"].value() == "11"
    assert page.refused("set-parameter", set=kind.pk, value="").errors["value"]
    assert not ProductParameter.objects.exists()


def test_the_card_shows_what_waits_what_holds_and_what_was_overtaken(
    page: UnitPage, unit: Product
) -> None:
    for name, status in (("a", "active"), ("b", "expired"), ("c", "pending"), ("d", "removed")):
        ProductParameterFactory.create(product=unit, parameter_type__name=name, status=status)
    cards = page.open().context["cards"]
    facts = next(card.facts for card in cards if card.title == "Settings")
    assert [(fact.label, str(fact.hint)) for fact in facts] == [
        ("C", "waiting for the unit"),
        ("A", ""),
        ("B", "the unit never took it"),
    ]


def test_a_value_that_waits_is_taken_back_once(page: UnitPage, unit: Product) -> None:
    kind = ParameterTypeFactory.create(name="night_light", data_type=DataType.INT, units="%")
    ProductParameterFactory.create(product=unit, parameter_type=kind, value="20")
    assert "withdraw-parameter" not in page.offered()
    page.said("set-parameter", set=kind.pk, value="40")
    page.said("set-parameter", set=ParameterTypeFactory.create(name="fan").pk, value="on")
    choices = form_of(page, "withdraw-parameter").fields["waiting"].choices
    assert [label for _key, label in choices] == ["Fan: on", "Night light: 40 %"]
    asked, key = choices[1][0], "withdraw-parameter"
    assert page.said(key, waiting=asked) == "HB-1 is no longer asked for Night light = 40 %."
    assert page.said(key, waiting=asked) == "The value was not waiting for HB-1."
    rows = ProductParameter.objects.filter(parameter_type=kind).order_by("pk")
    assert list(rows.values_list("value", "status", "modified_by")) == [
        ("20", "active", None),
        ("40", "expired", "system@example.com"),
    ]
    assert (rows[1].date_added, rows[1].date_removed) == (NOW, NOW)


@pytest.mark.parametrize("key", ["", "x", "0", "-1", "99999999999999999999", "١", "another's"])
def test_only_a_value_of_the_unit_is_taken_back(page: UnitPage, key: str) -> None:
    theirs = ProductParameterFactory.create(status=ParameterStatus.PENDING)
    form = page.refused("withdraw-parameter", waiting=theirs.pk if key == "another's" else key)
    assert form.errors["waiting"]
    theirs.refresh_from_db()
    assert theirs.status == ParameterStatus.PENDING


def test_an_energy_limit_is_asked_for(unit: Product, technician: User) -> None:
    page = UnitPage(unit, technician)
    ParameterTypeFactory.create(name="energy_limit", data_type=DataType.FLOAT, units="Wh")
    said = page.said("suggest-energy-limit", energy_limit="120")
    assert said == "HB-1 will give up to 120 Wh from its next contact on."
    form = page.refused("suggest-energy-limit", energy_limit="-1")
    assert form["energy_limit"].value() == "-1"
    assert form.errors["energy_limit"]


# --- waking up -----------------------------------------------------------------------------------


def test_a_unit_that_understands_is_woken_up_once(unit: Product, admin: User) -> None:
    ProductSoftwareLinkerFactory.create(product=unit, software_version_type__name="3.6a")
    page = UnitPage(unit, admin)
    assert "wake-up" in page.offered()
    for _press in range(2):
        assert page.said("wake-up") == "A text message to wake HB-1 up is on its way."
    assert SmsHistory.objects.get().created_by == admin.email


def test_a_unit_that_would_not_understand_is_not_sent_a_message(unit: Product, admin: User) -> None:
    page = UnitPage(unit, admin)
    assert "wake-up" not in page.offered()
    answer = page.press("wake-up")
    assert "not known which software" in page.client.get(answer.url).content.decode()
    assert not SmsHistory.objects.exists()
