"""The software of a unit: what it is to load, and whether it takes any other."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from apps.core.callers import Caller
from apps.core.levels import Level
from apps.core.verb_fields import choice, tick
from apps.core.verbs import Press, Said, Verb, VerbForm, VerbGroup, verb
from apps.products.models import Product, SoftwareStatus, SoftwareVersionType
from apps.products.selectors import is_terminated, pending_software
from apps.products.services.updates import (
    expire_software_updates,
    lock_software,
    unlock_software,
    update_software,
)

SOFTWARE = VerbGroup("software", order=60, label=lazy("Software"), icon="memory")


class VersionForm(VerbForm):
    """A version that units of this type may run, newest first, and whether to lock the unit to it.

    A version that is known to be bad is not among them.
    """

    software = choice(lazy("Version to load"))
    lock = tick(
        lazy("Lock it to this version: it takes no other until the lock is lifted"), required=False
    )

    def __init__(self, unit: Product, caller: Caller, *args: Any, **options: Any) -> None:
        super().__init__(unit, caller, *args, **options)
        linked = "product_type_software_version_type_linker__product_type"
        rows = (
            SoftwareVersionType.objects.filter(**{linked: unit.product_type_id})
            .exclude(status=SoftwareStatus.BAD)
            .order_by("-release_date", "-pk")
            .values_list("pk", "name", "status")
        )
        labels = dict(SoftwareStatus.choices)
        self.fields["software"].choices = [  # type: ignore[attr-defined]
            (key, f"{name} ({labels[status]})" if status in labels else name)
            for key, name, status in rows
        ]
        self.pointless = not self.fields["software"].choices  # type: ignore[attr-defined]


def _load(press: Press) -> Said:
    service = lock_software if press.values["lock"] else update_software
    version = service(
        product_imei=press.unit.pk, software=int(press.values["software"]), by=press.by
    )
    text = (
        _("{unit} is to run software {name} and takes no other.")
        if press.values["lock"]
        else _("{unit} is to run software {name}; until it has loaded it, you can call this off.")
    )
    return Said(text.format(unit=press.unit.serial_number, name=version.name))


def _unlock(press: Press) -> Said:
    unlock_software(product_imei=press.unit.pk, by=press.by)
    return Said(_("{unit} takes any software again.").format(unit=press.unit.serial_number))


def _call_off(press: Press) -> Said:
    count = expire_software_updates(product_imei=press.unit.pk, by=press.by)
    if not count:
        return Said(
            _("No update was waiting for {unit}.").format(unit=press.unit.serial_number), False
        )
    text = ngettext("{n} update was called off.", "{n} updates were called off.", count)
    return Said(text.format(n=count))


verb(
    Verb(
        name="load-software",
        group=SOFTWARE,
        label=lazy("Load software"),
        icon="system_update",
        level=Level.SYSTEM,
        consequence=lazy(
            "The unit loads it at its next contacts. Another update that waits is called off."
        ),
        form=VersionForm,
        offered=lambda unit, caller: not is_terminated(unit),
        act=_load,
    ),
    Verb(
        name="unlock-software",
        group=SOFTWARE,
        label=lazy("Lift the lock"),
        icon="lock_open",
        level=Level.SYSTEM,
        consequence=lazy("The unit takes any version again; an update it was asked for stays."),
        offered=lambda unit, caller: unit.software_lock_id is not None,
        act=_unlock,
    ),
    Verb(
        name="call-off-software",
        group=SOFTWARE,
        label=lazy("Call off the update"),
        icon="cancel",
        level=Level.SYSTEM,
        consequence=lazy("The unit keeps what it runs, unless it is loading the update already."),
        offered=lambda unit, caller: pending_software(unit.pk) is not None,
        act=_call_off,
    ),
)
