"""The buttons on the page of a unit: each calls one service and says what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.errors import DomainError
from apps.products.models import Product, ProductNote
from apps.products.services.notes import NOTE_LENGTH, add_note
from apps.products.services.switch import (
    disable_product,
    disable_tamper_switch,
    enable_product,
    enable_tamper_switch,
)

__all__ = ["NOTE_LENGTH", "VERBS", "act"]

# A button pressed twice sends its note twice; nobody means to say the same within a minute.
_SAME_NOTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class SwitchVerb:
    """A service that asks for a change, and what to say of its outcomes.

    `kept` is said where a wish was taken back: the unit is as it shall be already (`column`, `on`).
    """

    service: Callable[..., Any]
    column: str
    on: bool
    done: Any
    kept: Any
    nothing: Any


_SWITCHES: Mapping[str, SwitchVerb] = {
    "enable": SwitchVerb(
        enable_product,
        "current_enable_flag",
        True,
        lazy("{unit} will be switched on at its next contact."),
        lazy("{unit} stays on."),
        lazy("{unit} is on already, or has been asked to be."),
    ),
    "disable": SwitchVerb(
        disable_product,
        "current_enable_flag",
        False,
        lazy("{unit} will be switched off at its next contact. Until then you can undo this."),
        lazy("{unit} stays off."),
        lazy("{unit} is off already, or has been asked to be."),
    ),
    "tamper-on": SwitchVerb(
        enable_tamper_switch,
        "current_tamper_flag",
        True,
        lazy("The tamper switch of {unit} will be turned on at its next contact."),
        lazy("The tamper switch of {unit} stays on."),
        lazy("The tamper switch of {unit} is on already, or has been asked to be."),
    ),
    "tamper-off": SwitchVerb(
        disable_tamper_switch,
        "current_tamper_flag",
        False,
        lazy("The tamper switch of {unit} will be turned off at its next contact."),
        lazy("The tamper switch of {unit} stays off."),
        lazy("The tamper switch of {unit} is off already, or has been asked to be."),
    ),
}
VERBS = (*_SWITCHES, "note")


def act(request: HttpRequest, unit: Product, verb: str, *, by: str) -> None:
    """Carry out a button's verb on a unit the caller may act on, and leave a message about it."""
    try:
        if verb == "note":
            _note(request, unit, by)
        else:
            _switch(request, unit, _SWITCHES[verb], by)
    except DomainError as error:
        texts = error.errors.values() if error.errors else [error.message]
        messages.error(request, " ".join(str(text) for text in texts))


def _switch(request: HttpRequest, unit: Product, verb: SwitchVerb, by: str) -> None:
    changed = verb.service(product_imei=unit.pk, by=by)
    if changed is None:
        messages.info(request, verb.nothing.format(unit=unit.serial_number))
        return
    kept = getattr(unit, verb.column) is verb.on
    words = verb.kept if kept else verb.done
    messages.success(request, words.format(unit=unit.serial_number))


def _note(request: HttpRequest, unit: Product, by: str) -> None:
    # Browsers send line ends as CR LF; the limit counts what is kept.
    text = request.POST.get("text", "").replace("\r\n", "\n").replace("\x00", "")
    with transaction.atomic():
        Product.objects.select_for_update().get(pk=unit.pk)
        same = ProductNote.objects.filter(
            product=unit,
            note_text=text.strip(),
            created_by=by,
            created_at__gt=timezone.now() - _SAME_NOTE,
        )
        if not same.exists():
            add_note(product_imei=unit.pk, text=text, by=by)
    messages.success(request, _("Your note was added."))
