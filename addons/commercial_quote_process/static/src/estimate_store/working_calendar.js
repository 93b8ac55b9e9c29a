/**
 * From working days after T0 to calendar days and back; the mirror of the dates of
 * `tools/schedule.py`. Calendar days are counted from T0, which is day 0 of both. Nothing of Odoo
 * is used here.
 */

const DAY = 86400000;
// Forty years: what is longer is a slip of the keyboard, and keeps to the usual week.
const LONGEST = 15000;

export class WorkingCalendar {
    /**
     * @param {Object} [options]
     * @param {string|false} [options.start] T0 as "YYYY-MM-DD"; without it only working days exist
     * @param {number[]} [options.weekdays] days of the week that are worked, Monday is 0
     * @param {string[]} [options.holidays] dates that are not worked, as "YYYY-MM-DD"
     */
    constructor({ start = false, weekdays = [], holidays = [] } = {}) {
        this.start = start ? Date.parse(start) / DAY : null;
        this.weekdays = new Set(weekdays.length ? weekdays : [0, 1, 2, 3, 4]);
        this.holidays = new Set(holidays.map((date) => Date.parse(date) / DAY));
        this._days = [];
        this._next = 0;
    }

    get hasDates() {
        return this.start !== null;
    }

    /** Working days in a week. */
    get daysPerWeek() {
        return this.weekdays.size;
    }

    /** Whether a calendar day, counted from T0, is worked; every day is without dates. */
    isWorked(day) {
        if (!this.hasDates) {
            return true;
        }
        const date = this.start + day;
        // The first of January 1970 was a Thursday.
        return this.weekdays.has((((date + 3) % 7) + 7) % 7) && !this.holidays.has(date);
    }

    /** The calendar day, counted from T0, of the working day `number` (an integer from 0). */
    dayOf(number) {
        if (!this.hasDates) {
            return number;
        }
        while (this._days.length <= number && this._next < LONGEST) {
            if (this.isWorked(this._next)) {
                this._days.push(this._next);
            }
            this._next++;
        }
        const known = this._days.length - 1;
        return number <= known ? this._days[number] : this._next + number - known;
    }

    /** Where work that starts after `days` working days starts, in calendar days. */
    startOf(days) {
        const whole = Math.floor(days);
        return this.dayOf(whole) + days - whole;
    }

    /** Where work that ends after `days` working days ends: on the day of its last hour. */
    endOf(days) {
        const last = Math.max(Math.ceil(days) - 1, 0);
        return this.dayOf(last) + days - last;
    }

    /** Working days before a point of the calendar: the reverse of `startOf`. */
    workingDays(day) {
        if (!this.hasDates || day <= 0) {
            return Math.max(day, 0);
        }
        const whole = Math.min(Math.floor(day), LONGEST);
        while (this._next <= whole) {
            this.dayOf(this._days.length);
        }
        let [low, high] = [0, this._days.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this._days[middle] < whole) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low + (this._days[low] === whole ? day - whole : 0);
    }

    /** The date of a calendar day as "YYYY-MM-DD"; false without dates. */
    dateOf(day) {
        return this.hasDates && new Date((this.start + day) * DAY).toISOString().slice(0, 10);
    }

    /** Working days from T0 to a date; 0 without dates or before T0. */
    daysUntil(date) {
        return this.hasDates && date ? this.workingDays(Date.parse(date) / DAY - this.start) : 0;
    }

    /**
     * The first and the last working day of a row, numbered from 1 as people count them: what takes
     * no time is on the last day of what comes before it, 0 before the first one.
     */
    numbers(start, end) {
        const last = Math.ceil(end);
        return [Math.min(Math.floor(start) + 1, last), last];
    }
}
