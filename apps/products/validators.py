"""Identifiers a client sends, each in the one form that is stored.

The patterns name ASCII digits: `\\d` would let full-width digits through, `$` a final newline.
"""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_imei = RegexValidator(r"\A[0-9]{15}\Z", _("An IMEI is 15 digits."), "invalid_imei")
validate_imsi = RegexValidator(
    r"\A[0-9]{14,15}\Z", _("An IMSI is 14 or 15 digits."), "invalid_imsi"
)
validate_iccid = RegexValidator(
    r"\A[0-9]{18,22}\Z", _("An ICCID is 18 to 22 digits."), "invalid_iccid"
)
validate_device_key = RegexValidator(
    r"\A[0-9a-fA-F]{24}\Z", _("A device key is 24 hexadecimal characters."), "invalid_device_key"
)
