/** What keys do in the matrix, as in spreadsheets. */

const ARROWS = {
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
};
/** Keys with which a number begins. */
const NUMBER_START = /^[\d,-]$/;

/** Keys with Ctrl that change something. */
const SHORTCUTS = { d: "fillDown", z: "undo", y: "redo", a: "selectAll" };

function getControlAction(ev) {
    const key = ev.key.toLowerCase();
    if (key === "z" && ev.shiftKey) {
        return { name: "redo" };
    }
    return key in SHORTCUTS ? { name: SHORTCUTS[key] } : null;
}

/**
 * @param {KeyboardEvent} ev
 * @returns {{name: string}|null} what to do, with its parameters; null when the key is not ours
 */
export function getKeyAction(ev) {
    const isControl = ev.ctrlKey || ev.metaKey;
    const extend = ev.shiftKey;
    if (ev.altKey || ev.isComposing) {
        return null;
    }
    if (ev.key in ARROWS) {
        const [down, right] = ARROWS[ev.key];
        return { name: "move", down, right, extend, jump: isControl };
    }
    switch (ev.key) {
        case "Home":
        case "End":
            return { name: "border", isEnd: ev.key === "End", isTable: isControl, extend };
        case "PageDown":
        case "PageUp":
            return { name: "page", direction: ev.key === "PageDown" ? 1 : -1, extend };
    }
    if (isControl) {
        return getControlAction(ev);
    }
    switch (ev.key) {
        case "Enter":
            return { name: "move", down: ev.shiftKey ? -1 : 1, right: 0 };
        case "Tab":
            return { name: "next", step: ev.shiftKey ? -1 : 1 };
        case "F2":
            return { name: "edit" };
        case "Escape":
            return { name: "escape" };
        case "Delete":
        case "Backspace":
            return { name: "clear" };
        case ".":
            return { name: "points" };
    }
    return NUMBER_START.test(ev.key) ? { name: "edit", text: ev.key } : null;
}
