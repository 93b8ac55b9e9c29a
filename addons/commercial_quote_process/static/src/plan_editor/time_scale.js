/**
 * From days of the plan to pixels and back, and the axis above them. Nothing of Odoo is used here.
 */

const DAY = 86400000;
/** Pixels per day of each zoom. */
export const ZOOMS = { day: 36, week: 15, month: 5, quarter: 1.8 };
const NARROWEST = 0.2;
const WIDEST = 60;
const MARGIN = 12;

export class TimeScale {
    /**
     * @param {WorkingCalendar} calendar
     * @param {number} pixels per calendar day, or per working day of a plan without dates
     * @param {Object} [options]
     * @param {string} [options.locale] for the names of months
     * @param {(name: string, params: Object) => string} [options.text]
     */
    constructor(calendar, pixels, { locale, text = (name, { n }) => `${name}${n}` } = {}) {
        this.calendar = calendar;
        // A week takes the same place with and without its week end.
        this.ratio = calendar.hasDates ? 1 : 7 / calendar.daysPerWeek;
        this.pixels = Math.min(Math.max(pixels, NARROWEST), WIDEST);
        this.unit = this.pixels * this.ratio;
        this.text = text;
        this.locale = locale;
        this._formats = {};
    }

    /** Pixels per day with which a plan of `finish` working days fills `width`. */
    static fit(calendar, finish, width) {
        const ratio = calendar.hasDates ? 1 : 7 / calendar.daysPerWeek;
        const days = (calendar.endOf(Math.max(finish, 5)) || 1) * ratio;
        return Math.max((width - 4 * MARGIN) / days, NARROWEST);
    }

    /** Where work that starts after `days` working days starts. */
    startX(days) {
        return MARGIN + this.calendar.startOf(days) * this.unit;
    }

    /** Where work that ends after `days` working days ends. */
    endX(days) {
        return MARGIN + this.calendar.endOf(days) * this.unit;
    }

    /** The working days before a point. */
    daysAt(x) {
        return this.calendar.workingDays((x - MARGIN) / this.unit);
    }

    /** What a drag moves by: half days where one can see them. */
    get step() {
        return this.pixels >= ZOOMS.day ? 0.5 : 1;
    }

    get level() {
        return Object.keys(ZOOMS).find((name) => this.pixels >= 0.62 * ZOOMS[name]) || "quarter";
    }

    _format(options) {
        const key = JSON.stringify(options);
        this._formats[key] ??= new Intl.DateTimeFormat(this.locale, {
            timeZone: "UTC",
            ...options,
        });
        return this._formats[key];
    }

    /** A date in words, from "YYYY-MM-DD". */
    formatDate(date, options = { day: "numeric", month: "short" }) {
        return this._format(options).format(Date.parse(date));
    }

    /**
     * The marks of the axis between two points.
     *
     * @returns {{top: {x: number, label: string}[], bottom: {x: number, label: string}[]}}
     */
    ticks(from, to) {
        const first = Math.max(Math.floor((from - MARGIN) / this.unit), 0);
        const last = Math.ceil((to - MARGIN) / this.unit);
        const marks = this.calendar.hasDates
            ? this._dateTicks(first, last)
            : this._weekTicks(first, last);
        const place = ({ day, label }) => ({ x: MARGIN + day * this.unit, label });
        return { top: marks.top.map(place), bottom: marks.bottom.map(place) };
    }

    /** Weeks from T0; days below them when there is room. */
    _weekTicks(first, last) {
        const days = this.calendar.daysPerWeek;
        const [top, bottom] = [[], []];
        if (this.level === "day") {
            for (let day = first; day < last; day++) {
                bottom.push({ day, label: String(day + 1) });
            }
        }
        const step = { day: 1, week: 1, month: 4, quarter: 13 }[this.level];
        const group = step * days;
        for (let day = first - (first % group); day < last; day += group) {
            const label = this.text("week", { n: day / days + 1 });
            (this.level === "day" ? top : bottom).push({ day, label });
        }
        return { top, bottom };
    }

    _dateTicks(first, last) {
        const [top, bottom] = [[], []];
        const { start } = this.calendar;
        const [isTop, topLabel, isBottom, bottomLabel] = this._dateRules();
        for (let day = first; day < last; day++) {
            const date = new Date((start + day) * DAY);
            if (isTop(date)) {
                top.push({ day, label: topLabel(date) });
            }
            if (isBottom(date)) {
                bottom.push({ day, label: bottomLabel(date) });
            }
        }
        // The part that has begun before the first point keeps its name, at its left.
        if (top[0]?.day !== first && (!top.length || (top[0].day - first) * this.unit > 90)) {
            top.unshift({ day: first, label: topLabel(new Date((start + first) * DAY)) });
        }
        return { top, bottom };
    }

    _dateRules() {
        const isMonday = (date) => date.getUTCDay() === 1;
        const isFirst = (date) => date.getUTCDate() === 1;
        const isQuarter = (date) => isFirst(date) && date.getUTCMonth() % 3 === 0;
        const isYear = (date) => isFirst(date) && date.getUTCMonth() === 0;
        const day = (date) => String(date.getUTCDate());
        const month = (date) => this._format({ month: "short" }).format(date);
        const longMonth = (date) => this._format({ month: "long", year: "numeric" }).format(date);
        const year = (date) => String(date.getUTCFullYear());
        const quarter = (date) => this.text("quarter", { n: date.getUTCMonth() / 3 + 1 });
        return {
            day: [isFirst, longMonth, () => true, day],
            week: [isFirst, longMonth, isMonday, day],
            month: [isYear, year, isFirst, month],
            quarter: [isYear, year, isQuarter, quarter],
        }[this.level];
    }

    /** The days off between two points, as pairs of points. */
    daysOff(from, to) {
        const off = [];
        if (!this.calendar.hasDates || this.level === "quarter") {
            return off;
        }
        const last = Math.ceil((to - MARGIN) / this.unit);
        for (let day = Math.max(Math.floor((from - MARGIN) / this.unit), 0); day < last; day++) {
            if (!this.calendar.isWorked(day)) {
                const x = MARGIN + day * this.unit;
                const previous = off.at(-1);
                if (previous && Math.abs(previous[1] - x) < 0.01) {
                    previous[1] = x + this.unit;
                } else {
                    off.push([x, x + this.unit]);
                }
            }
        }
        return off;
    }
}
