import { expect, test } from "@odoo/hoot";
import { globalCachedFetch } from "@web/../tests/_framework/module_set.hoot";
import {
    ScheduleCycleError,
    Scheduler,
    schedule,
} from "@commercial_quote_process/estimate_store/schedule";
import { WorkingCalendar } from "@commercial_quote_process/estimate_store/working_calendar";

const VECTORS = "/commercial_quote_process/static/tests/schedule_vectors.json";

function readTask({ key, duration, not_before: notBefore, after, parent }) {
    return { key, duration, notBefore, after: new Map(after), parent };
}

/** The schedule of a case, in the shape of the vectors. */
function solve({ items }) {
    try {
        const slots = {};
        for (const [key, slot] of schedule(items.map(readTask))) {
            slots[key] = [slot.start, slot.end, slot.slack, slot.critical];
        }
        return { slots };
    } catch (error) {
        if (!(error instanceof ScheduleCycleError)) {
            throw error;
        }
        return { cycle: error.keys };
    }
}

test.tags("headless");
test("plans have the same schedule as on the server", async () => {
    const { cases } = await (await globalCachedFetch(VECTORS)).json();
    expect(cases.length).toBeGreaterThan(20);
    for (const one of cases) {
        const { slots, cycle } = one;
        expect({ name: one.name, ...solve(one) }).toEqual(
            cycle ? { name: one.name, cycle } : { name: one.name, slots },
        );
    }
});

test.tags("headless");
test("a row that moves is scheduled on the graph that is there", () => {
    const tasks = [
        { key: "design", parent: null },
        { key: "survey", duration: 3, parent: "design" },
        { key: "model", duration: 5, parent: "design", after: new Map([["survey", 0]]) },
        { key: "build", duration: 2, after: new Map([["design", 1]]) },
    ];
    const scheduler = new Scheduler().load(tasks);
    expect([...scheduler.start.subarray(0, 4)]).toEqual([0, 0, 3, 9]);
    scheduler.move(1, { notBefore: 2, duration: 4 });
    scheduler.run();
    expect([...scheduler.start.subarray(0, 4)]).toEqual([2, 2, 6, 12]);
    expect(scheduler.finish).toBe(14);
    // The days of a phase follow from what is inside.
    scheduler.move(0, { duration: 50 });
    scheduler.run();
    expect(scheduler.end[0]).toBe(11);
});

test.tags("headless");
test("days become dates, over week ends and holidays, and back", () => {
    const calendar = new WorkingCalendar({
        start: "2026-11-27",
        weekdays: [0, 1, 2, 3, 4],
        holidays: ["2026-11-30"],
    });
    expect([0, 1, 2].map((day) => calendar.dateOf(calendar.dayOf(day)))).toEqual([
        "2026-11-27",
        "2026-12-01",
        "2026-12-02",
    ]);
    expect(calendar.startOf(1)).toBe(4);
    expect(calendar.endOf(1)).toBe(1);
    expect([0, 0.5, 1, 3.9, 4, 4.5].map((day) => calendar.workingDays(day))).toEqual([
        0, 0.5, 1, 1, 1, 1.5,
    ]);
    expect(calendar.daysUntil("2026-12-02")).toBe(2);
    expect(calendar.numbers(0, 3)).toEqual([1, 3]);
    expect(calendar.numbers(8, 8)).toEqual([8, 8]);
});
