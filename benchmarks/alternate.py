"""Queries and times of operations that take turns in one process, on one or two databases."""

import gc
import statistics
import time


class Operation:
    """Something to measure, again and again from the same state.

    :param env: the environment whose queries count
    :param run: function without arguments
    :param keep: what an earlier turn wrote is no obstacle to the next one; what is not kept is
        rolled back to a savepoint after each turn, outside of what is measured
    :param prepare: function to call before the clock starts, on the cold cache
    """

    def __init__(self, env, run, keep=False, prepare=None):
        self.env, self.run, self.keep, self.prepare = env, run, keep, prepare

    def measure(self):
        """Return the queries and the milliseconds of one turn, until everything is written.

        What would run before the commit is part of it: tracking, notifications.
        """
        cr = self.env.cr
        cr.flush()
        savepoint = None if self.keep else cr.savepoint()
        self.env.invalidate_all()
        if self.prepare:
            self.prepare()
        gc.collect()
        before, start = cr.sql_log_count, time.perf_counter()
        self.run()
        cr.flush()
        result = cr.sql_log_count - before, 1000 * (time.perf_counter() - start)
        if savepoint:
            savepoint.close(rollback=True)
        return result


def alternate(operations, repetitions):
    """Let operations take turns, so that whatever else the machine does slows all of them down.

    :param dict operations: operations by name
    :param int repetitions: turns of each, after one that warms what is kept between requests
    :return: by name the queries, and the median of the milliseconds
    :rtype: dict
    """
    turns = {name: [] for name in operations}
    for repetition in range(repetitions + 1):
        for name, operation in operations.items():
            result = operation.measure()
            if repetition:
                turns[name].append(result)
    return {
        name: {
            "queries": min(queries for queries, _milliseconds in results),
            "ms": round(statistics.median(spent for _queries, spent in results), 1),
        }
        for name, results in turns.items()
    }


def compare(result, other, name):
    """Add to a result how many times as long as another one it takes."""
    return {**result, "times": round(result["ms"] / other["ms"], 2), "to": name}
