"""The switch and the tamper switch of many units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from apps.core.levels import Level
from apps.fleet import reasons
from apps.fleet.commands.command import Command, Order, Parameters, Run, Skips, terminated
from apps.fleet.models import CommandName
from apps.products.models import EnableHistory, EnableState, Product, TamperEnableHistory
from apps.products.services import switch
from apps.products.services.switch_many import ask_units


def _ask(which: switch.Switch, *, on: bool) -> Run:
    def run(imeis: Sequence[str], order: Order) -> dict[str, Any]:
        asked = ask_units(switch=which, imeis=imeis, on=on, by=order.by)
        # Without a history row the wish may still have changed: `standing_at` tells.
        return {imei: True if came is None else came for imei, came in asked.items()}

    return run


def standing_at(*, on: bool, tamper: bool) -> QuerySet[Product]:
    """The units whose switch is on (or off), or has been asked to be: by history and by wish.

    The switch of a unit stands where the newest row of its history says; without any, nowhere.
    """
    wish = "desired_tamper_flag" if tamper else "desired_enable_flag"
    there = (
        (EnableState.ENABLED, EnableState.PENDING_ENABLED)
        if on
        else (EnableState.DISABLED, EnableState.PENDING_DISABLED)
    )
    rows = (
        TamperEnableHistory.objects.values_list("current_tamper_enable_state")
        if tamper
        else EnableHistory.objects.values_list("current_enable_state")
    )
    newest = rows.filter(product=OuterRef("pk")).order_by("-date", "-pk")[:1]
    return Product.objects.annotate(stands=Subquery(newest)).filter(
        **{wish: on, "stands__in": there}
    )


def _skips(*, on: bool, tamper: bool) -> Skips:
    def skips(parameters: Parameters) -> Iterable[tuple[str, QuerySet[Product]]]:
        if on and not tamper:
            yield reasons.TERMINATED, terminated()
        yield reasons.ALREADY, standing_at(on=on, tamper=tamper)

    return skips


ENABLE = Command(
    name=CommandName.ENABLE,
    level=Level.TECHNICAL,
    title=_("Enable"),
    icon="toggle_on",
    consequence=_("Each unit gives power again from its next contact, within about four hours."),
    run=_ask(switch.MAIN, on=True),
    skips=_skips(on=True, tamper=False),
    silent=True,
    sends_sms=True,
)
DISABLE = Command(
    name=CommandName.DISABLE,
    level=Level.TECHNICAL,
    title=_("Disable"),
    icon="toggle_off",
    consequence=_(
        "Each customer loses power when the unit next reports, within about four hours."
        " Until then it can be taken back, by enabling the same units."
    ),
    run=_ask(switch.MAIN, on=False),
    skips=_skips(on=False, tamper=False),
    silent=True,
    sends_sms=True,
)
ENABLE_TAMPER = Command(
    name=CommandName.ENABLE_TAMPER,
    level=Level.TECHNICAL,
    title=_("Tamper switch on"),
    icon="shield",
    consequence=_("Each unit watches for tampering from its next contact."),
    run=_ask(switch.TAMPER, on=True),
    skips=_skips(on=True, tamper=True),
    silent=True,
)
DISABLE_TAMPER = Command(
    name=CommandName.DISABLE_TAMPER,
    level=Level.TECHNICAL,
    title=_("Tamper switch off"),
    icon="remove_moderator",
    consequence=_("Units that are opened or moved do not notice it from their next contact on."),
    run=_ask(switch.TAMPER, on=False),
    skips=_skips(on=False, tamper=True),
    silent=True,
)

COMMANDS = (ENABLE, DISABLE, ENABLE_TAMPER, DISABLE_TAMPER)
