"""Rules over named answers: read, checked and evaluated; never run as code.

    age between 18 and 60
    answer is yes
    pddm.nociceptive == A and pddm.contextual in [none, A]
    not (months < 3 or days >= 10)

On the right of `is`, `is not`, `==`, `!=` and in a list, a bare word is a category; on the right of
`<`, `<=`, `>`, `>=` and `between` it is the name of another answer. `between` includes both ends.
A rule is True, False, or None while an answer it needs is missing (three-valued, after Kleene).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from core.problems import Sentence

from .tokens import RuleError, Token, tokenize
from .tree import All, Among, Any_, Between, Compare, Name, Not, Rule, Value, comparisons, names

__all__ = ["MAX_DEPTH", "ORDER", "Rule", "RuleError", "comparisons", "evaluate", "kind_of", "names", "parse"]

MAX_DEPTH = 20

ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@lru_cache(maxsize=1024)
def parse(text: str) -> Rule:
    """Read a rule. Raises RuleError naming position and cure."""
    reader = _Reader(tokenize(text))
    rule = reader.either(0)
    reader.finish()
    return rule


class _Reader:
    """Recursive descent, one method a level of precedence: or, and, not, comparison."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> bool:
        if self._next.kind in ("word", "sign") and self._next.text in texts:
            self._at += 1
            return True
        return False

    def _fail(self, sentence: Sentence) -> RuleError:
        found = self._next.text or _("the end")
        return RuleError(sentence, position=self._next.position, found=found)

    def finish(self) -> None:
        if self._next.kind != "end":
            raise self._fail(
                _('Position %(position)s: "%(found)s" was not expected here. Join two comparisons with "and" or "or".')
            )

    def either(self, depth: int) -> Rule:
        parts = [self._both(depth)]
        while self._take("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Any_(tuple(parts))

    def _both(self, depth: int) -> Rule:
        parts = [self._unary(depth)]
        while self._take("and"):
            parts.append(self._unary(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _unary(self, depth: int) -> Rule:
        if depth > MAX_DEPTH:
            raise self._fail(_("Position %(position)s: the rule is nested too deeply. Split the criterion."))
        if self._take("not"):
            return Not(self._unary(depth + 1))
        if self._take("("):
            inner = self.either(depth + 1)
            if not self._take(")"):
                raise self._fail(_('Position %(position)s: a ")" is missing before "%(found)s".'))
            return inner
        return self._comparison()

    def _comparison(self) -> Rule:
        left = self._name()
        if self._take("between"):
            low = self._amount()
            if not self._take("and"):
                raise self._fail(_('Position %(position)s: write "between 18 and 60", not "%(found)s".'))
            return Between(left, low, self._amount())
        if self._take("in"):
            return Among(left, self._list(), negated=False)
        if self._take("not"):
            if not self._take("in"):
                raise self._fail(_('Position %(position)s: "not" is followed by "in" here.'))
            return Among(left, self._list(), negated=True)
        return self._sign_and_right(left)

    def _sign_and_right(self, left: Name) -> Rule:
        for sign in ORDER:
            if self._take(sign):
                return Compare(left, sign, self._amount())
        for sign in ("==", "!="):
            if self._take(sign):
                return Compare(left, sign, self._value())
        if self._take("is"):
            sign = "!=" if self._take("not") else "=="
            return Compare(left, sign, self._value())
        raise self._fail(
            _(
                'Position %(position)s: a comparison is missing before "%(found)s". '
                'Write for example "is yes", ">= 3", "between 18 and 60" or "in [none, A]".'
            )
        )

    def _name(self) -> Name:
        token = self._next
        if token.kind != "name":
            raise self._fail(_('Position %(position)s: the name of an answer is expected, not "%(found)s".'))
        self._at += 1
        return Name(token.text, token.position)

    def _amount(self) -> int | float | Name:
        token = self._next
        if token.kind == "number":
            self._at += 1
            return token.number
        if token.kind == "name":
            return self._name()
        raise self._fail(_('Position %(position)s: a number is expected, not "%(found)s".'))

    def _value(self) -> Value:
        token = self._next
        if token.kind not in ("number", "string", "name") and token.text not in ("yes", "no"):
            raise self._fail(
                _('Position %(position)s: a value is expected, not "%(found)s". Write yes, no, a number or a category.')
            )
        self._at += 1
        if token.kind == "number":
            return token.number
        if token.kind == "word":
            return token.text == "yes"
        return token.text

    def _list(self) -> tuple[Value, ...]:
        if not self._take("["):
            raise self._fail(_('Position %(position)s: a list such as [none, A] is expected after "in".'))
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        if not self._take("]"):
            raise self._fail(_('Position %(position)s: a "]" is missing before "%(found)s".'))
        return tuple(values)


def evaluate(rule: Rule, values: Mapping[str, Value | None]) -> bool | None:
    """True, False, or None while an answer it depends on is missing. Raises RuleError on a wrong kind."""
    match rule:
        case Not(inner):
            result = evaluate(inner, values)
            return None if result is None else not result
        case All(parts):
            return _unless(False, [evaluate(part, values) for part in parts])
        case Any_(parts):
            return _unless(True, [evaluate(part, values) for part in parts])
        case _:
            return _compare(rule, values)


def _unless(decisive: bool, results: list[bool | None]) -> bool | None:
    if decisive in results:
        return decisive
    return None if None in results else not decisive


def _compare(rule: Compare | Between | Among, values: Mapping[str, Value | None]) -> bool | None:
    left = values.get(rule.left.name)
    if isinstance(rule, Between):
        low, high = (_read(each, values) for each in (rule.low, rule.high))
        lower = _ordered(rule.left, ">=", left, low)
        upper = _ordered(rule.left, "<=", left, high)
        return _unless(False, [lower, upper])
    if left is None:
        return None
    if isinstance(rule, Among):
        return any(_same(rule.left, left, value) for value in rule.values) != rule.negated
    right = _read(rule.right, values)
    if rule.operator in ORDER:
        return _ordered(rule.left, rule.operator, left, right)
    return None if right is None else _same(rule.left, left, right) == (rule.operator == "==")


def _read(side: Value | Name, values: Mapping[str, Value | None]) -> Value | None:
    return values.get(side.name) if isinstance(side, Name) else side


def _ordered(name: Name, sign: str, left: Value | None, right: Value | None) -> bool | None:
    for side in (left, right):
        if side is not None and kind_of(side) != "number":
            raise _mismatch(name)
    if left is None or right is None:
        return None
    return ORDER[sign](left, right)  # type: ignore[arg-type]


def _same(name: Name, left: Value, right: Value) -> bool:
    if kind_of(left) != kind_of(right):
        raise _mismatch(name)
    return left == right


def kind_of(value: Value) -> str:
    """yes_no, number or category."""
    if isinstance(value, bool):
        return "yes_no"
    return "number" if isinstance(value, int | float) else "category"


def _mismatch(name: Name) -> RuleError:
    return RuleError(
        _('Position %(position)s: "%(name)s" is compared with a value of another kind.'),
        position=name.position,
        name=name.name,
    )
