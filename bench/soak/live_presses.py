"""Every button of a unit's page, pressed twice at once: what comes of it is what one press leaves.

Two units alike stand side by side. The button of one is pressed once, that of the other by two
requests that are sent together; afterwards both have as many rows in every table of units.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from django import forms

from apps.accounts.models import User
from apps.core.callers import Caller
from apps.core.levels import Level
from apps.core.verbs import Verb, offers, verbs
from apps.products.models import Product
from apps.products.services.lifecycle import change_state
from apps.products.services.settings import set_parameter
from bench.soak.live_program import Program
from tests.factories import (
    ParameterTypeFactory,
    ProductFactory,
    ProductProductGroupLinkerFactory,
    ProductSoftwareLinkerFactory,
    SoftwareVersionTypeFactory,
)

# To where every button makes sense.
_PATH = (2, 3, 5)
# What is said twice is written twice: nobody knows that it was not meant.
MAY_REPEAT = frozenset({"note"})


def check_every_button(program: Program, session: dict[str, str], user: User) -> int:
    """Returns how many buttons were pressed; raises for one that does more when pressed twice."""
    caller = Caller(user.pk, user.email, Level(user.level), None)
    wrong, pressed = [], 0
    for verb in verbs.all():
        found = staged(verb, caller)
        if found is None:
            continue
        stage, once, values = found
        doubly = stage()
        # Keys of rows of its own, such as the value that is taken back, differ.
        values_of_other = filled(verb, doubly, caller) or values
        path = f"/admin/products/product/{{}}/act/{verb.name}/"
        before = written(once)
        (one,) = post(program, session, path.format(once.pk), values, times=1)
        both = post(program, session, path.format(doubly.pk), values_of_other, times=2)
        pressed += 1
        statuses = [one, *both]
        if not set(statuses) <= {200, 302}:
            wrong.append(f"{verb.name}: {statuses}")
        if verb.name not in MAY_REPEAT and written(once) != written(doubly):
            wrong.append(f"{verb.name}: from {before} to {written(once)}, twice {written(doubly)}")
    assert not wrong, "\n".join(wrong)
    return pressed


def a_unit() -> Product:
    unit: Product = ProductFactory.create()
    for stage in _PATH:
        change_state(product_imei=unit.pk, new_state=stage, by="soak")
    return Product.objects.get(pk=unit.pk)


def with_wishes() -> Product:
    """A unit that is off, locked, waits for things, is in a group, and pays in no way."""
    unit = a_unit()
    version = SoftwareVersionTypeFactory.create(name=f"soak-{unit.pk}")
    ProductSoftwareLinkerFactory.create(
        product=unit, software_version_type=version, date_added=None
    )
    kind = ParameterTypeFactory.create(name=f"soak_{unit.pk}")
    set_parameter(product_imei=unit.pk, parameter_type=kind, value="7", by="soak")
    ProductProductGroupLinkerFactory.create(product=unit)
    unit.software_lock = version
    unit.is_payg = not unit.is_payg
    unit.dcm_enabled_flag = not unit.dcm_enabled_flag
    for flag in ("current_enable_flag", "desired_enable_flag", "desired_tamper_flag"):
        setattr(unit, flag, not getattr(unit, flag))
    unit.save()
    return unit


def new() -> Product:
    unit: Product = ProductFactory.create()
    return unit


def in_store() -> Product:
    unit = new()
    change_state(product_imei=unit.pk, new_state=_PATH[0], by="soak")
    return Product.objects.get(pk=unit.pk)


def shipped() -> Product:
    unit = in_store()
    change_state(product_imei=unit.pk, new_state=_PATH[1], by="soak")
    return Product.objects.get(pk=unit.pk)


_STAGES: tuple[Callable[[], Product], ...] = (a_unit, with_wishes, new, in_store, shipped)


def staged(
    verb: Verb, caller: Caller
) -> tuple[Callable[[], Product], Product, dict[str, str]] | None:
    """How a unit comes to where the button is offered, one that is there, and what to type."""
    for stage in _STAGES:
        unit = stage()
        values = filled(verb, unit, caller)
        if values is not None:
            return stage, unit, values
    return None


def filled(verb: Verb, unit: Product, caller: Caller) -> dict[str, str] | None:
    """What a person would type, the first of every choice; None where it is not offered."""
    offered = {offer.verb.name: offer.form for offer in offers(unit, caller, chosen={})}
    form: Any = offered.get(verb.name)
    if form is None:
        return None
    values = answers_of(form)
    if form.choice and form.choice in values:
        again = verb.form(unit, caller, None, chosen={form.choice: values[form.choice]})
        values |= answers_of(again)
    return values


def answers_of(form: Any) -> dict[str, str]:
    found = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            keys = [str(key) for key, _label in choices if key not in ("", None)]
            found[name] = keys[0] if keys else ""
        elif isinstance(field, forms.BooleanField):
            found[name] = "on"
        else:
            rows = getattr(field, "rows", None)
            first = rows.values_list(field.column, flat=True).first() if rows is not None else None
            initial = field.initial if field.widget.is_hidden else None
            found[name] = str(initial or first or "7")
    return found


def post(
    program: Program, session: dict[str, str], path: str, values: dict[str, str], *, times: int
) -> list[int]:
    body = urlencode(values).encode()
    with ThreadPoolExecutor(times) as pool:
        sent = [pool.submit(program.ask, "POST", path, body, session) for _time in range(times)]
        return [one.result().status for one in sent]


def written(unit: Product) -> dict[str, int]:
    """How many rows each table has of a unit."""
    found = {}
    for relation in Product._meta.related_objects:
        rows = relation.related_model._default_manager.filter(
            **{relation.field.name: unit.pk}
        ).count()
        if rows:
            found[relation.related_model._meta.db_table] = rows
    return found
