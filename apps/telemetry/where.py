"""The `where` of a question: a small language, read into conditions that are safe to ask.

    condition   = all { OR all }
    all         = one { AND one }
    one         = "(" condition ")" | name operator value | number operator name
    operator    = "=" | "!=" | "<>" | "<" | "<=" | ">" | ">="
    name        = bare | "'" any "'" | '"' any '"'
    value       = number | TRUE | FALSE | "'" text "'" | '"' text '"'

A bare name has letters, digits, `_` and `.`, and begins with a letter or `_`; any other stands in
quotes. Names are then held to the store's allow-list, and values stay values: nothing of the text
reaches a store as text. Reference: "Product Data", Reading data for a Product.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from math import isfinite
from typing import NoReturn

from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.telemetry.store.queries import (
    DEEPEST_CONDITION,
    MOST_CONDITIONS,
    And,
    Compare,
    Condition,
    Op,
    Or,
)
from apps.telemetry.store.series import Value

LONGEST = 2_000

_TOKEN = re.compile(
    r"""(?P<quoted>'(?:[^'\\\0\ud800-\udfff]|\\[^\0\ud800-\udfff])*'
                 |"(?:[^"\\\0\ud800-\udfff]|\\[^\0\ud800-\udfff])*")
      | (?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?(?![\w.]))
      | (?P<operator><=|>=|<>|!=|=|<|>)
      | (?P<bracket>[()])
      | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_OPERATORS = {"<>": Op.NE, **{op.value: op for op in Op}}
# What `5 < voltage` says of the voltage.
_TURNED = {Op.LT: Op.GT, Op.LE: Op.GE, Op.GT: Op.LT, Op.GE: Op.LE}
_TRUTH = {"true": True, "false": False}
_JOINTS = frozenset({"and", "or"})


class _Sort(Enum):
    QUOTED = "quoted"
    NUMBER = "number"
    OPERATOR = "operator"
    BRACKET = "bracket"
    WORD = "word"
    END = "end"


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the text; `at` counts its first character from 1."""

    sort: _Sort
    text: str
    at: int

    @property
    def lower(self) -> str:
        return self.text.lower() if self.sort is _Sort.WORD else ""


def parse_where(text: str) -> Condition:
    """The condition a `where` says. Raises Invalid, which names the character, for all else."""
    if len(text) > LONGEST:
        raise Invalid({"where": _("at most {n} characters").format(n=LONGEST)})
    return _Parser(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found = []
    at = 0
    while True:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at == len(text):
            found.append(_Token(_Sort.END, "", at + 1))
            return found
        match = _TOKEN.match(text, at)
        if match is None:
            _refuse(_("this cannot be read"), at + 1)
        found.append(_Token(_Sort(match.lastgroup), match[0], at + 1))
        at = match.end()


def _refuse(why: str, at: int) -> NoReturn:
    raise Invalid({"where": _("{why} (at character {at})").format(why=why, at=at)})


class _Parser:
    """Reads tokens by recursive descent; each level of brackets is one level deeper."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.comparisons = 0

    def whole(self) -> Condition:
        condition = self._any(1)
        if self._next.sort is not _Sort.END:
            _refuse(_("AND, OR or the end was expected"), self._next.at)
        return condition

    @property
    def _next(self) -> _Token:
        return self.tokens[self.place]

    def _take(self) -> _Token:
        token = self._next
        if token.sort is not _Sort.END:
            self.place += 1
        return token

    def _any(self, depth: int) -> Condition:
        parts = [self._all(depth)]
        while self._next.lower == "or":
            self._take()
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, depth: int) -> Condition:
        parts = [self._one(depth)]
        while self._next.lower == "and":
            self._take()
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, depth: int) -> Condition:
        token = self._next
        if token.sort is not _Sort.BRACKET or token.text != "(":
            return self._comparison()
        # An Or and an And may stand at each level, a comparison below them: the store counts all.
        if 2 * (depth + 1) + 1 > DEEPEST_CONDITION:
            _refuse(_("the brackets are nested too deeply"), token.at)
        self._take()
        condition = self._any(depth + 1)
        if self._next.text != ")" or self._next.sort is not _Sort.BRACKET:
            _refuse(_("a closing bracket was expected"), self._next.at)
        self._take()
        return condition

    def _comparison(self) -> Compare:
        first = self._take()
        self.comparisons += 1
        if 2 * self.comparisons > MOST_CONDITIONS:
            _refuse(_("these are too many comparisons"), first.at)
        turned = first.sort is _Sort.NUMBER
        if not turned:
            name = self._name(first)
        operator = self._operator()
        second = self._take()
        if turned:
            name, operator = self._name(second), _TURNED.get(operator, operator)
        value = _number(first) if turned else _value(second)
        try:
            return Compare(name, operator, value)
        except Invalid as error:
            _refuse(str(error.message), first.at)

    def _name(self, token: _Token) -> str:
        if token.sort is _Sort.QUOTED:
            return _unquoted(token)
        if token.sort is not _Sort.WORD or token.lower in _JOINTS:
            _refuse(_("the name of a field or tag was expected"), token.at)
        if token.lower == "time":
            _refuse(_("times are asked for by start and end"), token.at)
        return token.text

    def _operator(self) -> Op:
        token = self._take()
        if token.sort is not _Sort.OPERATOR:
            _refuse(_("one of = != < <= > >= was expected"), token.at)
        return _OPERATORS[token.text]


def _value(token: _Token) -> Value:
    if token.sort is _Sort.NUMBER:
        return _number(token)
    if token.sort is _Sort.QUOTED:
        return _unquoted(token)
    if token.lower in _TRUTH:
        return _TRUTH[token.lower]
    _refuse(_("a number, a text in quotes, true or false was expected"), token.at)


def _number(token: _Token) -> float:
    value = float(token.text)
    if not isfinite(value):
        _refuse(_("this number is too large"), token.at)
    return value


def _unquoted(token: _Token) -> str:
    return _ESCAPED.sub(r"\1", token.text[1:-1])
