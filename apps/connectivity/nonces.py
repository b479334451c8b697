"""Nonces: what makes a request of a unit usable once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitNonce(models.Model):
    """One nonce that one unit has used, kept for as long as its request could be sent again.

    Bookkeeping of the protocol, not a record of the reference: the API does not serve it. A row is
    written in the transaction of the request it belongs to, so a request that fails leaves none.
    """

    imei = models.CharField(_("IMEI"), max_length=15)
    nonce = models.CharField(_("nonce"), max_length=32)
    seen_at = models.DateTimeField(_("seen"), db_index=True)

    class Meta:
        app_label = "connectivity"
        db_table = "unit_nonce"
        verbose_name = _("nonce of a unit")
        verbose_name_plural = _("nonces of units")
        constraints = [
            models.UniqueConstraint(fields=["imei", "nonce"], name="unit_nonce_once"),
        ]

    def __str__(self) -> str:
        return f"{self.imei} {self.nonce}"
