"""What one can do with a unit on its page: verbs that apps contribute, each calling one service.

A verb is a row of a table: its name in the URL, its words, the least level, the fields it asks for
and the function that calls the service. An app declares its verbs in its `buttons.py`:

    OWNERS = VerbGroup("owners", order=20, label=_("Owner"), icon="domain")
    verb(Verb(name="assign-entity", group=OWNERS, label=_("Add an owner"), icon="domain_add",
              level=Level.ADMIN, form=EntityForm, act=assign))

Verbs of no group stand at the top of the page. Levels are checked here; the unit was found within
the caller's scope. Services decide what may be done: what is offered only follows the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from apps.core.callers import Caller
from apps.core.errors import DomainError
from apps.core.levels import Level
from apps.core.loading import Once


@dataclass(frozen=True)
class Press:
    """A button was pressed: on which unit, by whom, with what in its form."""

    unit: Any
    caller: Caller
    values: Mapping[str, Any]

    @property
    def by(self) -> str:
        return self.caller.username


@dataclass(frozen=True)
class Said:
    """What came of it: `changed` is whether anything did."""

    text: Any
    changed: bool = True


class VerbForm(forms.Form):
    """What a verb asks for. A form that depends on a choice made first is `choosing` until then.

    `chosen` holds the query of the page; a form reads its first choice from it.
    """

    choosing = False
    # The parameter of the page's query that carries the first choice, if there is one.
    choice = ""
    # Whether there is nothing to choose from: then the verb is not offered.
    pointless = False

    def __init__(
        self,
        unit: Any,
        caller: Caller,
        data: Any = None,
        *,
        chosen: Mapping[str, str] | None = None,
        name: str = "form",
    ) -> None:
        self.unit, self.caller, self.chosen = unit, caller, chosen or {}
        super().__init__(data, auto_id=f"{name}-%s", label_suffix="")

    def refuse(self, error: DomainError) -> None:
        """Put what a service refused beside the fields it is about, or above them all."""
        for name, text in (error.errors or {NON_FIELD_ERRORS: error.message}).items():
            self.add_error(name if name in self.fields else None, str(text).strip())

    def point_out(self) -> None:
        """Let the page open at the first field that is wrong, else at the first of all."""
        shown = [name for name, field in self.fields.items() if not field.widget.is_hidden]
        wrong = [name for name in shown if name in self.errors] or shown
        if wrong:
            self.fields[wrong[0]].widget.attrs["autofocus"] = True


@dataclass(frozen=True)
class VerbGroup:
    """Verbs that belong together; `now` says in a few words how the unit stands."""

    key: str
    order: int
    label: Any
    icon: str
    now: Callable[[Any], str] | None = None


Words = Any | Callable[[Any], Any]
Weight = Literal["", "primary", "danger"]


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One thing to do with a unit.

    label, consequence  text, or a function of the unit that makes it
    order               its place among its group, or at the top of the page
    offered             whether it makes sense for the unit as it stands, to this caller
    confirm             the title of a dialog that opens first, for verbs at the top of the page
    submit              what its last button says, where that is not the label
    """

    name: str
    label: Words
    icon: str
    level: Level
    act: Callable[[Press], Said]
    group: VerbGroup | None = None
    order: int = 0
    consequence: Words = ""
    form: type[VerbForm] = VerbForm
    offered: Callable[[Any, Caller], bool] = lambda unit, caller: True
    confirm: Words = ""
    submit: Any = ""
    weight: Weight = ""

    def allows(self, caller: Caller) -> bool:
        """Whether the caller's level is enough; on which units, scope says."""
        return caller.level >= self.level


@dataclass(frozen=True)
class Offer:
    """A verb as the page offers it; `open` where somebody is at it already."""

    verb: Verb
    label: Any
    consequence: Any
    confirm: Any
    form: VerbForm
    open: bool = False

    @property
    def in_dialog(self) -> bool:
        return bool(self.confirm or self.form.fields)


@dataclass(frozen=True)
class OfferGroup:
    """The verbs of one group that a caller is offered."""

    group: VerbGroup
    now: str
    offers: tuple[Offer, ...]

    @property
    def open(self) -> bool:
        return any(offer.open for offer in self.offers)


@dataclass
class Verbs:
    """Every app's verbs, loaded once from every app's `buttons.py`."""

    _verbs: dict[str, Verb] = field(default_factory=dict)
    _load_all: Once = field(default_factory=lambda: Once("buttons"))

    def verb(self, *verbs: Verb) -> None:
        for one in verbs:
            if one.name in self._verbs:
                raise ValueError(f"two verbs are called {one.name!r}")
            self._verbs[one.name] = one

    def all(self) -> tuple[Verb, ...]:
        self._load_all()
        return tuple(sorted(self._verbs.values(), key=lambda one: one.order))

    def named(self, name: str) -> Verb | None:
        self.all()
        return self._verbs.get(name)


verbs = Verbs()
verb = verbs.verb


def press(verb: Verb, unit: Any, caller: Caller, data: Any) -> tuple[Said | None, VerbForm]:
    """Do what a verb says with what was typed; None where it was refused: the form says why."""
    form = verb.form(unit, caller, data, name=verb.name)
    if form.is_valid():
        try:
            return verb.act(Press(unit, caller, form.cleaned_data)), form
        except DomainError as error:
            form.refuse(error)
    form.point_out()
    return None, form


def offers(
    unit: Any,
    caller: Caller,
    *,
    chosen: Mapping[str, str],
    refused: tuple[Verb, VerbForm] | None = None,
) -> list[Offer]:
    """What the caller is offered to do with a unit; a refused form comes back as it was typed."""
    found = []
    for one in verbs.all():
        if not one.allows(caller):
            continue
        if refused is not None and refused[0] is one:
            found.append(_offer(one, unit, refused[1], is_open=True))
        elif one.offered(unit, caller):
            form = one.form(unit, caller, chosen=chosen, name=one.name)
            if not form.pointless:
                is_open = bool(form.choice and form.choice in chosen)
                found.append(_offer(one, unit, form, is_open=is_open))
    return found


def _offer(verb: Verb, unit: Any, form: VerbForm, *, is_open: bool) -> Offer:
    return Offer(
        verb,
        _worded(verb.label, unit),
        _worded(verb.consequence, unit),
        _worded(verb.confirm, unit),
        form,
        is_open,
    )


def grouped(offered: list[Offer], unit: Any) -> list[OfferGroup]:
    """Offers by their group, in the groups' order; those of no group are left out."""
    by_group: dict[VerbGroup, list[Offer]] = {}
    for offer in offered:
        if offer.verb.group is not None:
            by_group.setdefault(offer.verb.group, []).append(offer)
    return [
        OfferGroup(group, group.now(unit) if group.now else "", tuple(by_group[group]))
        for group in sorted(by_group, key=lambda group: group.order)
    ]


def _worded(words: Words, unit: Any) -> Any:
    return words(unit) if callable(words) else words
