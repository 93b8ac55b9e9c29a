"""What a quote may come to, whatever options the client takes. Plain Python, no ORM."""


def get_lowest_margin(price, margin, options):
    """Return the lowest margin that a choice of options leaves, in percent of the price.

    An option lowers the margin when its own is lower than that of what is taken before it: the
    worst choice are the options with the lowest margins, as long as they lower it.

    :param float price: without taxes and without options
    :param float margin: of that price
    :param options: pairs of price and margin
    :rtype: float

    >>> get_lowest_margin(1000, 300, [])
    30.0
    >>> get_lowest_margin(1000, 300, [(1000, 600), (1000, 100)])
    20.0
    >>> get_lowest_margin(0, 0, [(100, 10), (100, 50), (0, -5)])
    10.0
    """
    lowest = margin / price if price else None
    for option_price, option_margin in sorted(
        ((p, m) for p, m in options if p > 0), key=lambda option: option[1] / option[0]
    ):
        if lowest is not None and option_margin / option_price >= lowest:
            break
        price, margin = price + option_price, margin + option_margin
        lowest = margin / price
    return 100.0 * (lowest or 0.0)
