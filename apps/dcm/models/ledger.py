"""The ledger: what units were sent, and what is written of each command."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record

# Characters in what somebody says of a command.
LONGEST_REASON: Final = 1_000


class PaymentCategory(models.TextChoices):
    """What a payment command does to the credit of a unit."""

    PAYMENT = "payment", _("payment")
    BAD_PAYMENT = "bad-payment", _("bad payment")
    ZERO_COMMAND = "zero-command", _("zero command")
    FORCE_RESET = "force-reset", _("force reset")


class PaymentStatus(models.TextChoices):
    """Whether the unit has said that it has a payment command."""

    PENDING = "pending", _("pending")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")


class PaymentCommand(Record):
    """One change of a unit's credit, in seconds, sent to it until it says it has it.

    Void commands no longer count: the unit was set to zero after them. A row knows two transitions,
    acknowledge and void; the database refuses every other change (`apps.dcm.guards`).
    """

    payment_command_id = models.BigAutoField(_("payment command ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="payment_command",
        db_index=False,  # the composite index begins with it
        verbose_name=_("product"),
    )
    value = models.IntegerField(_("seconds"))
    category = models.CharField(_("category"), max_length=255, choices=PaymentCategory.choices)
    void = models.BooleanField(_("void"), default=False)
    # Nullable as the API describes it; the constraint below wants one all the same.
    status = models.CharField(
        _("status"),
        max_length=255,
        choices=PaymentStatus.choices,
        default=PaymentStatus.PENDING,
        null=True,
        blank=True,
    )
    transaction_id = models.CharField(_("transaction ID"), max_length=255, unique=True)

    class Meta:
        db_table = "payment_command"
        verbose_name = _("payment command")
        verbose_name_plural = _("payment commands")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(category=PaymentCategory.PAYMENT, value__gt=0)
                | models.Q(category=PaymentCategory.BAD_PAYMENT, value__lt=0)
                | models.Q(
                    category__in=[PaymentCategory.ZERO_COMMAND, PaymentCategory.FORCE_RESET],
                    value=0,
                ),
                name="payment_command_value_fits_category",
                violation_error_message=_(
                    "A payment is more than 0, a bad payment less, a zero command or reset is 0."
                ),
            ),
            # A row of no status would never be offered to its unit.
            models.CheckConstraint(
                condition=models.Q(status__isnull=False, status__in=PaymentStatus.values),
                name="payment_command_status_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "status", "payment_command_id"], name="payment_product_status"
            ),
            models.Index(
                fields=["created_at"],
                name="payment_waiting",
                condition=models.Q(status=PaymentStatus.PENDING, void=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transaction_id} ({self.category} {self.value})"


class FinalBalance(Record):
    """What one unit had left, in seconds, when it carried out one zero command."""

    final_balance_id = models.BigAutoField(_("final balance ID"), primary_key=True)
    product = models.ForeignKey(
        "products.Product",
        on_delete=models.PROTECT,
        db_column="product_imei",
        related_name="final_balance",
        verbose_name=_("product"),
    )
    final_balance = models.BigIntegerField(_("final balance in seconds"))
    total_added = models.BigIntegerField(_("total added in seconds"))
    zero_command = models.ForeignKey(
        "dcm.PaymentCommand",
        on_delete=models.PROTECT,
        related_name="final_balance",
        db_index=False,  # the unique constraint below is its index
        verbose_name=_("zero command"),
    )
    status = models.CharField(_("status"), max_length=255, null=True, blank=True)

    class Meta:
        db_table = "final_balance"
        verbose_name = _("final balance")
        verbose_name_plural = _("final balances")
        constraints = [
            # A unit that heard no answer reports its final balance again.
            models.UniqueConstraint(fields=["zero_command"], name="final_balance_one_per_zero"),
            models.CheckConstraint(
                condition=models.Q(final_balance__gte=0), name="final_balance_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.final_balance}"


class ForceReset(models.Model):
    """What one force-reset gave back, in seconds, as its answer said; None was never reported."""

    command = models.OneToOneField(
        PaymentCommand, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    outstanding_payments = models.BigIntegerField()
    last_known_balance = models.BigIntegerField(null=True)

    class Meta:
        db_table = "force_reset"

    def __str__(self) -> str:
        return f"{self.command_id}: {self.outstanding_payments} + {self.last_known_balance}"


class LateReceipt(models.Model):
    """A unit says it has a command that was void before: credit given back, and booked as well.

    `value` is what the unit had left, in seconds, where the command is a zero command.
    """

    command = models.OneToOneField(
        PaymentCommand, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    value = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "late_receipt"

    def __str__(self) -> str:
        return f"{self.command_id} at {self.at}"


class PaymentReason(models.Model):
    """Why one command was given, in the words of who gave it: for whoever reads the statement."""

    command = models.OneToOneField(
        PaymentCommand, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    reason = models.CharField(max_length=LONGEST_REASON)

    class Meta:
        db_table = "payment_reason"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="payment_reason_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.command_id}: {self.reason}"
