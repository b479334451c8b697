"""Why a unit is as it is, as far as the units' own tables say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.causes import Cause, Role, cause
from apps.core.stories import Fact
from apps.core.wording import ago, span
from apps.products.lifecycle import LifeStage
from apps.products.models import EnableState, Product
from apps.products.selectors import is_terminated, stage_of, went_off_by_itself
from apps.products.services.switch import UNIT
from apps.products.switches import Step, main_steps

_NOT_IN_USE: Mapping[int | None, object] = {
    LifeStage.NON_EXISTANT: lazy("It was made {when} and has not been put in stock yet."),
    LifeStage.STORED: lazy("It was put in stock {when} and has not been shipped yet."),
    LifeStage.SHIPPED: lazy("It was shipped {when} and has not been activated yet."),
    LifeStage.ACTIVATING: lazy("Its activation began {when} and is not finished."),
}


@cause(order=10, table="state")
def terminated(unit: Product) -> Cause | None:
    """It is out of the system for good; what else may be the case matters no more."""
    state = unit.latest_state
    if state is None or not is_terminated(unit):
        return None
    text = _("Terminated by {by} {when}: it is out of the system and is never switched on again.")
    return Cause(
        key="terminated",
        sentence=text.format(by=_name(state.created_by), when=ago(state.created_at)),
        role=Role.VERDICT,
        tone="bad",
        icon="block",
        facts=(Fact(_("Terminated"), "", when=state.created_at),),
    )


@cause(order=25, table="state")
def taken_in_for_repair(unit: Product) -> Cause | None:
    """Its stage of life says so; which repair it is, the repairs know."""
    state = unit.latest_state
    if state is None or stage_of(unit) != LifeStage.IN_REPAIR_SYSTEM:
        return None
    text = _("Taken in for repair by {by} {when}.")
    return Cause(
        key="taken_in",
        sentence=text.format(by=_name(state.created_by), when=ago(state.created_at)),
        tone="info",
        icon="build",
    )


@cause(order=30, table="state")
def not_in_use_yet(unit: Product) -> Cause | None:
    """It is off because nobody uses it yet."""
    state = unit.latest_state
    words = _NOT_IN_USE.get(stage_of(unit))
    if state is None or words is None or unit.current_enable_flag:
        return None
    return Cause(
        key="not_in_use",
        sentence=str(words).format(when=ago(state.created_at)),
        tone="info",
        icon="inventory_2",
    )


@cause(order=40, table="enable_history")
def switched_off(unit: Product) -> Cause | None:
    """Somebody asked for it to be off: the unit has confirmed it, or may not even know yet."""
    if unit.desired_enable_flag:
        return None
    steps = main_steps(unit.pk, 2)
    newest = steps[0] if steps else None
    if newest is not None and newest.state == EnableState.PENDING_DISABLED:
        return _asked_off(unit, newest)
    if unit.current_enable_flag:
        return _on_against_the_wish(newest)
    if newest is None:
        return None
    asked = steps[1] if len(steps) > 1 else None
    if asked is not None and asked.state == EnableState.PENDING_DISABLED:
        return _confirmed_off(asked, newest)
    return _found_off(newest)


def _asked_off(unit: Product, asked: Step) -> Cause:
    heard = _heard_of(unit)
    if heard is None:
        text = _("Switched off by {by} {when}; it was never heard, so it may not know yet.")
    elif heard <= asked.date:
        text = _(
            "Switched off by {by} {when}; it has not been heard since, so it may not know yet."
        )
    else:
        text = _("Switched off by {by} {when}; it was heard {heard}, but has not confirmed it.")
    return Cause(
        key="asked_off",
        sentence=text.format(
            by=_name(asked.user), when=ago(asked.date), heard=ago(heard) if heard else ""
        ),
        tone="warn",
        icon="hourglass_top",
        facts=_asked_facts(asked, heard),
        verbs=("enable",) if unit.current_enable_flag else (),
    )


def _confirmed_off(asked: Step, heard: Step) -> Cause:
    text = _("Switched off by {by} {when}; the unit confirmed it {after} later.")
    after = span((heard.date - asked.date).total_seconds())
    return Cause(
        key="switched_off",
        sentence=text.format(by=_name(asked.user), when=ago(asked.date), after=after),
        tone="bad",
        icon="toggle_off",
        facts=(
            Fact(_("Asked for"), "", when=asked.date),
            Fact(_("Confirmed by the unit"), "", when=heard.date),
        ),
    )


def _found_off(step: Step) -> Cause:
    text = (
        _("The unit reported {when} that it is off, and is not asked to be on.")
        if step.user == UNIT
        else _("Kept off by {by} {when}.")
    )
    return Cause(
        key="reported_off",
        sentence=text.format(by=_name(step.user), when=ago(step.date)),
        tone="bad",
        icon="toggle_off",
    )


def _on_against_the_wish(step: Step | None) -> Cause:
    text = (
        _("It is to be off, but reported {when} that it is on.")
        if step is not None
        else _("It is to be off, but reports that it is on.")
    )
    return Cause(
        key="on_against_the_wish",
        sentence=text.format(when=ago(step.date) if step is not None else ""),
        tone="warn",
        icon="report",
        advice=_("It is told again at each contact. Somebody may be switching it by hand."),
    )


@cause(order=60, table="enable_history")
def to_be_on(unit: Product) -> Cause | None:
    """Somebody asked for it to be on, and the unit has not confirmed that yet."""
    latest = unit.latest_enable_history
    if latest is None or latest.current_enable_state != EnableState.PENDING_ENABLED:
        return None
    heard = _heard_of(unit)
    if unit.current_enable_flag:
        text = _("{by} asked {when} for it to stay on; it has not confirmed that yet.")
    elif heard is None:
        text = _("Still off: {by} asked {when} for it to be on, and it was never heard.")
    elif heard <= latest.date:
        text = _("Still off: {by} asked {when} for it to be on, and it has not been heard since.")
    else:
        text = _(
            "Still off: {by} asked {when} for it to be on; it was heard {heard}, but has not"
            " confirmed it."
        )
    asked = Step(latest.current_enable_state, latest.user, latest.date)
    return Cause(
        key="asked_on",
        sentence=text.format(
            by=_name(asked.user), when=ago(asked.date), heard=ago(heard) if heard else ""
        ),
        role=Role.REMARK if unit.current_enable_flag else Role.ANSWER,
        tone="warn",
        icon="hourglass_top",
        facts=_asked_facts(asked, heard),
        verbs=() if unit.current_enable_flag else ("disable",),
    )


@cause(order=70, table="enable_history")
def went_off(unit: Product) -> Cause | None:
    """It is to be on and was, until it said by itself that it is off."""
    if unit.current_enable_flag or not unit.desired_enable_flag:
        return None
    latest = unit.latest_enable_history
    text = (
        _("It switched itself off {when}, though it is to be on.")
        if latest is not None and went_off_by_itself(unit)
        else _("It is to be on, but reports that it is off.")
    )
    return Cause(
        key="went_off",
        sentence=text.format(when=ago(latest.date) if latest is not None else ""),
        role=Role.OTHERWISE,
        tone="bad",
        icon="power_off",
        advice=_(
            "A flat battery, too great a load or credit that ran out does this. It is asked to be"
            " on at each contact."
        ),
    )


@cause(order=80, table="enable_history")
def never_on(unit: Product) -> Cause | None:
    """Nobody asked for it to be on or off, and it is not on."""
    if unit.current_enable_flag or unit.desired_enable_flag:
        return None
    return Cause(
        key="never_on",
        sentence=_("It has not been switched on yet: nobody asked for it."),
        role=Role.OTHERWISE,
        icon="toggle_off",
    )


@cause(order=90, table="product")
def as_it_says(unit: Product) -> Cause:
    """What the unit last said, where there is no more to it."""
    heard = _heard_of(unit)
    on = unit.current_enable_flag
    if heard is None:
        text = _("On.") if on else _("Off.")
    else:
        text = _("On. Last heard {when}.") if on else _("Off. Last heard {when}.")
    return Cause(
        key="on" if on else "off",
        sentence=text.format(when=ago(heard) if heard else ""),
        role=Role.OTHERWISE,
        tone="good" if on else "bad",
        icon="check_circle" if on else "toggle_off",
    )


def _heard_of(unit: Product) -> dt.datetime | None:
    latest = unit.latest_connection
    return latest.date if latest is not None else None


def _name(user: str | None) -> str:
    return user or _("somebody")


def _asked_facts(asked: Step, heard: dt.datetime | None) -> tuple[Fact, ...]:
    facts = [Fact(_("Asked for"), "", when=asked.date)]
    if heard is not None:
        facts.append(Fact(_("Last contact"), "", when=heard))
    return tuple(facts)
