"""What the units' own tables tell of a unit: switches, life, software, parameters, notes."""

from __future__ import annotations

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.stories import Card, Event, Fact, Tone, card, events, row_url, rows_of
from apps.core.wording import span
from apps.products.fleet import stage_name
from apps.products.models import (
    ParameterStatus,
    Product,
    ProductNote,
    ProductParameter,
    ProductProductGroupLinker,
    ProductSoftwareLinker,
    SoftwareVersionType,
    State,
)
from apps.products.services.switch import UNIT
from apps.products.switches import Words, main_steps, tamper_steps, told

_NOTES_SHOWN = 3
_SETTINGS_READ, _SETTINGS_SHOWN, _EXPIRED_SHOWN = 30, 8, 2

MAIN_WORDS = Words(
    on=lazy("Enabled by {by}"),
    off=lazy("Disabled by {by}"),
    asked_on=lazy("Asked to switch on by {by}"),
    asked_off=lazy("Asked to switch off by {by}"),
    found_on=lazy("The unit reported that it is on"),
    found_off=lazy("The unit reported that it is off"),
    on_icon="toggle_on",
    off_icon="toggle_off",
)
TAMPER_WORDS = Words(
    on=lazy("Tamper switch turned on by {by}"),
    off=lazy("Tamper switch turned off by {by}"),
    asked_on=lazy("Tamper switch to be turned on, asked by {by}"),
    asked_off=lazy("Tamper switch to be turned off, asked by {by}"),
    found_on=lazy("The unit reported its tamper switch on"),
    found_off=lazy("The unit reported its tamper switch off"),
    on_icon="shield",
    off_icon="remove_moderator",
)


@events(order=10, kind="switch", label=lazy("Switch"), table="enable_history")
def main_switch(imei: str, limit: int) -> list[Event]:
    # Two rows make one event, and the row before the last tells whether the last was asked for.
    return told(main_steps(imei, 2 * limit + 1), MAIN_WORDS)[:limit]


@events(order=10, kind="switch", label=lazy("Switch"), table="tamper_enable_history")
def tamper_switch(imei: str, limit: int) -> list[Event]:
    return told(tamper_steps(imei, 2 * limit + 1), TAMPER_WORDS)[:limit]


@events(order=80, kind="life", label=lazy("Life"), table="state")
def stages(imei: str, limit: int) -> list[Event]:
    rows = (
        State.objects.filter(product_id=imei)
        .order_by("-created_at", "-pk")
        .values_list(
            "created_at", "prev_state_type__name", "current_state_type__name", "created_by"
        )
    )
    return [
        Event(
            when,
            _("Now {state}").format(state=stage_name(after)),
            _("Before: {state}").format(state=stage_name(before)),
            by=by or "",
            icon="flag",
            tone="info",
        )
        for when, before, after, by in rows[:limit]
    ]


@events(order=90, kind="software", label=lazy("Software"), table="product_software_linker")
def software(imei: str, limit: int) -> list[Event]:
    rows = (
        ProductSoftwareLinker.objects.filter(product_id=imei)
        .annotate(at=Coalesce("date_added", "created_at"))
        .order_by("-at", "-pk")
        .values_list("at", "software_version_type__name", "date_added", "created_at", "created_by")
    )
    found = []
    for at, name, added, created, by in rows[:limit]:
        if added is None:
            title = _("Update to software {name} asked for").format(name=name)
            found.append(
                Event(at, title, _("Waiting for the unit to load it"), by or "", "memory", "warn")
            )
            continue
        asked = by != UNIT and (added - created).total_seconds() > 60
        after = span((added - created).total_seconds())
        detail = _("Asked for {after} before").format(after=after) if asked else ""
        title = _("Runs software {name}").format(name=name)
        found.append(Event(at, title, detail, by or "" if asked else "", "memory"))
    return found


@events(order=100, kind="settings", label=lazy("Settings"), table="product_parameter")
def parameters(imei: str, limit: int) -> list[Event]:
    rows = (
        ProductParameter.objects.filter(product_id=imei)
        .annotate(at=Coalesce("date_added", "created_at"))
        .order_by("-at", "-pk")
        .values_list(
            "at",
            "parameter_type__name",
            "value",
            "parameter_type__units",
            "status",
            "created_by",
        )
    )
    details = {
        ParameterStatus.PENDING: _("Waiting for the unit to take it"),
        ParameterStatus.REMOVED: _("Replaced since"),
        ParameterStatus.EXPIRED: _("Expired since"),
    }
    return [
        Event(
            at,
            _("{name} set to {value}").format(
                name=name.replace("_", " ").capitalize(), value=f"{value} {units or ''}".strip()
            ),
            details.get(ParameterStatus(status), "") if status else "",
            by=by or "",
            icon="tune",
            tone="warn" if status == ParameterStatus.PENDING else "",
        )
        for at, name, value, units, status, by in rows[:limit]
    ]


