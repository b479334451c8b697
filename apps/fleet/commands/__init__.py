"""Every command that many units take, as a table of data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from apps.fleet.commands import life, owners, settings, software, switches, wakeups
from apps.fleet.commands.command import Command, Order, Parameters

__all__ = ["COMMANDS", "Command", "Order", "Parameters"]

COMMANDS: Final[Mapping[str, Command]] = {
    command.name.value: command
    for module in (switches, life, owners, software, settings, wakeups)
    for command in module.COMMANDS
}
