/**
 * What a gesture means, as commands of `apply_plan`. Each function reads the plan and changes
 * nothing; it returns an empty list when there is nothing to do. Nothing of Odoo is used here.
 */

const LAG = /^(\d+)\s*([+-]\s*\d+(?:[.,]\d+)?)?$/;

/** A number as people type it: with a comma or a point; NaN when it is none. */
export function parseDays(text) {
    const value = text.trim().replace(",", ".").replace("−", "-");
    return value === "" ? 0 : Number(value);
}

/** Days in a few letters: no zeros at the end. */
export function formatDays(days, separator = ".") {
    return String(Math.round(days * 100) / 100).replace(".", separator);
}

/** What a row waits for, as numbers of rows with their lag: "3, 5+2". */
export function formatAfter(row, numberOf, separator) {
    return [...row.after]
        .filter(([ref]) => numberOf.has(ref))
        .map(([ref, lag]) => {
            const sign = lag > 0 ? "+" : "";
            return numberOf.get(ref) + (lag ? sign + formatDays(lag, separator) : "");
        })
        .join(separator === "," ? "; " : ", ");
}

/**
 * The reverse of `formatAfter`.
 *
 * @returns {[any, number][]|string} pairs of ref and lag; the part that names no row
 */
export function parseAfter(plan, text) {
    const after = new Map();
    const isLink = (part) => LAG.test(part.trim());
    const parts = text
        .split(/;|,\s+/)
        .flatMap((part) => (isLink(part) ? [part] : part.split(",")))
        .map((part) => part.trim());
    for (const part of parts.filter(Boolean)) {
        const match = part.match(LAG);
        const row = match && plan.items[match[1] - 1];
        if (!row) {
            return part;
        }
        after.set(row.ref, match[2] ? parseDays(match[2].replace(/\s/g, "")) : 0);
    }
    return [...after];
}

/** Whether a row is inside one of these. */
export function isInside(plan, row, refs) {
    const parent = plan.getItem(row.parent);
    return Boolean(parent) && (refs.has(parent.ref) || isInside(plan, parent, refs));
}

/** The rows of the plan that are selected, in its order, without what goes with its phase. */
export function getSelected(plan, refs) {
    return plan.items.filter((row) => refs.has(row.ref) && !isInside(plan, row, refs));
}

/** Whether rows can go into a row: into a phase, or a task that becomes one. */
export function canHold(plan, row) {
    return row.kind === "phase" || (row.kind === "task" && !plan.workload.get(row.ref)?.size);
}

function becomePhase(row) {
    const vals = { kind: "phase", duration: 0 };
    return row && row.kind !== "phase" ? [{ op: "write", ref: row.ref, vals }] : [];
}

export function add(plan, { key, after = null, ...vals }) {
    const order = plan.items.map((row) => row.ref);
    const position = after === null ? order.length : order.indexOf(after) + 1;
    order.splice(position, 0, key);
    const phase = plan.getItem(vals.parent);
    const commands = [...becomePhase(phase), { op: "create", key, vals }];
    return position === plan.items.length ? commands : [...commands, { op: "order", refs: order }];
}

export function remove(plan, refs) {
    return getSelected(plan, refs).map((row) => ({ op: "unlink", ref: row.ref }));
}

/** Put rows into the phase above them; a task above them without days becomes one. */
export function indent(plan, refs) {
    const commands = [];
    const selected = new Set(getSelected(plan, refs));
    const before = new Map();
    const made = new Set();
    for (const row of plan.items) {
        const phase = before.get(row.parent);
        if (!selected.has(row)) {
            before.set(row.parent, row);
            continue;
        }
        if (!phase || !canHold(plan, phase)) {
            continue;
        }
        if (!made.has(phase)) {
            made.add(phase);
            commands.push(...becomePhase(phase));
        }
        commands.push({ op: "write", ref: row.ref, vals: { parent: phase.ref } });
    }
    return commands;
}

/** Take rows out of their phase; they follow it. */
export function outdent(plan, refs) {
    return getSelected(plan, refs)
        .filter((row) => row.parent)
        .map((row) => {
            const { parent } = plan.getItem(row.parent);
            return { op: "write", ref: row.ref, vals: { parent } };
        });
}

