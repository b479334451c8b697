"""The page of one unit: where it stands, its cards and its timeline, as one caller may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from apps.core.resources import registry
from apps.core.stories import Card, Event, Tone, newest_first, stories
from apps.products.fleet import stage_name
from apps.products.models import EnableState, Product, State, TamperEnableHistory
from apps.products.selectors import TERMINATED

PAGE = 30
# Stages of life shown as a line; more of them come from repairs, again and again.
MOST_STAGES = 8
# Whoever wants to read further back than this has the histories themselves.
MOST_PAGES = 40

MaySee = Callable[[type[models.Model]], bool]


@dataclass(frozen=True)
class Badge:
    """A word or two on what is the case."""

    text: Any
    tone: Tone = ""
    icon: str = ""


@dataclass(frozen=True)
class SwitchView:
    """One switch as the page shows it.

    `waiting` is whether the unit has yet to hear; then `asked_by` and `asked_at` say of whom and
    since when. `undo` is whether asking back would leave the unit as it is.
    """

    on: bool
    waiting: bool
    asked_by: str = ""
    asked_at: dt.datetime | None = None
    undo: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a unit stands now."""

    product: Product
    stage: str
    is_terminated: bool
    main: SwitchView
    tamper: SwitchView
    badges: tuple[Badge, ...]


@dataclass(frozen=True)
class StageStep:
    """One stage of a unit's life, since when, and who moved it there."""

    name: str
    when: dt.datetime
    by: str


@dataclass(frozen=True)
class LifePath:
    """The stages so far, oldest first; `more` is whether there were earlier ones."""

    steps: tuple[StageStep, ...]
    more: bool


@dataclass(frozen=True)
class Timeline:
    """One page of what happened, of all kinds or of one."""

    events: list[Event]
    kinds: list[tuple[str, Any]]
    kind: str
    page: int
    older: bool


def standing(product: Product) -> Standing:
    """Where the unit stands; one query beyond `product` with its latest rows selected."""
    stage = product.latest_state.current_state_type.name if product.latest_state else ""
    latest = product.latest_enable_history
    main = _switch(
        (latest.current_enable_state, latest.user, latest.date) if latest else None,
        product.current_enable_flag,
        product.desired_enable_flag,
    )
    tamper_rows = TamperEnableHistory.objects.filter(product_id=product.pk).order_by("-date", "-pk")
    tamper = _switch(
        tamper_rows.values_list("current_tamper_enable_state", "user", "date").first(),
        product.current_tamper_flag,
        product.desired_tamper_flag,
    )
    badges = [switch_badge(main)]
    if stage:
        badges.insert(0, Badge(stage_name(stage), "bad" if stage == TERMINATED else "info", "flag"))
    if tamper.on or tamper.waiting:
        badges.append(Badge(_tamper_words(tamper), "warn" if tamper.waiting else "", "shield"))
    if product.dcm_enabled_flag:
        badges.append(Badge(_("Counts its credit itself"), icon="payments"))
    if product.rtc_enabled_flag:
        badges.append(Badge(_("Real-time"), icon="bolt"))
    return Standing(product, stage, stage == TERMINATED, main, tamper, tuple(badges))


def _switch(row: tuple[str, str, dt.datetime] | None, current: bool, desired: bool) -> SwitchView:
    pending = row is not None and row[0] in (
        EnableState.PENDING_ENABLED,
        EnableState.PENDING_DISABLED,
    )
    if row is None or not pending:
        return SwitchView(current, current != desired, undo=current != desired)
    return SwitchView(current, True, row[1], row[2], undo=current != desired)


def switch_badge(main: SwitchView) -> Badge:
    """Enabled, disabled, or waiting to be."""
    if main.waiting:
        on = main.on != main.undo
        return Badge(_("To be enabled") if on else _("To be disabled"), "warn", "hourglass_top")
    if main.on:
        return Badge(_("Enabled"), "good", "toggle_on")
    return Badge(_("Disabled"), "bad", "toggle_off")


def _tamper_words(tamper: SwitchView) -> str:
    if tamper.waiting:
        on = tamper.on != tamper.undo
        return _("Tamper switch to be on") if on else _("Tamper switch to be off")
    return _("Tamper switch on")


def path_of(imei: str, may_see: MaySee) -> LifePath | None:
    """The stages of life that a unit went through; None for one without any, and to strangers."""
    if not may_see(State):
        return None
    rows = list(
        State.objects.filter(product_id=imei)
        .order_by("-created_at", "-pk")
        .values_list("current_state_type__name", "created_at", "created_by")[: MOST_STAGES + 1]
    )
    if not rows:
        return None
    steps = (StageStep(stage_name(name), when, by or "") for name, when, by in rows[:MOST_STAGES])
    return LifePath(tuple(steps)[::-1], more=len(rows) > MOST_STAGES)


def cards(imei: str, may_see: MaySee) -> list[Card]:
    """The unit's cards that the caller may see, in order."""
    made = [
        source.build(imei)
        for source in stories.cards()
        if may_see(registry.named(source.table).model)
    ]
    return [card for card in made if card is not None]


def timeline(imei: str, may_see: MaySee, *, page: int = 1, kind: str = "") -> Timeline:
    """One page of the unit's timeline, newest first. Each source is asked once."""
    page = min(max(page, 1), MOST_PAGES)
    sources = [s for s in stories.event_sources() if may_see(registry.named(s.table).model)]
    kinds = list({s.kind: s.label for s in sources}.items())
    if kind not in dict(kinds):
        kind = ""
    limit = page * PAGE + 1
    shares = [s.tell(imei, limit) for s in sources if not kind or s.kind == kind]
    events, older = newest_first(shares, page, PAGE)
    return Timeline(events, kinds, kind, page, older and page < MOST_PAGES)
