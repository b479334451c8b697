"""Why a unit is as it is: the causes that apps know of, and the one that answers.

The page of a unit begins with one sentence. Whoever knows a reason for a unit to be off, or a doubt
about one that is on, says so in the app's `causes.py`:

    @cause(order=50, table="balance")
    def credit(unit: Product) -> Cause | None: ...

The causes are asked in order, and the first that answers is the sentence; what others have to say
is added to it. As with cards, a cause is told only to those whose level lets them see its table,
and scope was settled before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from django.db import models

from apps.core.loading import Once
from apps.core.resources import registry
from apps.core.stories import Fact, Tone

MaySee = Callable[[type[models.Model]], bool]


class Role(Enum):
    """What a cause is to the question why a unit is off."""

    # It answers, and leaves nothing to add.
    VERDICT = auto()
    # It answers; where another answered before, it is added.
    ANSWER = auto()
    # It adds to an answer and is none.
    REMARK = auto()
    # It answers where nothing else does.
    OTHERWISE = auto()


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Something that explains how a unit stands, in one whole sentence.

    `key` names the cause to programs. `advice` says what one may do; `facts` stand behind the
    sentence; `url` with its text `link` leads to more; `verbs` name the buttons of the page that
    belong beside it, such as the one that takes a wish back. `means_off` is whether the unit gives
    no power for it, whatever it last said.
    """

    key: str
    sentence: Any
    role: Role = Role.ANSWER
    tone: Tone = ""
    icon: str = "info"
    advice: Any = ""
    facts: tuple[Fact, ...] = ()
    url: str = ""
    link: Any = ""
    verbs: tuple[str, ...] = ()
    means_off: bool = False


@dataclass(frozen=True)
class Explanation:
    """The cause that answers, and what else there is to know."""

    answer: Cause
    remarks: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class CauseSource:
    """A function that may know a cause, and which table one must see to be told."""

    find: Callable[[Any], Cause | None]
    order: int
    table: str


@dataclass
class Causes:
    """Every app's causes, loaded once from every app's `causes.py`."""

    _sources: list[CauseSource] = field(default_factory=list)
    _load_all: Once = field(default_factory=lambda: Once("causes"))

    def cause(self, *, order: int, table: str) -> Callable[[Any], Any]:
        def add(find: Callable[[Any], Cause | None]) -> Callable[[Any], Cause | None]:
            self._sources.append(CauseSource(find, order, table))
            return find

        return add

    def sources(self) -> list[CauseSource]:
        self._load_all()
        return sorted(self._sources, key=lambda source: source.order)


causes = Causes()
cause = causes.cause


def explain(unit: Any, may_see: MaySee) -> Explanation | None:
    """Why the unit is as it is, as far as the caller may see; None where no cause is known.

    `unit` is its row, with its type, its latest state, switch and connection selected.
    """
    found = [
        known
        for source in causes.sources()
        if may_see(registry.named(source.table).model) and (known := source.find(unit)) is not None
    ]
    return weigh(found)


def weigh(found: list[Cause]) -> Explanation | None:
    """Which of the causes, given in order, answers, and which are added to it."""
    answers = [known for known in found if known.role in (Role.VERDICT, Role.ANSWER)]
    answers += [known for known in found if known.role is Role.OTHERWISE]
    if not answers:
        return None
    answer = answers[0]
    if answer.role is Role.VERDICT:
        return Explanation(answer)
    added = (Role.ANSWER, Role.REMARK)
    remarks = [known for known in found if known is not answer and known.role in added]
    return Explanation(answer, tuple(_without_repetition(answer, remarks)))


def _without_repetition(answer: Cause, remarks: list[Cause]) -> Iterator[Cause]:
    """The remarks without the facts that stand on the page already."""
    told = set(answer.facts)
    for remark in remarks:
        yield replace(remark, facts=tuple(fact for fact in remark.facts if fact not in told))
        told.update(remark.facts)
