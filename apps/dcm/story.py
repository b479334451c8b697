"""What device credit tells of a unit: what it has left, and what was added or taken."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from apps.core.stories import Card, Event, Fact, Tone, card, events
from apps.core.wording import span
from apps.dcm.models import Balance, FinalBalance, PaymentCategory, PaymentCommand
from apps.dcm.selectors import PENDING
from apps.products.models import Product


def statement_url(imei: str) -> str:
    """The page that lists every change of a unit's credit."""
    return reverse("admin:dcm_paymentcommand_statement", args=(imei,))


@card(order=20, table="balance")
def credit(imei: str) -> Card:
    """What the unit last said it has left, when that ends, and what it has yet to book."""
    counts_itself = Product.objects.values_list("dcm_enabled_flag", flat=True).get(pk=imei)
    facts = []
    row = Balance.objects.filter(product_id=imei).values_list("balance", "expected_expiry").first()
    if row is not None:
        seconds, expiry = row
        now = timezone.now()
        left = min(seconds, int((expiry - now).total_seconds())) if seconds else 0
        tone: Tone = "bad" if left <= 0 else "warn" if left < 3 * 86_400 else "good"
        shown = span(left) if left > 0 else _("none left")
        facts.append(Fact(_("Left now"), shown, tone=tone))
        facts.append(Fact(_("Runs out") if left > 0 else _("Ran out"), "", when=expiry))
    waiting = PaymentCommand.objects.filter(
        Q(status=PENDING) | Q(status__isnull=True), product_id=imei, void=False
    ).count()
    if waiting:
        text = ngettext("{n} command", "{n} commands", waiting).format(n=waiting)
        facts.append(Fact(_("To be booked"), text, tone="warn"))
    return Card(
        _("Credit"),
        "payments",
        tuple(facts),
        statement_url(imei),
        _("Statement"),
        _("The unit has not said yet what it has left.")
        if counts_itself
        else _("This unit does not count credit itself."),
    )


@events(order=30, kind="credit", label=lazy("Credit"), table="payment_command")
def payments(imei: str, limit: int) -> list[Event]:
    rows = PaymentCommand.objects.filter(product_id=imei).order_by("-created_at", "-pk")
    columns = ("created_at", "category", "value", "void", "status", "transaction_id", "created_by")
    return [_payment(*row) for row in rows.values_list(*columns)[:limit]]


def _payment(
    when: object,
    category: str,
    value: int,
    void: bool,
    status: str | None,
    transaction: str,
    by: str | None,
) -> Event:
    titles = {
        PaymentCategory.PAYMENT: _("Credit added: {length}"),
        PaymentCategory.BAD_PAYMENT: _("Credit taken back: {length}"),
        PaymentCategory.ZERO_COMMAND: _("Credit set to zero"),
        PaymentCategory.FORCE_RESET: _("Credit reset"),
    }
    title = titles.get(PaymentCategory(category), category).format(length=span(abs(value)))
    waits = status in (None, PENDING)
    state = _("void") if void else _("waiting for the unit") if waits else _("booked by the unit")
    tone: Tone = "" if void else "warn" if waits else "good"
    detail = f"{state.capitalize()} · {transaction}"
    return Event(when, title, detail, by or "", "payments", tone)  # type: ignore[arg-type]


@events(order=30, kind="credit", label=lazy("Credit"), table="final_balance")
def final_balances(imei: str, limit: int) -> list[Event]:
    rows = FinalBalance.objects.filter(product_id=imei).order_by("-created_at", "-pk")
    return [
        Event(
            when,
            _("The unit carried out a zero command"),
            _("It had {length} left").format(length=span(left)),
            icon="money_off",
            tone="info",
        )
        for when, left in rows.values_list("created_at", "final_balance")[:limit]
    ]
