"""The tools that upload logs, and what each may say. Reference: "/upload_tool_log"."""

from __future__ import annotations

from types import MappingProxyType

_EVERY_TOOL = frozenset({"machine_id", "user", "software_version", "passed", "serial_number"})
_REGISTRATION = _EVERY_TOOL | {"hostname", "product_imei"}

# Beside time, message and toolname, which every entry has.
PERMITTED_FIELDS = MappingProxyType(
    {
        "tiger_test_jig_production": _EVERY_TOOL | {"jig_id"},
        "tiger_test_jig_repair": _EVERY_TOOL | {"jig_id", "product_imei", "count"},
        "koala_test_jig_production": _EVERY_TOOL
        | {"jig_id", "product_imei", "hostname", "control_board_revision"},
        "bpower20_registration_production": _REGISTRATION,
        "bpower50_registration_production": _REGISTRATION,
    }
)

# What tells where an entry comes from; everything else is what it says.
TAGS = ("jig_id", "machine_id", "hostname", "user")
