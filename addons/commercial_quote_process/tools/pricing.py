"""The prices of the lines of a quote, from what they cost. Plain Python, no ORM."""

from dataclasses import dataclass, field
from decimal import Decimal

from .costing import distribute, price_for_margin, round_amount, to_decimal

# What a person calls a round price, coarsest first.
ROUND_STEPS = (1000, 100, 50, 10, 1)


class UnreachablePriceError(ValueError):
    """No price of the lines that may move gives what was asked for."""


@dataclass
class PriceRow:
    """What is known of a line before its price."""

    cost: float
    # days at the rate card, everything else at cost
    card_price: float
    # sold at cost and markup, whatever the method
    is_rebilled: bool = False
    # outside the total
    is_optional: bool = False
    # typed by a person
    manual_price: float | None = None


@dataclass
class PriceFinder:
    """Finds the price of each row of a quote.

    - ``margin``: the whole price, rebilled costs included, leaves ``margin_percent`` of itself;
    - ``rate_card``: each row at its card price;
    - ``fixed``: the whole price is ``total``, shared along ``weigh_by``.

    A total that is wanted under another method keeps the proportions of that method. A price typed
    by hand stays: the other rows move only to reach a wanted total. Rounding applies to the total
    that a method finds; rows follow in steps of the same, or in smaller ones where a step would be
    more than a tenth of a row.

    >>> rows = [PriceRow(3000, 5000), PriceRow(1000, 2000), PriceRow(200, 200, is_rebilled=True)]
    >>> PriceFinder(rows, "margin", margin_percent=30, markup_percent=10).find()
    [4335.0, 1445.0, 220.0]
    >>> PriceFinder(rows, "rate_card", total=6000).find()
    [4142.86, 1657.14, 200.0]
    >>> PriceFinder(rows, "margin", margin_percent=30.4, rounding=100).find()
    [4400.0, 1400.0, 200.0]
    >>> rows[1].manual_price = 1500
    >>> PriceFinder(rows, "fixed", total=7000).find()
    [5300.0, 1500.0, 200.0]
    >>> PriceFinder(rows, "margin", margin_percent=30).find()
    [4350.0, 1500.0, 200.0]
    >>> rows[0].is_optional = True
    >>> PriceFinder(rows, "margin", margin_percent=25).find()
    [4000.0, 1500.0, 200.0]
    """

    rows: list
    method: str
    step: float = 0.01
    margin_percent: float = 0.0
    total: float | None = None
    rounding: int = 0
    markup_percent: float = 0.0
    weigh_by: str = "cost"
    prices: list = field(init=False)

    def find(self):
        """Return the price of each row, in the order of the rows.

        :rtype: list(float)
        :raise UnreachablePriceError: when a margin or a total cannot be reached

        >>> PriceFinder([PriceRow(10, 20, is_rebilled=True)], "fixed", total=15).find()
        Traceback (most recent call last):
            ...
        UnreachablePriceError: no line may move
        """
        self.prices = [self._get_own_price(row) for row in self.rows]
        firm = [rank for rank, row in enumerate(self.rows) if not row.is_optional]
        goal = self._get_goal(firm)
        if self.total is not None:
            self._type_manual_prices()
        moving = [rank for rank in firm if self._may_move(self.rows[rank])]
        staying = sum(to_decimal(self.prices[rank]) for rank in set(firm) - set(moving))
        self._share(goal - staying, moving)
        self._price_options(firm)
        self._type_manual_prices()
        return self.prices

    def _get_own_price(self, row):
        """Return what a row is sold at by itself: at cost and markup, or at the rate card."""
        if not row.is_rebilled:
            return round_amount(row.card_price, self.step)
        markup = 1 + to_decimal(self.markup_percent) / 100
        return round_amount(to_decimal(row.cost) * markup, self.step)

    def _get_goal(self, firm):
        """Return the total to reach."""
        if self.total is not None:
            return to_decimal(round_amount(self.total, self.step))
        if self.method == "fixed":
            raise UnreachablePriceError("no total")
        step = self.rounding or self.step
        if self.method == "rate_card":
            exact = sum(to_decimal(self.prices[rank]) for rank in firm)
            return to_decimal(round_amount(exact, step))
        cost = sum(to_decimal(self.rows[rank].cost) for rank in firm)
        return to_decimal(self._price_for_margin(cost, step))

    def _price_for_margin(self, cost, step):
        if self.margin_percent >= 100:
            raise UnreachablePriceError("margin of 100 % or more")
        return price_for_margin(cost, self.margin_percent, step)

    def _type_manual_prices(self):
        for rank, row in enumerate(self.rows):
            if row.manual_price is not None:
                self.prices[rank] = round_amount(row.manual_price, self.step)

    def _may_move(self, row):
        typed = self.total is not None and row.manual_price is not None
        return not row.is_rebilled and not typed

    def _get_weight(self, row):
        return row.card_price if self.method == "rate_card" else getattr(row, self.weigh_by)

    def _share(self, amount, moving):
        """Share an amount among the rows that may move."""
        if not moving:
            if amount and self.total is not None:
                raise UnreachablePriceError("no line may move")
            return
        if amount < 0:
            raise UnreachablePriceError("the lines that stay are above the total")
        weights = [self._get_weight(self.rows[rank]) for rank in moving]
        if not sum(weights):
            weights = [self.rows[rank].cost for rank in moving]
        unit = self._get_line_step(amount, weights)
        whole = amount // unit * unit
        parts = distribute(whole, weights, unit)
        largest = max(range(len(parts)), key=parts.__getitem__)
        parts[largest] = float(to_decimal(parts[largest]) + amount - whole)
        for rank, part in zip(moving, parts, strict=True):
            self.prices[rank] = part

    def _get_line_step(self, amount, weights):
        """Return the step of the prices of lines: round ones, as long as no line suffers.

        :rtype: Decimal
        """
        step, smallest = to_decimal(self.step), min(filter(None, weights), default=0)
        if not self.rounding or not smallest:
            return step
        price = amount * to_decimal(smallest) / sum(map(to_decimal, weights))
        steps = [Decimal(s) for s in ROUND_STEPS if s <= self.rounding and s >= step]
        return next((s for s in steps if price >= 10 * s), step)

    def _price_options(self, firm):
        """Price what is outside the total as it would be inside."""
        cost = sum(to_decimal(self.rows[rank].cost) for rank in firm)
        price = sum(to_decimal(self.prices[rank]) for rank in firm)
        for rank, row in enumerate(self.rows):
            if not row.is_optional or row.is_rebilled:
                continue
            exact = to_decimal(self.prices[rank])
            if self.method == "margin":
                exact = to_decimal(self._price_for_margin(row.cost, self.step))
            elif self.method == "fixed" and cost:
                exact = to_decimal(row.cost) * price / cost
            unit = self._get_line_step(exact, [1])
            self.prices[rank] = round_amount(exact, unit)
