"""Actions on the software of a unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.actions import Answer, Call, ProductAction, operation
from apps.core.levels import Level
from apps.products.services.updates import (
    expire_software_updates,
    lock_software,
    unlock_software,
    update_software,
)

_LARGEST_KEY = 2**63 - 1


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
class SoftwareField(serializers.Field):
    """A software version: its software_version_type_id as an integer, or its name."""

    def to_internal_value(self, data: Any) -> int | str:
        if isinstance(data, str) and data:
            return data
        if isinstance(data, int) and not isinstance(data, bool) and 0 < data <= _LARGEST_KEY:
            return data
        raise serializers.ValidationError(_("The id or the name of a software version is expected"))


class SoftwareChoice(serializers.Serializer):
    """The version a unit is to load."""

    software = SoftwareField()


class LockChoice(serializers.Serializer):
    """The version a unit is to stay with; null, or nothing at all, lifts the lock."""

    software = SoftwareField(allow_null=True, required=False)


class UpdateSoftware(ProductAction):
    """Ask a unit to load a software version.

    It must be one for the unit's type, not a bad one, and the one the unit is locked to if it is
    locked. Another update that still waits for the unit is called off.
    """

    path = "products/<imei>/update_software"

    @operation(
        level=Level.SYSTEM,
        summary=gettext_lazy("Ask a unit to load a software version"),
        body=SoftwareChoice,
    )
    def put(self, call: Call) -> Answer:
        version = update_software(
            product_imei=call.imei, software=call.data["software"], by=call.caller.username
        )
        text = _("#{imei} updated to software_version {name}")
        return Answer(text.format(imei=call.imei, name=version.name))


class LockSoftware(ProductAction):
    """Ask a unit to load a software version and to take no other, or lift such a lock."""

    path = "products/<imei>/lock_software"

    @operation(
        level=Level.SYSTEM,
        summary=gettext_lazy("Lock a unit to a software version, or unlock it"),
        body=LockChoice,
    )
    def put(self, call: Call) -> Answer:
        software, by = call.data.get("software"), call.caller.username
        if software is None:
            unlock_software(product_imei=call.imei, by=by)
            text = _("#{imei} software_lock is now removed").format(imei=call.imei)
            return Answer(text, {"software_lock_id": None, "software_lock_name": None})
        version = lock_software(product_imei=call.imei, software=software, by=by)
        text = _("#{imei} updated and locked to software_version {name}")
        return Answer(
            text.format(imei=call.imei, name=version.name),
            {"software_lock_id": version.pk, "software_lock_name": version.name},
        )


class ExpireSoftwareUpdates(ProductAction):
    """Call off the software updates that a unit was asked for and does not run yet."""

    path = "products/<imei>/expire_software_updates"

    @operation(level=Level.SYSTEM, summary=gettext_lazy("Call off a unit's software updates"))
    def put(self, call: Call) -> Answer:
        count = expire_software_updates(product_imei=call.imei, by=call.caller.username)
        text = (
            _("Product {imei} had {count} software update(s) expired")
            if count
            else _("Product {imei} had no pending updates to expire")
        )
        return Answer(text.format(imei=call.imei, count=count))


ACTIONS = (UpdateSoftware, LockSoftware, ExpireSoftwareUpdates)
