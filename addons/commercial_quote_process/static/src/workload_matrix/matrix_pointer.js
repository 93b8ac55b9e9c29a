import { useExternalListener } from "@odoo/owl";

/** The cell under a pointer, counted among tasks and columns; -1 where it is in neither. */
function getPlace(ev) {
    const { task = -1, column = -1 } =
        ev.target.closest?.("[data-task], [data-column]")?.dataset || {};
    return { task: Number(task), column: Number(column) };
}

/**
 * Mouse and touch in the matrix: one listener for all cells.
 *
 * @param {Object} handlers
 * @param {() => WorkloadSession} handlers.getSession
 * @param {(change: () => void) => void} handlers.select moves the selection and draws it
 * @param {() => void} handlers.edit edits the active cell
 * @param {(bottom: number) => void} handlers.previewFill shows how far the block is to be repeated
 * @param {() => void} handlers.fill
 * @returns {Object} listeners of the box
 */
export function useMatrixPointer({ getSession, select, edit, previewFill, fill }) {
    /** What the pressed button does: select cells, or pull the handle. */
    let drag = null;
    let pointerType = "mouse";

    function selectPlace({ task, column }, extend) {
        const session = getSession();
        const { bottom, right } = session.grid.range;
        if (task >= 0 && column >= 0) {
            select(() => session.moveTo(task, column, { extend }));
        } else if (task >= 0) {
            select(() => session.selectRange({ top: task, left: 0, bottom: task, right }));
        } else {
            select(() => session.selectRange({ top: 0, left: column, bottom, right: column }));
        }
    }

    function onPointerdown(ev) {
        pointerType = ev.pointerType;
        const place = getPlace(ev);
        if (ev.button || pointerType === "touch" || ev.target.closest("input, button")) {
            return;
        }
        if (ev.target.dataset.handle) {
            drag = "fill";
        } else if (place.task >= 0 || place.column >= 0) {
            drag = place.task >= 0 && place.column >= 0 ? "select" : null;
            selectPlace(place, ev.shiftKey);
        } else {
            return;
        }
        // The table has the focus, and no text is selected in it.
        ev.preventDefault();
    }

    useExternalListener(window, "pointermove", (ev) => {
        const place = drag ? getPlace(ev) : { task: -1 };
        if (place.task < 0) {
            return;
        }
        if (drag === "fill") {
            previewFill(place.task);
        } else if (place.column >= 0) {
            const session = getSession();
            if (place.task !== session.task || place.column !== session.column) {
                selectPlace(place, true);
            }
        }
    });
    useExternalListener(window, "pointerup", () => {
        if (drag === "fill") {
            fill();
        }
        drag = null;
    });

    /** A finger scrolls; where it taps is selected and edited. */
    function onClick(ev) {
        const place = getPlace(ev);
        if (pointerType === "touch" && place.task >= 0 && place.column >= 0) {
            selectPlace(place, false);
            edit();
        }
    }

    function onDblclick(ev) {
        const place = getPlace(ev);
        if (place.task >= 0 && place.column >= 0) {
            edit();
        }
    }

    return { onPointerdown, onClick, onDblclick };
}
