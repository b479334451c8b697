"""Device credit: what units were sent, and what they say they have left."""

from apps.dcm.models.balance import Balance, CreditDrift, CreditReminder
from apps.dcm.models.files import CreditImport, DurationPaymentToken
from apps.dcm.models.ledger import (
    LONGEST_REASON,
    FinalBalance,
    ForceReset,
    LateReceipt,
    PaymentCategory,
    PaymentCommand,
    PaymentReason,
    PaymentStatus,
)

__all__ = [
    "LONGEST_REASON",
    "Balance",
    "CreditDrift",
    "CreditImport",
    "CreditReminder",
    "DurationPaymentToken",
    "FinalBalance",
    "ForceReset",
    "LateReceipt",
    "PaymentCategory",
    "PaymentCommand",
    "PaymentReason",
    "PaymentStatus",
]
