import { getKeyAction } from "./workload_keys";

/**
 * What keys do in the matrix.
 *
 * @param {Object} matrix
 * @param {WorkloadSession} matrix.session
 * @param {Object} matrix.editing see `useCellEditing`
 * @param {Object} matrix.scroller ref of the box that has the focus
 * @param {(change: () => void) => void} matrix.select moves the selection and draws it
 * @param {() => number} matrix.getRowsPerPage
 * @returns {{onKeydown: (ev: KeyboardEvent) => void}}
 */
export function getMatrixKeyboard({ session, editing, scroller, select, getRowsPerPage }) {
    const { store } = session;
    /** Escape lets the next Tab out of the table. */
    let isLeaving = false;

    function moveToBorder({ isEnd, isTable, extend }) {
        const { bottom, right } = session.grid.range;
        const edge = isEnd ? bottom : 0;
        session.moveTo(isTable ? edge : session.task, isEnd ? right : 0, { extend });
    }

    /** Tab goes on to the next cell, and out of the table behind the last one. */
    function moveNext({ step }, mayLeave) {
        let isInside = false;
        if (store.editable && !mayLeave) {
            select(() => {
                isInside = session.moveNext(step);
            });
        }
        return isInside;
    }

    const actions = {
        move: (action) => select(() => session.move(action.down, action.right, action)),
        border: (action) => select(() => moveToBorder(action)),
        page: (action) => {
            const rows = Math.max(1, getRowsPerPage());
            select(() => session.move(action.direction * rows, 0, action));
        },
        next: moveNext,
        escape: () => select(() => session.moveTo(session.task, session.column)),
        selectAll: () => select(() => session.selectRange(session.grid.range)),
        edit: ({ text }) => editing.edit(text),
        points: () => editing.openPoints(),
        undo: () => store.undo(),
        redo: () => store.redo(),
        clear: () => session.clear(),
        fillDown: () => session.fillDown(),
    };

    function onKeydown(ev) {
        if (editing.takeKey(ev)) {
            ev.preventDefault();
            ev.stopPropagation();
            return;
        }
        const action = getKeyAction(ev);
        if (!action || session.isEmpty || ev.target !== scroller.el) {
            return;
        }
        const mayLeave = isLeaving;
        isLeaving = action.name === "escape";
        const isDone = actions[action.name](action, mayLeave);
        if (action.name !== "next" || isDone) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    return { onKeydown };
}
