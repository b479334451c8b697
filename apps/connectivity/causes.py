"""What the way a unit reaches us has to do with it being off."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.connectivity.models import Connection, Network, SmsHistory
from apps.connectivity.story import GAP, signal_fact
from apps.core.causes import Cause, Role, cause
from apps.core.stories import Fact, row_url, rows_of
from apps.core.wording import ago
from apps.products.lifecycle import LifeStage
from apps.products.models import EnableState, Product
from apps.products.selectors import stage_of

# Stages in which nobody expects a unit to be heard of.
_SILENT_STAGES = frozenset(
    {
        LifeStage.NON_EXISTANT,
        LifeStage.STORED,
        LifeStage.SHIPPED,
        LifeStage.IN_REPAIR_SYSTEM,
        LifeStage.TERMINATED,
    }
)
# What was sent before tells nothing of now.
_RECENT = dt.timedelta(days=7)


@cause(order=75, table="connection")
def silence(unit: Product) -> Cause | None:
    """It was never heard, or not for longer than bad luck explains."""
    if stage_of(unit) in _SILENT_STAGES:
        return None
    latest = unit.latest_connection
    if latest is None:
        return _never(unit)
    if timezone.now() - latest.date <= GAP:
        return None
    was_on = unit.current_enable_flag and unit.desired_enable_flag
    text = (
        _("It was on when it was last heard, {when}; it should be heard every four hours.")
        if was_on
        else _("It was last heard {when}; it should be heard every four hours.")
    )
    return Cause(
        key="silent",
        sentence=text.format(when=ago(latest.date)),
        role=Role.ANSWER if was_on else Role.REMARK,
        tone="warn",
        icon="signal_cellular_off",
        advice=_("It may have no signal or no power, or its SIM may have been taken out or barred.")
        if was_on
        else "",
        facts=_how_it_was_heard(unit, latest),
        url=rows_of(Connection, unit.pk),
        link=_("All connections"),
    )


def _never(unit: Product) -> Cause | None:
    """What waits for it to be heard says so already."""
    switch = unit.latest_enable_history
    waits = (EnableState.PENDING_ENABLED, EnableState.PENDING_DISABLED)
    if switch is not None and switch.current_enable_state in waits:
        return None
    return Cause(
        key="never_heard",
        sentence=_("It was never heard, though it should be every four hours."),
        role=Role.ANSWER,
        tone="warn",
        icon="signal_cellular_off",
        advice=_("It may be without signal or power, or without a SIM that works."),
        facts=(_sim(unit),),
    )


def _sim(unit: Product) -> Fact:
    return Fact(_("SIM"), unit.iccid or unit.imsi)


def _how_it_was_heard(unit: Product, latest: Connection) -> tuple[Fact, ...]:
    facts = [Fact(_("Last contact"), "", when=latest.date), *signal_fact(latest.cell_1_signal)]
    if latest.mcc is not None and latest.mnc is not None:
        code = f"{latest.mcc}-{latest.mnc:02d}"
        names = Network.objects.filter(mcc=latest.mcc, mnc=latest.mnc)
        name = names.order_by("pk").values_list("name", flat=True).first()
        facts.append(Fact(_("Network"), name or code, code if name else ""))
    return (*facts, _sim(unit))


@cause(order=76, table="sms_history")
def wake_up(unit: Product) -> Cause | None:
    """How far the last text message got that was to make the unit report sooner."""
    after = timezone.now() - _RECENT
    if unit.latest_connection is not None:
        after = max(after, unit.latest_connection.date)
    row = (
        SmsHistory.objects.filter(product=unit, sent_time__gt=after)
        .order_by("-sent_time", "-pk")
        .values_list("pk", "sent_time", "status")
        .first()
    )
    if row is None:
        return None
    key, sent, status = row
    texts = {
        "delivered": _(
            "The text message to wake it up, sent {when}, was delivered, but it has not reported"
            " since."
        ),
        "expired": _("The text message to wake it up, sent {when}, could not be delivered."),
    }
    under_way = _("A text message to wake it up, sent {when}, is on its way.")
    return Cause(
        key="wake_up",
        sentence=texts.get((status or "").lower(), under_way).format(when=ago(sent)),
        role=Role.REMARK,
        tone="" if status is None else "warn",
        icon="sms",
        url=row_url(SmsHistory, key),
        link=_("Open the message"),
    )
