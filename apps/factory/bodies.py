"""What the factory's requests may carry."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.core.serializers import (
    StrictBoolean,
    StrictChoice,
    StrictInteger,
    StrictText,
    TimeField,
)
from apps.factory.tools import PERMITTED_FIELDS
from apps.products.validators import (
    validate_device_key,
    validate_iccid,
    validate_imei,
    validate_imsi,
)

_BIGGEST_KEY = 2**63 - 1
_BIGGEST_COUNT = 2**31 - 1
_LONGEST_MESSAGE = 65_535


class StrictObject(serializers.Serializer):
    """An object within a body: a key that is not known is refused there as well."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                text = _("This field is not known here")
                raise serializers.ValidationError(dict.fromkeys(unknown, text))
        return super().to_internal_value(data)


def _key(**options: Any) -> StrictInteger:
    return StrictInteger(min_value=1, max_value=_BIGGEST_KEY, **options)


def _optional_text() -> StrictText:
    return StrictText(required=False, allow_null=True, max_length=255)


class NewPcb(StrictObject):
    """A PCB to be, by its modem and SIM. Types that are not named are those of the family."""

    imei = StrictText(validators=[validate_imei])
    imsi = StrictText(validators=[validate_imsi])
    device_key = StrictText(validators=[validate_device_key])
    iccid = StrictText(required=False, allow_null=True, validators=[validate_iccid])
    pcb_part_type_id = _key(required=False)
    sim_part_type_id = _key(required=False)
    manufacturer = _optional_text()


class UnitColumns(StrictObject):
    """Columns of the unit's row that the factory knows."""

    assembler = _optional_text()


class BatteryBody(StrictObject):
    """A battery by its type and the number printed on it."""

    part_type_id = _key()
    serial_number = StrictText(max_length=255)


class FromPcb(StrictObject):
    """A unit to be, around a PCB in stock."""

    pcb_imei = StrictText(validators=[validate_imei])
    product = UnitColumns(required=False, allow_null=True)


class FromPcbAndBattery(FromPcb):
    """As above, with a battery."""

    battery = BatteryBody()


class FromPcbBatteryAndPanels(FromPcbAndBattery):
    """As above, sold with panels of some power (W)."""

    solar_panel_wattage = StrictInteger(min_value=1, max_value=_BIGGEST_COUNT)


class NewHub2(NewPcb):
    """A Hub 2 with its PCB, in one go."""

    product = UnitColumns(required=False, allow_null=True)


class NewEnterprise(NewHub2):
    """An Enterprise with its PCB, in one go."""

    battery = BatteryBody()
    solar_panel_wattage = StrictInteger(min_value=1, max_value=_BIGGEST_COUNT)


def _imei_or_nothing(value: str) -> None:
    """A tool that has not read an IMEI sends an empty one."""
    if value:
        validate_imei(value)


class ToolLog(StrictObject):
    """One log entry of a tool. `toolname` decides which of the other fields may be there."""

    time = TimeField()
    message = StrictText(max_length=_LONGEST_MESSAGE, allow_blank=True)
    toolname = StrictChoice(choices=sorted(PERMITTED_FIELDS))
    jig_id = StrictText(required=False, allow_blank=True, max_length=255)
    machine_id = StrictText(required=False, allow_blank=True, max_length=255)
    hostname = StrictText(required=False, allow_blank=True, max_length=255)
    user = StrictText(required=False, allow_blank=True, max_length=255)
    software_version = StrictText(required=False, allow_blank=True, max_length=255)
    control_board_revision = StrictText(required=False, allow_blank=True, max_length=255)
    passed = StrictBoolean(required=False)
    serial_number = StrictText(required=False, allow_blank=True, max_length=255)
    product_imei = StrictText(required=False, allow_blank=True, validators=[_imei_or_nothing])
    count = StrictInteger(required=False, min_value=0, max_value=_BIGGEST_COUNT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        always = {"time", "message", "toolname"}
        permitted = PERMITTED_FIELDS[attrs["toolname"]]
        foreign = sorted(set(attrs) - always - permitted)
        if foreign:
            text = _("The tool {tool} does not log this").format(tool=attrs["toolname"])
            raise serializers.ValidationError(dict.fromkeys(foreign, text))
        return attrs
