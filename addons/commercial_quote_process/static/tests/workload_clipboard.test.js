import { describe, expect, test } from "@odoo/hoot";
import { getMean } from "@commercial_quote_process/estimate_store/workload_document";
import {
    formatCell,
    joinBlock,
    parseDays,
    parseNumber,
    splitBlock,
} from "@commercial_quote_process/workload_matrix/workload_clipboard";

describe.current.tags("headless");

const FRENCH = { decimalPoint: ",", thousandsSep: "\u202f" };
const GERMAN = { decimalPoint: ",", thousandsSep: "." };
const ENGLISH = { decimalPoint: ".", thousandsSep: "," };

test("numbers are read as people and spreadsheets write them", () => {
    for (const [text, value] of [
        ["2", 2],
        [" 2,5 ", 2.5],
        ["2.5", 2.5],
        [",5", 0.5],
        ["5.", 5],
        ["1.005", 1.01],
        ["0,333333", 0.33],
        ["1 234,5", 1234.5],
        ["1\u202f234,5", 1234.5],
        ["1\u00a0234", 1234],
        ["1’234.50", 1234.5],
        ["1.234,50", 1234.5],
        ["1,234.50", 1234.5],
        ["", 0],
        ["   ", 0],
        ["-", 0],
        ["–", 0],
        ["9999", 9999],
    ]) {
        expect(parseNumber(text, FRENCH)).toBe(value, { message: JSON.stringify(text) });
    }
});

test("one mark before three digits is what the language says", () => {
    expect(parseNumber("1.234", GERMAN)).toBe(1234);
    expect(parseNumber("1,234", GERMAN)).toBe(1.23);
    expect(parseNumber("1,234", ENGLISH)).toBe(1234);
    expect(parseNumber("1.234", ENGLISH)).toBe(1.23);
    expect(parseNumber("1.234", FRENCH)).toBe(1.23);
    expect(parseNumber("0.500", GERMAN)).toBe(0.5);
});

test("what is no number of days is not guessed", () => {
    for (const text of [
        "a",
        "2j",
        "-1",
        "1e3",
        "=A1",
        ".",
        "1,2,3",
        "1.2,3.4",
        "12,34.5",
        "10000",
    ]) {
        expect(parseNumber(text, FRENCH)).toBe(NaN, { message: text });
    }
});

test("three points are typed with slashes", () => {
    const points = { days_low: 2, days_likely: 3, days_high: 6 };
    expect(parseDays("2/3/6", FRENCH)).toEqual(points);
    expect(parseDays(" 2,0 / 3 / 6.00 ", FRENCH)).toEqual(points);
    expect(parseDays("3", FRENCH)).toEqual({ days: 3 });
    expect(parseDays("0/0/0", FRENCH)).toEqual({ days: 0 });
    for (const text of ["2/3", "2//6", "3/2/6", "2/7/6", "1/2/3/4", "a/b/c"]) {
        expect(parseDays(text, FRENCH)).toBe(null, { message: text });
    }
});

test("the mean is that of the server, to the hundredth", () => {
    expect(getMean(2, 3, 6)).toBe(3.33);
    expect(getMean(0, 0, 0.2)).toBe(0.03);
    expect(getMean(0, 0, 0.03)).toBe(0.01);
});

test("cells are written in the user's language", () => {
    expect(formatCell(undefined, FRENCH)).toBe("");
    expect(formatCell({ days: 2.5 }, FRENCH)).toBe("2,5");
    expect(formatCell({ days: 3.33, low: 2, likely: 3, high: 6.5 }, FRENCH)).toBe("2/3/6,5");
});

test("blocks come and go as spreadsheets want them", () => {
    expect(splitBlock("1\t2\r\n3\t\r\n")).toEqual([
        ["1", "2"],
        ["3", ""],
    ]);
    expect(splitBlock("1\n\n2")).toEqual([["1"], [""], ["2"]]);
    expect(splitBlock("")).toEqual([]);
    expect(
        joinBlock([
            ["1", "2"],
            ["", "3"],
        ]),
    ).toBe("1\t2\r\n\t3");
});
