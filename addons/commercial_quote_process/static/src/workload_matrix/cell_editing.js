import { onMounted, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { formatCell, formatNumber } from "./workload_clipboard";
import { WorkloadPointsPopover } from "./workload_points_popover";

/**
 * Editing of one cell of the matrix: in a field over it, or in three points beside it.
 *
 * @param {Object} matrix
 * @param {WorkloadSession} matrix.session
 * @param {() => Object} matrix.getPlace where the active cell is: a style
 * @param {() => HTMLElement} matrix.getCell the active cell
 * @param {() => void} matrix.reveal scrolls to the active cell
 * @param {(change: () => void) => void} matrix.select moves the selection and draws it
 * @param {() => void} matrix.focus
 * @param {(message: string, options: Object) => void} matrix.notify
 */
export function useCellEditing({ session, getPlace, getCell, reveal, select, focus, notify }) {
    const { store, separators } = session;
    const state = useState({ edit: null });
    /** What was typed so far, while the field is not drawn yet. */
    let pending;
    const popover = usePopover(WorkloadPointsPopover, { onClose: focus });

    function getLabel() {
        const { grid, task, column } = session;
        return `${grid.tasks[task].name}, ${grid.columns[column].name}`;
    }

    function canEdit() {
        if (store.editable && !session.isEmpty) {
            reveal();
            return true;
        }
        return false;
    }

    /**
     * @param {string} [text] what was typed; else what the cell holds
     */
    function edit(text) {
        if (canEdit()) {
            const { target } = session;
            pending = text;
            state.edit = {
                getText: () => pending ?? formatCell(session.cell, separators),
                isTyped: text !== undefined,
                label: getLabel(),
                style: getPlace(),
                onReady: () => (pending = undefined),
                commit: (typed) => session.write(typed, target),
                leave,
                cancel,
            };
        }
    }

    /**
     * Take a key that comes before the field is drawn: people type faster than that.
     *
     * @param {KeyboardEvent} ev
     * @returns {boolean} whether it went into the text
     */
    function takeKey({ key }) {
        if (pending === undefined) {
            return false;
        }
        if (key.length === 1) {
            pending += key;
            return true;
        }
        if (key === "Shift") {
            return true;
        }
        const text = pending;
        pending = undefined;
        state.edit = null;
        if (key !== "Escape" && !session.write(text)) {
            cancel({ isLost: true });
        }
        return key === "Escape";
    }

    function leave({ down = 0, right = 0, next }) {
        state.edit = null;
        select(() => (next ? session.moveNext(next) : session.move(down, right)));
        focus();
    }

    /**
     * @param {Object} [options]
     * @param {boolean} [options.isBlurred] the focus is elsewhere by now
     * @param {boolean} [options.isLost] what was typed could not be written
     */
    function cancel({ isBlurred, isLost } = {}) {
        state.edit = null;
        if (isLost) {
            notify(_t("This is no number of days, so the cell stays as it was."), {
                type: "warning",
            });
        }
        if (!isBlurred) {
            focus();
        }
    }

    /** Keep what is typed before something else happens: the field writes when it is left. */
    function commit() {
        if (state.edit && document.activeElement?.matches(".o_quote_matrix_input")) {
            document.activeElement.blur();
        }
    }

    /** Ask for days at best, most likely and at worst. */
    function openPoints() {
        if (canEdit()) {
            const { cell, target } = session;
            const numbers = cell?.high ? [cell.low, cell.likely, cell.high] : [0, cell?.days, 0];
            popover.open(getCell(), {
                title: getLabel(),
                points: numbers.map((value) => (value ? formatNumber(value, separators) : "")),
                separators,
                save: (text) => session.write(text, target),
            });
        }
    }

    onMounted(() => store.addEventListener("commit", commit));
    onWillUnmount(() => {
        commit();
        store.removeEventListener("commit", commit);
    });
    return { state, edit, takeKey, openPoints, commit };
}