@events(order=50, kind="notes", label=lazy("Notes"), table="product_note")
def notes(imei: str, limit: int) -> list[Event]:
    rows = ProductNote.objects.filter(product_id=imei).order_by("-created_at", "-pk")
    return [
        Event(when, _("Note"), text, by or "", "sticky_note_2", url=row_url(ProductNote, key))
        for key, when, text, by in rows.values_list("pk", "created_at", "note_text", "created_by")[
            :limit
        ]
    ]


@events(order=70, kind="owners", label=lazy("Owners"), table="product_product_group_linker")
def groups(imei: str, limit: int) -> list[Event]:
    rows = (
        ProductProductGroupLinker.objects.filter(product_id=imei)
        .order_by("-date_added", "-pk")
        .values_list("product_group__name", "date_added", "date_removed", "created_by")
    )
    found = []
    for name, added, removed, by in rows[:limit]:
        if removed:
            found.append(Event(removed, _("Left group {name}").format(name=name), icon="group_off"))
        if added:
            title = _("Joined group {name}").format(name=name)
            found.append(Event(added, title, by=by or "", icon="group"))
    return sorted(found, key=lambda event: event.when, reverse=True)[:limit]


@card(order=40, table="product_software_linker")
def software_card(imei: str) -> Card:
    """What runs on the unit, what it should load, and what it is locked to."""
    rows = ProductSoftwareLinker.objects.filter(product_id=imei, date_removed=None)
    running, pending = None, None
    for name, key, added, created in rows.order_by("pk").values_list(
        "software_version_type__name", "software_version_type_id", "date_added", "created_at"
    ):
        if added is None:
            pending = (name, created)
        else:
            running = (name, key, added)
    facts = []
    if running:
        url = row_url(SoftwareVersionType, running[1])
        facts.append(Fact(_("Runs"), running[0], url=url))
        facts.append(Fact(_("Since"), "", when=running[2]))
    if pending:
        facts.append(Fact(_("To load"), pending[0], tone="warn"))
        facts.append(Fact(_("Asked"), "", when=pending[1]))
    lock = Product.objects.values_list("software_lock__name", flat=True).get(pk=imei)
    if lock:
        facts.append(Fact(_("Locked to"), lock))
    return Card(
        _("Software"),
        "memory",
        tuple(facts),
        rows_of(ProductSoftwareLinker, imei),
        _("All versions"),
        _("The unit has not said what it runs."),
    )


@card(order=45, table="product_parameter")
def settings_card(imei: str) -> Card | None:
    """Settings that wait for the unit, those it has, and the last that it never took."""
    shown = (ParameterStatus.PENDING, ParameterStatus.ACTIVE, ParameterStatus.EXPIRED)
    columns = ("parameter_type__name", "value", "parameter_type__units", "status")
    rows = ProductParameter.objects.filter(product_id=imei, status__in=shown)
    newest = list(rows.order_by("-date_added", "-pk").values_list(*columns)[:_SETTINGS_READ])
    by_status = [row for status in shown for row in newest if row[3] == status]
    facts = [_setting(*row) for row in by_status if row[3] != ParameterStatus.EXPIRED]
    facts = facts[:_SETTINGS_SHOWN]
    expired = [_setting(*row) for row in by_status if row[3] == ParameterStatus.EXPIRED]
    facts += expired[:_EXPIRED_SHOWN]
    if not facts:
        return None
    link = rows_of(ProductParameter, imei)
    return Card(_("Settings"), "tune", tuple(facts), link, _("All settings"))


def _setting(name: str, value: str, units: str | None, status: str) -> Fact:
    hints = {
        ParameterStatus.PENDING: _("waiting for the unit"),
        ParameterStatus.EXPIRED: _("the unit never took it"),
    }
    tones: dict[str, Tone] = {ParameterStatus.PENDING: "warn"}
    return Fact(
        name.replace("_", " ").capitalize(),
        f"{value} {units or ''}".strip(),
        hints.get(ParameterStatus(status), ""),
        tone=tones.get(status, ""),
    )


@card(order=80, table="product_note")
def notes_card(imei: str) -> Card:
    """The newest notes."""
    rows = ProductNote.objects.filter(product_id=imei).order_by("-created_at", "-pk")
    columns = rows.values_list("note_text", "created_by", "created_at")
    return Card(
        _("Notes"),
        "sticky_note_2",
        tuple(
            Fact(by or "", text if len(text) < 200 else text[:200] + "…", when=when)
            for text, by, when in columns[:_NOTES_SHOWN]
        ),
        rows_of(ProductNote, imei),
        _("All notes"),
        _("No notes yet."),
    )
