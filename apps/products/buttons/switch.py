"""The unit's two switches: each press asks, and the unit obeys at its next contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.levels import Level
from apps.core.verbs import Press, Said, Verb, verb
from apps.products.models import Product
from apps.products.selectors import is_terminated
from apps.products.services.switch import (
    disable_product,
    disable_tamper_switch,
    enable_product,
    enable_tamper_switch,
)


def _ask(
    service: Callable[..., Any], column: str, on: bool, done: Any, kept: Any, nothing: Any
) -> Callable[[Press], Said]:
    """Ask with a service; `kept` is said where a wish was taken back: the unit stays as it is."""

    def act(press: Press) -> Said:
        changed = service(product_imei=press.unit.pk, by=press.by)
        stays = getattr(press.unit, column) is on
        words = nothing if changed is None else kept if stays else done
        text = words.format(unit=press.unit.serial_number)
        return Said(text, changed=changed is not None)

    return act


def _undone_by(unit: Product, on: bool) -> bool:
    """Whether asking for on or off takes back a wish that the unit has yet to confirm."""
    return unit.current_enable_flag is on and unit.desired_enable_flag is not on


def _enable_label(unit: Product) -> str:
    return _("Undo: keep it on") if _undone_by(unit, True) else _("Enable")


def _disable_label(unit: Product) -> str:
    return _("Undo: keep it off") if _undone_by(unit, False) else _("Disable")


def _disable_question(unit: Product) -> str:
    if _undone_by(unit, False):
        return ""
    return _("Disable {unit}?").format(unit=unit.serial_number)


verb(
    Verb(
        name="enable",
        order=10,
        label=_enable_label,
        icon="toggle_on",
        level=Level.TECHNICAL,
        weight="primary",
        consequence=lazy("It is switched on at its next contact, within about four hours."),
        offered=lambda unit, caller: not unit.desired_enable_flag and not is_terminated(unit),
        act=_ask(
            enable_product,
            "current_enable_flag",
            True,
            lazy("{unit} will be switched on at its next contact."),
            lazy("{unit} stays on."),
            lazy("{unit} is on already, or has been asked to be."),
        ),
    ),
    Verb(
        name="disable",
        order=11,
        label=_disable_label,
        icon="toggle_off",
        level=Level.TECHNICAL,
        weight="danger",
        confirm=_disable_question,
        submit=lazy("Yes, disable it"),
        consequence=lazy(
            "The customer loses power when the unit next reports, within about four hours."
            " Until then you can undo this."
        ),
        offered=lambda unit, caller: unit.desired_enable_flag,
        act=_ask(
            disable_product,
            "current_enable_flag",
            False,
            lazy("{unit} will be switched off at its next contact. Until then you can undo this."),
            lazy("{unit} stays off."),
            lazy("{unit} is off already, or has been asked to be."),
        ),
    ),
    Verb(
        name="tamper-on",
        order=20,
        label=lazy("Tamper switch on"),
        icon="shield",
        level=Level.TECHNICAL,
        consequence=lazy("From its next contact on, the unit raises an alert when it is opened."),
        offered=lambda unit, caller: not unit.desired_tamper_flag and not is_terminated(unit),
        act=_ask(
            enable_tamper_switch,
            "current_tamper_flag",
            True,
            lazy("The tamper switch of {unit} will be turned on at its next contact."),
            lazy("The tamper switch of {unit} stays on."),
            lazy("The tamper switch of {unit} is on already, or has been asked to be."),
        ),
    ),
    Verb(
        name="tamper-off",
        order=21,
        label=lazy("Tamper switch off"),
        icon="remove_moderator",
        level=Level.TECHNICAL,
        consequence=lazy("From its next contact on, nobody is told when the unit is opened."),
        offered=lambda unit, caller: unit.desired_tamper_flag,
        act=_ask(
            disable_tamper_switch,
            "current_tamper_flag",
            False,
            lazy("The tamper switch of {unit} will be turned off at its next contact."),
            lazy("The tamper switch of {unit} stays off."),
            lazy("The tamper switch of {unit} is off already, or has been asked to be."),
        ),
    ),
)
