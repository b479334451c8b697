"""What can be wrong with a command to many units, in words a caller can act on."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.core.errors import Invalid

_NAMED = 10


class NoUnits(Invalid):
    """A selection that no unit in the caller's scope meets."""

    def __init__(self, part: str) -> None:
        super().__init__({part: _("No unit matches: there is nothing to do")})


class UnknownUnits(Invalid):
    """IMEIs of no unit, or of units the caller may not know of: the same words for both."""

    def __init__(self, imeis: Sequence[str]) -> None:
        names = ", ".join(imeis[:_NAMED])
        text = (
            _("No unit has the IMEI {names}")
            if len(imeis) == 1
            else _("No units have these IMEIs, {count} in all: {names}")
        )
        super().__init__({"product_imeis": text.format(names=names, count=len(imeis))})


class TooManyUnits(Invalid):
    """A selection beyond what one command may touch."""

    def __init__(self, part: str, most: int) -> None:
        text = _("One command takes at most {most} units; narrow the selection")
        super().__init__({part: text.format(most=f"{most:,}")})


class ReferenceTaken(Invalid):
    """A reference that the caller gave to another command before."""

    def __init__(self, command_id: int) -> None:
        text = _("You gave this reference to another command, number {number}")
        super().__init__({"reference": text.format(number=command_id)})


class WrongMoment(Invalid):
    """A command is not where this step begins."""
