import { Component, onMounted, useRef, useState } from "@odoo/owl";

const MOVES = {
    Enter: [1, 0],
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
};

/**
 * The field over the active cell. What is typed stays in it, so that typing draws nothing else.
 */
export class WorkloadCellEditor extends Component {
    static template = "commercial_quote_process.WorkloadCellEditor";
    static props = {
        /** Tells what it starts with, at the moment it is there. */
        getText: Function,
        onReady: Function,
        /** Started by typing: arrows leave the cell; else they move in the text. */
        isTyped: Boolean,
        label: String,
        style: String,
        /** Gets the text and returns whether it could be written; then the field goes. */
        commit: Function,
        /** Called after the text was written: how far to move, down and right, or by Tab. */
        leave: Function,
        cancel: Function,
    };

    setup() {
        this.input = useRef("input");
        this.state = useState({ isInvalid: false });
        onMounted(() => {
            const { el } = this.input;
            el.value = this.props.getText();
            this.props.onReady();
            el.focus();
            if (this.props.isTyped) {
                el.setSelectionRange(el.value.length, el.value.length);
            } else {
                el.select();
            }
        });
    }

    /** Write what is typed; the field stays, marked, when that is no number of days. */
    commit() {
        const isWritten = this.props.commit(this.input.el.value);
        this.state.isInvalid = !isWritten;
        this.isDone = isWritten;
        return isWritten;
    }

    onInput() {
        this.state.isInvalid = false;
    }

    onKeydown(ev) {
        ev.stopPropagation();
        if (ev.isComposing) {
            return;
        }
        if (ev.key === "Escape") {
            this.isDone = true;
            this.props.cancel();
        } else if (ev.key === "Tab") {
            ev.preventDefault();
            if (this.commit()) {
                this.props.leave({ next: ev.shiftKey ? -1 : 1 });
            }
        } else if (ev.key in MOVES && (ev.key === "Enter" || this.props.isTyped)) {
            ev.preventDefault();
            const [down, right] = MOVES[ev.key];
            if (this.commit()) {
                this.props.leave({ down: ev.shiftKey ? -down : down, right });
            }
        }
    }

    /** A field that is taken away loses the focus as well: what it had is written by then. */
    onBlur() {
        if (!this.isDone) {
            this.props.cancel({ isBlurred: true, isLost: !this.commit() });
        }
    }
}
