"""What device credit has to do with a unit being off."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.causes import Cause, Role, cause
from apps.core.stories import Fact, rows_of
from apps.core.wording import ago, span
from apps.dcm.models import Balance, PaymentCategory, PaymentCommand
from apps.dcm.selectors import PENDING
from apps.products.models import Product

# From here on somebody should think of the next payment.
_SOON = dt.timedelta(days=1)


@cause(order=50, table="balance")
def credit(unit: Product) -> Cause | None:
    """Credit that ran out, or is about to, on a unit that counts its credit and is not paid off."""
    if not unit.dcm_enabled_flag or not unit.is_payg:
        return None
    row = Balance.objects.filter(product=unit).values_list("balance", "expected_expiry").first()
    if row is None:
        return None
    seconds, expiry = row
    now = timezone.now()
    if seconds <= 0 or expiry <= now:
        return _ran_out(unit, expiry, *_to_be_booked(unit))
    return _runs_out(unit, expiry) if expiry - now <= _SOON else None


def _to_be_booked(unit: Product) -> tuple[int, int, dt.datetime | None]:
    """Payments that the unit has yet to book: how many, of how many seconds, the newest since."""
    waiting = PaymentCommand.objects.filter(
        product=unit, status=PENDING, void=False, category=PaymentCategory.PAYMENT
    ).aggregate(n=Count("pk"), seconds=Sum("value"), newest=Max("created_at"))
    return waiting["n"], waiting["seconds"] or 0, waiting["newest"]


def _ran_out(
    unit: Product, expiry: dt.datetime, count: int, seconds: int, newest: dt.datetime | None
) -> Cause:
    facts = [Fact(_("Ran out"), "", when=expiry)]
    if count:
        text = ngettext(
            "Its credit ran out {when}; a payment of {length} waits for it to be heard.",
            "Its credit ran out {when}; {n} payments of {length} in all wait for it to be heard.",
            count,
        )
        facts.append(Fact(_("Paid"), "", when=newest))
    else:
        text = _("Its credit ran out {when}, and no payment has come in since.")
    return Cause(
        key="credit_ran_out",
        means_off=True,
        sentence=text.format(when=ago(expiry), length=span(seconds), n=count),
        tone="warn" if count else "bad",
        icon="payments",
        facts=tuple(facts),
        url=rows_of(PaymentCommand, unit.pk),
        link=_("All payments"),
    )


def _runs_out(unit: Product, expiry: dt.datetime) -> Cause:
    text = _("Its credit runs out {when}.")
    return Cause(
        key="credit_runs_out",
        sentence=text.format(when=ago(expiry)),
        role=Role.REMARK,
        tone="warn",
        icon="payments",
        url=rows_of(PaymentCommand, unit.pk),
        link=_("All payments"),
    )
