"""What units say they have left, and what follows from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


class Balance(Record):
    """What one unit last said of the credit it has left, in seconds, and when that runs out."""

    balance_id = models.BigAutoField(_("balance ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="balance",
        db_index=False,  # the unique constraint below is its index
        verbose_name=_("product"),
    )
    # Payments of up to 2³¹ seconds each add up to more than an integer column holds.
    balance = models.BigIntegerField(_("balance in seconds"))
    expected_expiry = models.DateTimeField(_("expected expiry"))

    class Meta:
        db_table = "balance"
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints = [
            models.UniqueConstraint(fields=["product"], name="balance_one_per_product"),
            models.CheckConstraint(
                condition=models.Q(balance__gte=0), name="balance_balance_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.balance}"


class CreditReminder(models.Model):
    """When others were last told that commands wait for a silent unit.

    `times` counts since the unit was last heard; it is not told again before `due_at`, unless the
    unit was heard meanwhile.
    """

    product = models.OneToOneField(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        primary_key=True,
        related_name="+",
    )
    told_at = models.DateTimeField()
    due_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "credit_reminder"

    def __str__(self) -> str:
        return f"{self.product_id} at {self.told_at}"


class CreditDrift(models.Model):
    """A unit whose report lies outside of what the ledger allows; one row as long as it does.

    `balance` is what it said at `reported_at`, in seconds; `lowest` and `highest` what it could
    have left by the ledger.
    """

    product = models.OneToOneField(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        primary_key=True,
        related_name="+",
    )
    balance = models.BigIntegerField()
    lowest = models.BigIntegerField()
    highest = models.BigIntegerField()
    # Above 0: the unit has more than the ledger allows; below: less.
    drift = models.BigIntegerField()
    reported_at = models.DateTimeField()
    since = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "credit_drift"

    def __str__(self) -> str:
        return f"{self.product_id}: {self.drift}"
