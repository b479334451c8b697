"""The stages of a unit's life: only those that may follow are offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.callers import Caller
from apps.core.levels import Level
from apps.core.verb_fields import tick
from apps.core.verbs import Press, Said, Verb, VerbForm, VerbGroup, verb
from apps.products.errors import IllegalTransition
from apps.products.fleet import stage_name
from apps.products.lifecycle import LifeStage, may_follow
from apps.products.models import Product
from apps.products.selectors import life_stage, stage_of
from apps.products.services.lifecycle import change_state


def _now(unit: Product) -> str:
    state = unit.latest_state
    return stage_name(state.current_state_type.name) if state is not None else ""


LIFE = VerbGroup("life", order=10, label=lazy("Stage of life"), icon="flag", now=_now)


@dataclass(frozen=True)
class Step:
    """What moving to a stage is called, and what follows from it."""

    label: Any
    consequence: Any
    icon: str


_STEPS: Mapping[LifeStage, Step] = {
    LifeStage.STORED: Step(
        lazy("Put in stock"), lazy("It is finished and waits to be shipped."), "inventory_2"
    ),
    LifeStage.SHIPPED: Step(
        lazy("Ship"), lazy("It is on its way to a shop or a customer."), "local_shipping"
    ),
    LifeStage.ACTIVATING: Step(
        lazy("Begin activation"), lazy("It is being set up at a customer's."), "pending"
    ),
    LifeStage.ACTIVATED: Step(
        lazy("Mark as activated"),
        lazy("It works at a customer's; its alerts begin."),
        "task_alt",
    ),
    LifeStage.MONITORED: Step(
        lazy("Monitor"), lazy("It is watched: whatever is wrong raises an alert."), "visibility"
    ),
    LifeStage.UNMONITORED: Step(
        lazy("Stop monitoring"),
        lazy("Most of its alerts stop. It can be monitored again at any time."),
        "visibility_off",
    ),
    LifeStage.IN_REPAIR_SYSTEM: Step(
        lazy("Take in for repair"),
        lazy("It counts as away from its customer until it is activated again."),
        "build",
    ),
    LifeStage.TERMINATED: Step(
        lazy("Terminate"),
        lazy(
            "It leaves the system for good: it is not heard any more and is never switched on"
            " again. This cannot be undone."
        ),
        "block",
    ),
}


class TerminationForm(VerbForm):
    """Nobody terminates a unit by a slip of the hand."""

    sure = tick(
        lazy("Yes, take this unit out of the system for good"),
        error_messages={"required": lazy("Tick this box if you mean it.")},
    )


def _move(stage: LifeStage) -> Callable[[Press], Said]:
    def act(press: Press) -> Said:
        words = {"unit": press.unit.serial_number, "stage": stage_name(stage.name)}
        try:
            change_state(product_imei=press.unit.pk, new_state=stage, by=press.by)
        except IllegalTransition:
            # A second press finds done what the first has done.
            if life_stage(press.unit.pk) == stage.name:
                return Said(_("{unit} is in the stage “{stage}” already.").format(**words), False)
            raise
        return Said(_("{unit} is now in the stage “{stage}”.").format(**words))

    return act


def _may_come(stage: LifeStage) -> Callable[[Product, Caller], bool]:
    return lambda unit, caller: may_follow(stage_of(unit) or LifeStage.NON_EXISTANT, stage)


verb(
    *(
        Verb(
            name=f"to-{stage.name.lower().replace('_', '-')}",
            group=LIFE,
            label=step.label,
            icon=step.icon,
            level=Level.ADMIN,
            consequence=step.consequence,
            form=TerminationForm if stage is LifeStage.TERMINATED else VerbForm,
            weight="danger" if stage is LifeStage.TERMINATED else "",
            offered=_may_come(stage),
            act=_move(stage),
        )
        for stage, step in _STEPS.items()
    )
)
