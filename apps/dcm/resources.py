"""Device credit, as served: credit is changed by the actions on a unit alone."""

from apps.core.levels import CLOSED, READ_ONLY
from apps.core.resources import Resource, register
from apps.core.scope import HIDDEN, via_product
from apps.dcm import models

UNIT = ("product__serial_number", "product__product_imei")

register(
    Resource(
        model=models.PaymentCommand,
        path="payment_commands",
        levels=READ_ONLY,
        scope=via_product(),
        audited=False,
        listed=(
            "product",
            "category",
            "value",
            "status",
            "void",
            "transaction_id",
            "created_at",
        ),
        search=(*UNIT, "transaction_id"),
        filters=("category", "status", "void"),
    ),
    Resource(
        model=models.Balance,
        path="balances",
        levels=READ_ONLY,
        scope=via_product(),
        audited=False,
        listed=("product", "balance", "expected_expiry", "modified_at"),
        search=UNIT,
    ),
    Resource(
        model=models.FinalBalance,
        path="final_balances",
        levels=READ_ONLY,
        scope=via_product(),
        audited=False,
        listed=("product", "final_balance", "total_added", "status", "created_at"),
        search=(*UNIT, "zero_command__transaction_id"),
        filters=("status",),
    ),
    Resource(
        model=models.DurationPaymentToken,
        path="duration_payment_tokens",
        levels=CLOSED,
        scope=HIDDEN,
        audited=False,
        listed=("token", "created_at", "created_by"),
        search=("token",),
    ),
)
