"""The history of a switch, told: who asked for what, and when the unit heard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.core.stories import Event, Tone
from apps.core.wording import span
from apps.products.models import EnableHistory, EnableState, TamperEnableHistory

_PENDING = {
    EnableState.PENDING_ENABLED: EnableState.ENABLED,
    EnableState.PENDING_DISABLED: EnableState.DISABLED,
}


@dataclass(frozen=True)
class Words:
    """How one switch is spoken of; {by} is who asked."""

    on: Any
    off: Any
    asked_on: Any
    asked_off: Any
    found_on: Any
    found_off: Any
    on_icon: str
    off_icon: str


@dataclass(frozen=True)
class Step:
    """One row of a switch's history; a unit that counts its credit switches itself, too."""

    state: str
    user: str
    date: dt.datetime
    switches_itself: bool = False


def main_steps(imei: str, limit: int) -> list[Step]:
    """The newest rows of the unit's own switch, newest first."""
    rows = EnableHistory.objects.filter(product_id=imei).order_by("-date", "-pk")
    columns = ("current_enable_state", "user", "date", "product__dcm_enabled_flag")
    return [Step(*row) for row in rows.values_list(*columns)[:limit]]


def tamper_steps(imei: str, limit: int) -> list[Step]:
    """The newest rows of the tamper switch, newest first."""
    rows = TamperEnableHistory.objects.filter(product_id=imei).order_by("-date", "-pk")
    columns = ("current_tamper_enable_state", "user", "date")
    return [Step(*row) for row in rows.values_list(*columns)[:limit]]


def told(steps: Sequence[Step], words: Words) -> list[Event]:
    """Events for rows given newest first; what was asked and what the unit confirmed become one."""
    found: list[Event] = []
    heard: Step | None = None
    for number, step in enumerate(steps):
        older = steps[number + 1] if number + 1 < len(steps) else None
        if step.state in _PENDING:
            found.append(_asked(step, heard, number == 0, words))
            heard = None
        elif older is not None and _PENDING.get(EnableState(older.state)) == step.state:
            heard = step
        elif step.state in _PENDING.values():
            found.append(_unasked(step, words))
    return found


def _asked(step: Step, heard: Step | None, is_last: bool, words: Words) -> Event:
    on = step.state == EnableState.PENDING_ENABLED
    icon = words.on_icon if on else words.off_icon
    if heard is not None:
        after = span((heard.date - step.date).total_seconds())
        return Event(
            step.date,
            (words.on if on else words.off).format(by=step.user),
            _("Heard by the unit {after} later").format(after=after),
            icon=icon,
            tone="good" if on else "bad",
        )
    title = (words.asked_on if on else words.asked_off).format(by=step.user)
    detail = (
        _("Waiting for the unit's next contact")
        if is_last
        else _("Changed again before the unit was heard of")
    )
    return Event(step.date, title, detail, icon=icon, tone="warn" if is_last else "")


def _unasked(step: Step, words: Words) -> Event:
    on = step.state == EnableState.ENABLED
    tone: Tone = "good" if on else "bad"
    asked = _("Nobody had asked for it here")
    return Event(
        step.date,
        words.found_on if on else words.found_off,
        _("By itself: it counts its own credit") if step.switches_itself else asked,
        icon=words.on_icon if on else words.off_icon,
        tone=tone,
    )
