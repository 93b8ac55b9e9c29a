"""Estimates in three points: optimistic, most likely, pessimistic. Plain Python, no ORM.

Source: D. G. Malcolm, J. H. Roseboom, C. E. Clark and W. Fazar, "Application of a Technique for
Research and Development Program Evaluation", Operations Research 7(5), 1959, pp. 646-669 (PERT).
The duration follows a beta distribution whose mean is (low + 4 likely + high) / 6 and whose
standard deviation is taken as a sixth of its range. Rows are independent, so variances add up, and
their sum is close to a normal distribution (central limit theorem): the quantile of the normal
distribution then says how much to add to the mean so as to be enough with a chosen confidence.
"""

from math import sqrt
from statistics import NormalDist

from .costing import round_amount


def mean_days(low, likely, high):
    """Return the expected value of a three-point estimate: (low + 4 likely + high) / 6.

    :param float low: when all goes well, in days
    :param float likely: what is most probable, in days
    :param float high: when all goes wrong, in days
    :return: days, rounded to two digits, half up; counted in whole hundredths, as the browser does
    :rtype: float

    >>> mean_days(2, 3, 6), mean_days(1, 1, 1), mean_days(0, 0, 0.2), mean_days(0, 0, 0.03)
    (3.33, 1.0, 0.03, 0.01)
    """
    hundredths = round(100 * low) + 4 * round(100 * likely) + round(100 * high)
    return (hundredths + 3) // 6 / 100


def spread(low, high):
    """Return the standard deviation of a three-point estimate: (high - low) / 6.

    >>> spread(2, 8), spread(3, 3)
    (1.0, 0.0)
    """
    return (high - low) / 6


def combined_spread(spreads):
    """Return the standard deviation of a sum of independent amounts: variances add up.

    >>> combined_spread([3, 4]), combined_spread([])
    (5.0, 0.0)
    """
    return sqrt(sum(value * value for value in spreads))


def suggested_contingency(spreads, base, confidence):
    """Return the contingency that makes a budget enough with a chosen confidence.

    contingency = z(confidence) x sqrt(sum of spread squared) / base, where z is the quantile of
    the standard normal distribution. The mean alone is enough one time in two.

    :param spreads: standard deviation of the cost of each row, in one currency
    :param float base: the cost to which the contingency is added, in the same currency
    :param float confidence: probability that the budget is enough, in percent, above 0 and
        below 100
    :return: percentage of the base, rounded to two digits; never negative
    :rtype: float

    >>> suggested_contingency([300, 400], 10000, 80)
    4.21
    >>> suggested_contingency([300, 400], 10000, 97.72)
    10.0
    >>> suggested_contingency([300], 10000, 50), suggested_contingency([300], 0, 80)
    (0.0, 0.0)
    """
    if base <= 0:
        return 0.0
    quantile = max(0.0, NormalDist().inv_cdf(confidence / 100))
    return round_amount(100 * quantile * combined_spread(spreads) / base)
