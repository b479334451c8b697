"""What can go wrong with units, in words a caller can act on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.core.errors import Invalid, NotFound


class UnknownProduct(NotFound):
    """No unit has this IMEI."""


class UnitTerminated(Invalid):
    """A unit at the end of its life is asked to do something: it is heard no more."""

    def __init__(self, product_imei: str) -> None:
        super().__init__(
            _(
                "Product #{imei} is TERMINATED: it is out of the system and can be asked for "
                "nothing more"
            ).format(imei=product_imei)
        )


class IllegalTransition(Invalid):
    """A unit is to move to a stage of its life that may not follow the one it is in."""

    def __init__(self, current: int, new: int) -> None:
        text = _("A unit may not transition from state '{current}' to state '{new}'").format(
            current=int(current), new=int(new)
        )
        # The reference's sentence begins with a space, and other programs compare it whole.
        super().__init__({"state_transition": f" {text}"})
