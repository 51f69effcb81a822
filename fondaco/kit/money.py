"""Money: whole minor units of one currency. Nothing here ever holds a float or rounds twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from fondaco.kit.errors import Invalid

# What a big-integer column holds on both databases.
MAX_MINOR = 2**63 - 1

_PLAIN_AMOUNT = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,6})?")

# Babel names the languages of the pages differently from Django's codes.
_BABEL_LOCALES = {"en": "en_US", "vi": "vi_VN", "zh-hant": "zh_Hant_TW", "zh_hant": "zh_Hant_TW"}


class NotAnAmount(Invalid):
    """Text or a number that is no amount of this currency."""

    CODE = "not_an_amount"
    WORDS = "%(given)s is not an amount in %(currency)s."
    FIX = "Write digits and at most one point, for example 12.50."


class CurrencyMismatch(Invalid):
    """Two currencies met where one is needed."""

    CODE = "currency_mismatch"
    WORDS = "Amounts in %(left)s and %(right)s cannot be combined."


class AmountTooLarge(Invalid):
    """More minor units than a big-integer column holds."""

    CODE = "amount_too_large"
    WORDS = "This amount is too large."


@cache
def decimals_of(currency: str) -> int:
    """How many decimal places a currency is written with: USD 2, JPY and VND 0. Unknown codes: 2."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`minor` whole minor units (cents, đồng) of `currency` (three capital letters)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise NotAnAmount(given=repr(self.minor), currency=self.currency)
        if len(self.currency) != 3 or not (self.currency.isascii() and self.currency.isupper()):
            raise NotAnAmount(given=str(self.minor), currency=repr(self.currency))
        if abs(self.minor) > MAX_MINOR:
            raise AmountTooLarge()

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in that currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str | int | Decimal, currency: str) -> Money:
        """An amount in major units (`"12.50"`, `Decimal("12.5")`, `12`) as Money.

        Refuses floats, exponents, separators of thousands, and more decimals than the currency has.
        """
        if isinstance(text, bool | float):
            raise NotAnAmount(given=repr(text), currency=currency)
        plain = format(text, "f") if isinstance(text, Decimal) else str(text).strip()
        if not _PLAIN_AMOUNT.fullmatch(plain):
            raise NotAnAmount(given=plain[:24], currency=currency)
        scaled = Decimal(plain).scaleb(decimals_of(currency))
        whole = scaled.to_integral_value()
        if whole != scaled:
            raise NotAnAmount(given=plain[:24], currency=currency)
        return cls(int(whole), currency)

    @property
    def amount(self) -> Decimal:
        """In major units: 1250 cents are `Decimal("12.50")`."""
        return Decimal(self.minor).scaleb(-decimals_of(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        if isinstance(times, bool) or not isinstance(times, int):
            return NotImplemented
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def percent(self, percent: int | Decimal) -> Money:
        """That many percent of it, rounded half away from zero to the minor unit (Q-26)."""
        if isinstance(percent, float):
            raise NotAnAmount(given=repr(percent), currency=self.currency)
        exact = Decimal(self.minor) * Decimal(percent) / 100
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency)

    def split(self, parts: int) -> tuple[Money, ...]:
        """Equal parts that sum to the whole; what does not divide goes to the last one (Q-29).

        Parts of a debt are the negated parts of the amount. Needs at least one part.
        """
        return self.split_by((1,) * parts)

    def split_by(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Parts in proportion to whole non-negative weights; each rounded down, the rest to the last weighty part."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights are whole, none negative, and one of them positive")
        sign = -1 if self.minor < 0 else 1
        shares = [abs(self.minor) * weight // total for weight in weights]
        last = max(i for i, weight in enumerate(weights) if weight)
        shares[last] += abs(self.minor) - sum(shares)
        return tuple(Money(sign * share, self.currency) for share in shares)

    def at_most(self, limit: Money) -> Money:
        """The smaller of the two."""
        return self if self <= limit else limit

    def at_least(self, floor: Money) -> Money:
        """The larger of the two."""
        return self if self >= floor else floor

    def format(self, language: str = "en") -> str:
        """As people of that language write it: `$12.50`, `12,50 US$`, `25.000 ₫`."""
        return _formatted(self.minor, self.currency, language)

    def as_dict(self) -> dict[str, int | str]:
        """JSON-ready: `{"minor": 1250, "currency": "USD"}`."""
        return {"minor": self.minor, "currency": self.currency}

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"Money and {type(other).__name__} do not mix")
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return other.minor


@lru_cache(maxsize=8192)
def _formatted(minor: int, currency: str, language: str) -> str:
    """Remembered: a list has many prices, few of them different, and each takes as long as a row of it."""
    from babel.numbers import format_currency

    return format_currency(Money(minor, currency).amount, currency, locale=_babel_locale(language))


def total(amounts: Iterable[Money], *, currency: str) -> Money:
    """The sum; nothing at all is zero in `currency`."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result


def _babel_locale(language: str) -> str:
    key = language.lower().replace("_", "-")
    return _BABEL_LOCALES.get(key) or _BABEL_LOCALES.get(key.split("-")[0]) or "en_US"
