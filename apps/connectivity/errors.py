"""What can go wrong between a unit and us."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.core.errors import Invalid, NotFound, Unauthenticated


class SignatureRefused(Unauthenticated):
    """A unit's request that is not accepted as its own.

    `reason` goes to the log and never into the answer: a forger learns nothing from it.
    """

    headers = {"WWW-Authenticate": "Device"}

    def __init__(self, reason: str) -> None:
        super().__init__(_("The signature of this request is invalid or not present"))
        self.reason = reason


class ReportRefused(Unauthenticated):
    """A delivery report that is not accepted as the gateway's; `reason` is for the log alone."""

    headers = {"WWW-Authenticate": "Webhook"}

    def __init__(self, reason: str) -> None:
        super().__init__(_("The signature of this request is invalid or not present"))
        self.reason = reason


class CannotBeWoken(Invalid):
    """A unit that would not hear a wake-up, or not understand it; the message says why."""


class UnknownMessage(NotFound):
    """A delivery report speaks of a message that this program did not send."""

    def __init__(self) -> None:
        super().__init__(_("No SMS with this reference was sent from here"))
