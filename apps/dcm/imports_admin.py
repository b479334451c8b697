"""The pages of payments from a file: send it, see what would happen, confirm, see the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from apps.core.adminpages.callers import caller_of
from apps.core.adminpages.export import csv_file, harmless
from apps.core.errors import DomainError
from apps.core.levels import Level
from apps.dcm import tasks
from apps.dcm.amounts import exactly
from apps.dcm.import_files import MOST_BYTES, MOST_LINES
from apps.dcm.models import CreditImport
from apps.dcm.services import imports
from apps.dcm.services.imports import Fate, Verdict

# Lines on the page; all are in the file of the result.
_MOST_SHOWN: Final = 200
_COLUMNS: Final = (
    *("line", "transaction_id", "serial_number", "product_imei", "seconds", "reference"),
    *("result", "reason"),
)


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=lazy("CSV file"),
        widget=forms.ClearableFileInput(attrs={"class": "so-input", "accept": ".csv,text/csv"}),
    )


class ImportPages:
    """The pages, for callers of level ADMIN."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[str, Any]] = {
            "import": ("import/", self.send_view),
            "import_look": ("import/<int:number>/", self.look_view),
            "import_confirm": ("import/<int:number>/confirm/", self.confirm_view),
            "import_result": ("import/<int:number>/result/", self.result_view),
        }
        return [
            path(route, self.site.admin_view(view), name=f"dcm_paymentcommand_{name}")
            for name, (route, view) in pages.items()
        ]

    def send_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file, and show what would come of it."""
        if not may_import(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        posted = request.method == "POST"
        form = FileForm(request.POST, request.FILES) if posted else FileForm()
        if posted and form.is_valid():
            sent = form.cleaned_data["file"]
            try:
                # One byte more than allowed tells that it is too long.
                row = imports.preview(
                    raw=sent.read(MOST_BYTES + 1), file_name=sent.name, caller=caller_of(request)
                )
                return HttpResponseRedirect(import_url(row.pk))
            except DomainError as error:
                form.add_error("file", imports.sentence(error))
        context = {
            "title": _("Payments from a file"),
            "form": form,
            "most_lines": MOST_LINES,
            "most_megabytes": MOST_BYTES // 1024**2,
        }
        return self._page(request, "dcm/import.html", context, 400 if form.errors else 200)

    def look_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """What would happen, or has happened, to each line."""
        row = self._found(request, number)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        caller = caller_of(request)
        verdicts = list(imports.results(row=row, caller=caller))
        counts = Counter(verdict.fate for verdict in verdicts)
        # What is wrong first: that is what there is to do.
        first = sorted(verdicts, key=lambda verdict: verdict.fate is not Fate.REFUSED)
        context = {
            "title": _("Payments from {file}").format(file=row.file_name),
            "row": row,
            "to_book": counts[Fate.TO_BOOK],
            "booked": counts[Fate.BOOKED],
            "refused": counts[Fate.REFUSED],
            "amount": exactly(_seconds(verdicts, Fate.TO_BOOK)),
            "shown": [
                (verdict, exactly(verdict.line.seconds) if verdict.line.seconds else "–")
                for verdict in islice(first, _MOST_SHOWN)
            ],
            "more": max(0, len(verdicts) - _MOST_SHOWN),
            "may_confirm": row.confirmed_at is None
            and row.user_id == caller.user_id
            and not counts[Fate.REFUSED]
            and counts[Fate.TO_BOOK],
        }
        return self._page(request, "dcm/import_look.html", context)

    def confirm_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Let the payments be booked, then show the file again."""
        self._found(request, number)
        if request.method == "POST":
            try:
                if imports.confirm(import_id=number, caller=caller_of(request)):
                    tasks.start_credit_import(number)
                    messages.success(request, _("The payments are being booked."))
                else:
                    messages.info(request, _("This was confirmed before."))
            except DomainError as error:
                messages.error(request, imports.sentence(error))
        return HttpResponseRedirect(import_url(number))

    def result_view(self, request: HttpRequest, number: int) -> HttpResponse | Any:
        """Every line with what became of it, as CSV."""
        row = self._found(request, number)
        verdicts = imports.results(row=row, caller=caller_of(request))
        return csv_file(f"payments-{row.pk}", _COLUMNS, _cells(verdicts))

    def _found(self, request: HttpRequest, number: int) -> CreditImport:
        try:
            return imports.found_import(import_id=number, caller=caller_of(request))
        except DomainError as error:
            if error.status == 403:
                raise PermissionDenied from error
            raise Http404 from error

    def _page(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        own = {"subtitle": None, "content_title": context["title"], **context}
        return TemplateResponse(
            request, template, {**self.site.each_context(request), **own}, status=status
        )


def may_import(request: HttpRequest) -> bool:
    """Whether the person may book payments from a file, as `add_payment_command` asks."""
    return caller_of(request).level >= Level.ADMIN


def import_url(number: int) -> str:
    """The page of one file."""
    return reverse("admin:dcm_paymentcommand_import_look", args=(number,))


def _seconds(verdicts: list[Verdict], fate: Fate) -> int:
    return sum(verdict.line.seconds for verdict in verdicts if verdict.fate is fate)


def _cells(verdicts: Iterator[Verdict]) -> Iterator[list[Any]]:
    for verdict in verdicts:
        line = verdict.line
        texts = (
            line.transaction_id,
            verdict.serial_number or line.serial_number,
            verdict.product_imei or line.product_imei,
        )
        yield [
            line.number,
            *(harmless(text) for text in texts),
            line.seconds or "",
            harmless(line.reference),
            verdict.fate.value,
            verdict.reason,
        ]
