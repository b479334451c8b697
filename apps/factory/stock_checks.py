"""The seven checks of a Home 2 before it leaves the stock, judged from what the system knows.

Each check is a column of home2_stock_preparation_tracking. Six are true where the unit passed;
`contact_support` is true where support must be asked, which is where the unit did not pass it.
Reference: "Home2 Stock Preparation Tracking", which names the columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.factory.models import Home2StockPreparationTracking
from apps.factory.selectors import Evidence
from apps.products.models import EnableState

# Units report every four hours; one that was not heard of for a day does not.
RECENT = timedelta(hours=24)
# How long a battery keeps most of its charge on the shelf.
CHARGE_KEEPS = timedelta(days=90)
IN_STOCK = ("STORED", "SHIPPED")
SUPPORT = "contact_support"

# The columns in the order in which people see to them: what is said of a unit that passed, and of
# one that did not.
TITLES = MappingProxyType(
    {
        "activated": (lazy("Activated"), lazy("Not activated")),
        "software_updated": (lazy("Software up to date"), lazy("Software out of date")),
        "temperature_check": (lazy("Temperature sensor good"), lazy("Temperature sensor in doubt")),
        "battery_charged": (lazy("Battery charged"), lazy("Battery in doubt")),
        "recent_data": (lazy("Heard of today"), lazy("Not heard of today")),
        "online_disable": (lazy("Disabled online"), lazy("Not disabled online")),
        SUPPORT: (lazy("No case for support"), lazy("Contact support")),
    }
)

_PASSED = ("pass", "passed")


@dataclass(frozen=True)
class StockCheck:
    """One check: what was found, when that was, and what to do where it did not pass."""

    column: str
    passed: bool
    found: str
    advice: str = ""
    when: datetime | None = None

    @property
    def title(self) -> Any:
        return _title(self.column, self.passed)

    @property
    def recorded(self) -> bool:
        """What the column says."""
        return self.passed != (self.column == SUPPORT)


def judge(evidence: Evidence, now: datetime) -> list[StockCheck]:
    """The seven checks, in the order of the columns."""
    return [
        _activated(evidence),
        _software_updated(evidence),
        _temperature_check(evidence),
        _battery_charged(evidence, now),
        _recent_data(evidence, now),
        _online_disable(evidence),
        _contact_support(evidence),
    ]


def not_passed(row: Home2StockPreparationTracking) -> list[Any]:
    """What a recorded check has against its unit, in words."""
    return [
        _title(column, False) for column in TITLES if getattr(row, column) is (column == SUPPORT)
    ]


def _title(column: str, passed: bool) -> Any:
    good, bad = TITLES[column]
    return good if passed else bad


def _activated(evidence: Evidence) -> StockCheck:
    if evidence.heard_at is not None:
        return StockCheck("activated", True, _("It has made contact: its SIM is active."))
    found = _("It has never made contact.")
    advice = _(
        "Take it outdoors, switch it on by its button and wait ten minutes. If it still is not"
        " heard of, its SIM may not be active: contact support."
    )
    return StockCheck("activated", False, found, advice)


def _software_updated(evidence: Evidence) -> StockCheck:
    running, wanted = evidence.running, evidence.wanted
    if running is None:
        found, passed = _("It has not said yet which software it runs."), False
    elif wanted in (None, running):
        found, passed = _("It runs {version}.").format(version=running), True
    else:
        text = _("It runs {running} and should run {wanted}.")
        found, passed = text.format(running=running, wanted=wanted), False
    advice = _(
        "Leave it switched on where it has signal. It loads the software at its next contacts;"
        " check it again tomorrow."
    )
    return StockCheck("software_updated", passed, found, "" if passed else advice)


def _temperature_check(evidence: Evidence) -> StockCheck:
    column, jig = "temperature_check", evidence.jig
    if jig is None:
        return StockCheck(
            column, False, _("No run on a test jig is recorded."), _("Test it on a jig.")
        )
    verdict = measured(jig.results, "temp")
    if verdict is None:
        # The jig as a whole judges what it measured without saying so.
        passed = jig.passed
        found = _("It passed the test jig.") if passed else _("It failed the test jig.")
    else:
        passed = verdict
        found = (
            _("The test jig found its temperature sensor good.")
            if passed
            else _("The test jig found its temperature sensor faulty.")
        )
    advice = "" if passed else _("Have it repaired and tested again.")
    return StockCheck(column, passed, found, advice, jig.created_at)


def _battery_charged(evidence: Evidence, now: datetime) -> StockCheck:
    known = _battery_verdict(evidence)
    passed = False
    if known is None:
        found, when = _("No test of its battery is recorded."), None
    else:
        good, when = known
        passed = good and when >= now - CHARGE_KEEPS
        if passed:
            found = _("Its battery passed its last test.")
        elif good:
            found = _("Its battery passed its last test, but too long ago.")
        else:
            found = _("Its battery failed its last test.")
    advice = "" if passed else _("Charge the battery fully and test it again.")
    return StockCheck("battery_charged", passed, found, advice, when)


def _battery_verdict(evidence: Evidence) -> tuple[bool, datetime] | None:
    """Whether the battery passed, and when: by its own newest test, else by the test jig."""
    test, jig = evidence.battery, evidence.jig
    if test is not None:
        return test.result.strip().lower() in _PASSED and not test.problem, test.created_at
    verdict = measured(jig.results, "batt") if jig is not None else None
    return None if jig is None or verdict is None else (verdict, jig.created_at)


def _recent_data(evidence: Evidence, now: datetime) -> StockCheck:
    heard_at = evidence.heard_at
    passed = heard_at is not None and heard_at >= now - RECENT
    if passed:
        found, advice = _("It was heard of in the last 24 hours."), ""
    else:
        found = _("It was not heard of in the last 24 hours.")
        advice = _("Switch it on where it has signal and wait for its contact, up to four hours.")
    return StockCheck("recent_data", passed, found, advice, heard_at)


def _online_disable(evidence: Evidence) -> StockCheck:
    column, switch = "online_disable", evidence.switch
    if switch is EnableState.DISABLED:
        return StockCheck(column, True, _("It was switched off from here and confirmed it."))
    if switch is EnableState.PENDING_DISABLED:
        found = _("It was asked to switch off and was not heard of since.")
        advice = _("Wait for its next contact, up to four hours, and check again.")
        return StockCheck(column, False, found, advice)
    found = (
        _("It was never switched off from here.")
        if switch is EnableState.INIT
        else _("It is on, or is to be on.")
    )
    advice = _("Disable it on its page, wait for its next contact, and check again.")
    return StockCheck(column, False, found, advice)


def _contact_support(evidence: Evidence) -> StockCheck:
    reasons = list(_against(evidence))
    if not reasons:
        return StockCheck(SUPPORT, True, _("Nothing else is known against it."))
    advice = _("Keep the unit back and contact support with its serial number.")
    return StockCheck(SUPPORT, False, " ".join(reasons), advice)


def _against(evidence: Evidence) -> Iterator[str]:
    """What nobody in the stock can put right."""
    if evidence.stage is None:
        yield _("Its state is not known.")
    elif evidence.stage not in IN_STOCK:
        yield _("Its state is {state}: it is not in stock.").format(state=evidence.stage)
    if evidence.jig is not None and not evidence.jig.passed:
        yield _("It failed its last run on a test jig.")


def measured(results: Any, word: str) -> bool | None:
    """What a jig says of the measurements whose name contains `word`: whether all of them passed.

    {"battery": {"value": 6.6, "pass": true}}; None where no such measurement has a verdict.
    """
    if not isinstance(results, dict):
        return None
    verdicts = [
        measurement["pass"]
        for name, measurement in results.items()
        if word in name.lower()
        and isinstance(measurement, dict)
        and isinstance(measurement.get("pass"), bool)
    ]
    return all(verdicts) if verdicts else None
