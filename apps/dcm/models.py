"""Device credit: what units were sent, and what they say they have left."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record


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


class DurationPaymentToken(Record):
    """One keypad token that was turned into credit and must not be used again."""

    token = models.CharField(_("token"), max_length=24, primary_key=True)

    class Meta:
        db_table = "duration_payment_token"
        verbose_name = _("duration payment token")
        verbose_name_plural = _("duration payment tokens")

    def __str__(self) -> str:
        return self.token


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


class CreditImport(models.Model):
    """One file of payments: a preview until somebody confirms it, then booked piece by piece.

    `text` is the file. `position` counts the lines that were gone through; `refused` holds the
    number of each that could not be booked after all, and why. What was booked, the ledger says.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    text = models.TextField()
    total = models.PositiveIntegerField()
    position = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "credit_import"
        indexes = [
            models.Index(
                fields=["id"],
                name="credit_import_open",
                condition=models.Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.file_name}"


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