/** The tree as lists of refs, by phase; what is in none is in `false`. */
function getBranches(plan) {
    const branches = new Map([[false, []]]);
    plan.items.forEach((row) => branches.set(row.ref, []));
    plan.items.forEach((row) => branches.get(row.parent || false).push(row.ref));
    return branches;
}

function getOrderCommand(plan, branches) {
    const list = (ref) => [ref, ...branches.get(ref).flatMap(list)];
    const refs = branches.get(false).flatMap(list);
    const isSame = plan.items.every((row, position) => row.ref === refs[position]);
    return isSame ? [] : [{ op: "order", refs }];
}

/** Move rows before or behind the next one of their phase, and out of it at its end. */
export function reorder(plan, refs, step) {
    const branches = getBranches(plan);
    const selected = getSelected(plan, refs);
    const writes = [];
    for (const row of step < 0 ? selected : selected.reverse()) {
        const list = branches.get(row.parent || false);
        const position = list.indexOf(row.ref);
        const other = list[position + step];
        if (other !== undefined && !refs.has(other)) {
            list.splice(position, 1);
            list.splice(position + step, 0, row.ref);
        } else if (other === undefined && row.parent) {
            const { parent } = plan.getItem(row.parent);
            const outer = branches.get(parent || false);
            list.splice(position, 1);
            outer.splice(outer.indexOf(row.parent) + (step > 0 ? 1 : 0), 0, row.ref);
            writes.push({ op: "write", ref: row.ref, vals: { parent } });
        }
    }
    return [...writes, ...getOrderCommand(plan, branches)];
}

/** Put rows into a phase (or none), before another row of it; at its end without one. */
export function moveTo(plan, refs, parent, before = null) {
    const branches = getBranches(plan);
    const target = plan.getItem(parent);
    if (target && (refs.has(parent) || isInside(plan, target, refs))) {
        return [];
    }
    const moved = getSelected(plan, refs);
    const writes = [];
    for (const row of moved) {
        const list = branches.get(row.parent || false);
        list.splice(list.indexOf(row.ref), 1);
        if ((row.parent || false) !== parent) {
            writes.push({ op: "write", ref: row.ref, vals: { parent } });
        }
    }
    const list = branches.get(parent);
    const position = before === null ? -1 : list.indexOf(before);
    list.splice(position < 0 ? list.length : position, 0, ...moved.map((row) => row.ref));
    return [...writes, ...getOrderCommand(plan, branches)];
}

/** Make a row wait for another one; the lag of a link that is there changes. */
export function link(plan, from, to, lag = 0) {
    const row = plan.getItem(to);
    if (!row || from === to || row.after.get(from) === lag) {
        return [];
    }
    return [{ op: "write", ref: to, vals: { after: [...new Map(row.after).set(from, lag)] } }];
}

export function unlink(plan, from, to) {
    const row = plan.getItem(to);
    const after = [...(row?.after || [])].filter(([ref]) => ref !== from);
    return row?.after.has(from) ? [{ op: "write", ref: to, vals: { after } }] : [];
}

/** Start rows earlier or later, which is no wish where they could not start before anyway. */
export function shift(plan, refs, days, earliest) {
    return getSelected(plan, refs)
        .map((row) => {
            const start = Math.max(row.start + days, 0);
            return [row, start <= earliest(row) ? 0 : Math.round(start * 100) / 100];
        })
        .filter(([row, day]) => day !== row.notBefore || row.notBeforeDate)
        .map(([row, day]) => ({
            op: "write",
            ref: row.ref,
            vals: { not_before: day, not_before_date: false },
        }));
}

/** Make tasks longer or shorter. */
export function resize(plan, refs, days) {
    return plan.items
        .filter((row) => refs.has(row.ref) && row.kind === "task")
        .map((row) => [row, Math.max(Math.round((row.duration + days) * 100) / 100, 0)])
        .filter(([row, duration]) => duration !== row.duration)
        .map(([row, duration]) => ({ op: "write", ref: row.ref, vals: { duration } }));
}
