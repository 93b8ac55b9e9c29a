/** Cells with their three points, next to the plain numbers that a spreadsheet takes. */
const POINTS_TYPE = "application/x-commercial-quote-workload";

/**
 * Copy, cut and paste of cells.
 *
 * @param {Object} matrix
 * @param {WorkloadSession} matrix.session
 * @param {Object} matrix.scroller ref of the box that has the focus
 * @param {(change: () => void) => void} matrix.select moves the selection and draws it
 * @returns {Object} listeners of the box
 */
export function getMatrixClipboard({ session, scroller, select }) {
    /** Whether cells are meant, not the text of a field. */
    const isMine = (ev) => ev.target === scroller.el && !session.isEmpty;

    function onCopy(ev) {
        if (isMine(ev)) {
            ev.preventDefault();
            ev.clipboardData.setData("text/plain", session.getText());
            ev.clipboardData.setData(POINTS_TYPE, session.getPointsText());
        }
    }

    function onCut(ev) {
        onCopy(ev);
        if (ev.defaultPrevented) {
            session.clear();
        }
    }

    function onPaste(ev) {
        if (isMine(ev) && session.store.editable) {
            ev.preventDefault();
            const data = ev.clipboardData;
            const text = data.getData(POINTS_TYPE) || data.getData("text/plain");
            select(() => session.paste(text));
        }
    }

    return { onCopy, onCut, onPaste };
}
