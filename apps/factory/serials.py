"""Serial numbers of units: a prefix for the family, a running number, a check character.

HB000501-084031-R: the check character is that of ISO 7064, MOD 37,36, over the letters and digits
before it. It gives away every single wrong character and every swap of neighbours. Numbers that
were printed before this system came bear check characters of another kind.
"""

from __future__ import annotations

from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODULUS: Final = len(_ALPHABET)
_DIGITS: Final = 6


def check_character(text: str) -> str:
    """The character that completes `text` (letters A-Z, digits; hyphens do not count)."""
    rest = _MODULUS
    for character in text.replace("-", ""):
        rest = (rest + _ALPHABET.index(character)) % _MODULUS or _MODULUS
        rest = rest * 2 % (_MODULUS + 1)
    return _ALPHABET[(_MODULUS + 1 - rest) % _MODULUS]


def serial_number(prefix: str, number: int) -> str:
    """The serial number of the unit with a running number, at least six digits long."""
    body = f"{prefix}-{number:0{_DIGITS}d}"
    return f"{body}-{check_character(body)}"


def has_good_check(text: str) -> bool:
    """Whether a serial number ends with the check character that belongs to it."""
    body, _hyphen, check = text.upper().rpartition("-")
    known = bool(body) and all(c in _ALPHABET for c in body.replace("-", ""))
    return known and check == check_character(body)
