"""What can go wrong between a unit and us."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.core.errors import Unauthenticated


class SignatureRefused(Unauthenticated):
    """A unit's request that is not accepted as its own.

    `reason` goes to the log and never into the answer: a forger learns nothing from it.
    """

    headers = {"WWW-Authenticate": "Device"}

    def __init__(self, reason: str) -> None:
        super().__init__(_("The signature of this request is invalid or not present"))
        self.reason = reason
