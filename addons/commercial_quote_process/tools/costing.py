"""From cost to price, to the cent. Plain Python, no ORM.

Amounts are rounded once, at the end, on decimals: binary floats never decide a cent.
"""

from decimal import ROUND_HALF_UP, Decimal


def to_decimal(value):
    """Return a number as the decimal that a person would read.

    >>> to_decimal(0.1) + to_decimal(0.2)
    Decimal('0.3')
    """
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def round_amount(amount, step=0.01):
    """Return an amount rounded to a currency's step, half away from zero, as Odoo does.

    >>> round_amount(2.675), round_amount(1234.5, step=1), round_amount(7.13, step=0.05)
    (2.68, 1235.0, 7.15)
    """
    unit = to_decimal(step)
    return float((to_decimal(amount) / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit)


def price_for_margin(cost, margin_percent, step=0.01):
    """Return the price at which a cost leaves a margin, in percent of the price.

    price = cost / (1 - margin): a margin of 25 % on a price of 100 leaves a cost of 75.

    :raise ValueError: when no price gives that margin

    >>> price_for_margin(75, 25), price_for_margin(100, 0), price_for_margin(1000, 33.3)
    (100.0, 100.0, 1499.25)
    >>> price_for_margin(100, 100)
    Traceback (most recent call last):
        ...
    ValueError: margin of 100 % or more
    """
    if margin_percent >= 100:
        raise ValueError("margin of 100 % or more")
    return round_amount(to_decimal(cost) / (1 - to_decimal(margin_percent) / 100), step)


def distribute(total, weights, step=0.01):
    """Split a total along weights; the parts add up to it exactly.

    Largest remainder method: each part is rounded down to the step, and what is left goes, one
    step at a time, to the parts that lost most (the first ones when they lost the same).

    >>> distribute(100, [1, 1, 1])
    [33.34, 33.33, 33.33]
    >>> sum(map(to_decimal, distribute(0.05, [1, 2, 3, 0]))) == to_decimal(0.05)
    True
    >>> distribute(10, [0, 0])
    [5.0, 5.0]
    >>> distribute(10, [])
    []
    """
    if not weights:
        return []
    shares = [to_decimal(weight) for weight in weights]
    if not sum(shares):
        shares = [Decimal(1)] * len(shares)
    unit = to_decimal(step)
    whole = (to_decimal(total) / unit).quantize(Decimal(1), ROUND_HALF_UP)
    all_shares = sum(shares)
    exact = [whole * share / all_shares for share in shares]
    parts = [int(part) for part in exact]
    by_loss = sorted(range(len(parts)), key=lambda rank: parts[rank] - exact[rank])
    for rank in by_loss[: int(whole) - sum(parts)]:
        parts[rank] += 1
    return [float(part * unit) for part in parts]
