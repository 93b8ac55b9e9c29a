/**
 * The plan by mouse, pen and finger: one listener for all of it. A finger scrolls; held still, it
 * drags. Nothing of Odoo is used here.
 */
import { PlanDrags } from "./plan_drags";
import { COLUMNS } from "./plan_tree";

const BAR = COLUMNS.indexOf("bar");
const THRESHOLD = 4;
const LONG_PRESS = 450;
const DOUBLE_CLICK = 400;
const EDGE = 30;
const EVENTS = ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"];

export class PlanGestures {
    constructor(view) {
        this.view = view;
        this.press = null;
        this.drags = new PlanDrags(view);
        this.onPointer = (event) => this[`_${event.type}`](event);
        EVENTS.forEach((name) => view.host.addEventListener(name, this.onPointer));
        // The browser must not scroll once a finger drags.
        this.onTouch = (event) => this.press?.isDragging && event.preventDefault();
        view.host.addEventListener("touchmove", this.onTouch, { passive: false });
        this.onMenu = (event) => this.press?.isTouch && event.preventDefault();
        view.host.addEventListener("contextmenu", this.onMenu);
    }

    destroy() {
        this.cancel();
        EVENTS.forEach((name) => this.view.host.removeEventListener(name, this.onPointer));
        this.view.host.removeEventListener("touchmove", this.onTouch);
        this.view.host.removeEventListener("contextmenu", this.onMenu);
    }

    // === WHAT IS UNDER THE POINTER === //

    /**
     * @returns {{zone: string, position: number, x: number, y: number, link?: Object}} zone: head,
     *     tree, fold, splitter, connect, edge, bar, link or empty
     */
    locate(event) {
        const { view } = this;
        const frame = view.root.getBoundingClientRect();
        const body = view.body.getBoundingClientRect();
        const [x, y] = [event.clientX - body.left - view.treeWidth, event.clientY - body.top];
        const place = { x, y, position: Math.floor(y / view.rowHeight), zone: "empty" };
        const inTree = event.clientX - frame.left < view.treeWidth;
        if (event.target === view.splitter) {
            Object.assign(place, { zone: "splitter", position: -1 });
        } else if (event.clientY < frame.top + view.head.offsetHeight) {
            place.zone = "head";
        } else if (!view.rows[place.position]) {
            place.zone = "outside";
        } else if (inTree) {
            this._locateInTree(place, event);
        } else if (view.rows[place.position].isDraft) {
            place.zone = "empty";
        } else {
            this._locateInChart(place);
        }
        return place;
    }

    _locateInTree(place, event) {
        const { view } = this;
        const row = view.rows[place.position];
        const cell = event.target.closest?.("[data-column]");
        const name = cell?.dataset.column || "name";
        place.column = Math.max(COLUMNS.indexOf(name), 0);
        place.zone = "tree";
        if (name === "name" && row.kind === "phase" && cell) {
            const inside = event.clientX - cell.getBoundingClientRect().left;
            place.zone = inside < 24 + row.level * 18 ? "fold" : "tree";
        }
    }

    _locateInChart(place) {
        const { view } = this;
        const row = view.rows[place.position];
        const box = view.getBox(place.position);
        const [left, right] = [box.left - box.reach, box.right + box.reach];
        const isClose = Math.abs(place.y - box.middle) <= view.rowHeight / 2;
        const isTask = row.kind === "task" && view.editable;
        if (isTask && isClose && Math.abs(place.x - right) <= 5) {
            place.zone = "edge";
        } else if (view.editable && isClose && place.x > right + 4 && place.x <= right + 18) {
            place.zone = "connect";
        } else if (isClose && place.x >= left - 2 && place.x <= right + 2) {
            place.zone = "bar";
        } else {
            place.link = view.chart.findLink(place.x, place.y);
            place.zone = place.link ? "link" : "empty";
        }
    }

    // === EVENTS === //

    _pointerdown(event) {
        const { view } = this;
        if (event.button || event.target.closest("input, button")) {
            return;
        }
        const place = this.locate(event);
        const isTouch = event.pointerType === "touch";
        this.press = { ...place, place, isTouch, id: event.pointerId, at: event };
        this.press.scroll = [view.root.scrollLeft, view.root.scrollTop];
        if (isTouch && view.editable) {
            this.timer = setTimeout(() => this._begin(), LONG_PRESS);
        }
    }

    _pointermove(event) {
        const { press } = this;
        if (!press) {
            this._hover(event);
            return;
        }
        const far =
            Math.abs(event.clientX - press.at.clientX) > THRESHOLD ||
            Math.abs(event.clientY - press.at.clientY) > THRESHOLD;
        if (!press.isDragging && far) {
            if (press.isTouch) {
                this.cancel();
                return;
            }
            this._begin();
        }
        if (press.isDragging && this.press) {
            this._scrollAtEdge(event);
            this.press.drag.move?.(this.locate(event), event);
        }
    }

    _pointerup(event) {
        const { press } = this;
        clearTimeout(this.timer);
        this.press = null;
        if (!press) {
            return;
        }
        this.view.host.classList.remove("o_plan_dragging");
        this.view.root.focus({ preventScroll: true });
        if (press.isDragging) {
            press.drag.drop?.(this.locate(event), event);
        } else {
            this._click(press.place, event);
        }
    }

    _pointercancel() {
        this.cancel();
    }

    _pointerleave() {
        if (!this.press) {
            this.view.chart.placeHandle(-1);
        }
    }

    /** Forget what is dragged. */
    cancel() {
        clearTimeout(this.timer);
        const { press } = this;
        this.press = null;
        this.view.host.classList.remove("o_plan_dragging");
        if (press?.isDragging) {
            press.drag.cancel?.();
        }
    }

    _hover(event) {
        const { view } = this;
        const { zone, position } = this.locate(event);
        view.host.dataset.zone = zone;
        const isNear = ["bar", "edge", "connect", "empty"].includes(zone);
        view.chart.placeHandle(isNear ? position : -1);
    }

    _begin() {
        const { press, view } = this;
        press.drag = this.drags.begin(press) || {};
        const row = view.rows[press.position];
        if (press.drag.move && row && !view.selection.has(row.ref)) {
            view.activate(press.position, { column: press.column ?? BAR });
        }
        press.isDragging = true;
        if (!press.drag.move) {
            return;
        }
        view.host.classList.add("o_plan_dragging");
        view.host.setPointerCapture?.(press.id);
        if (press.isTouch) {
            navigator.vibrate?.(15);
        }
    }

    _scrollAtEdge(event) {
        const { root, treeWidth, head } = this.view;
        const { left, right, top, bottom } = root.getBoundingClientRect();
        if (["bar", "edge", "connect"].includes(this.press.zone)) {
            const isLeft = event.clientX < left + treeWidth + EDGE;
            root.scrollLeft += event.clientX > right - EDGE ? 12 : isLeft ? -12 : 0;
        }
        if (["connect", "tree", "fold"].includes(this.press.zone)) {
            const isTop = event.clientY < top + head.offsetHeight + EDGE / 2;
            root.scrollTop += event.clientY > bottom - EDGE / 2 ? 8 : isTop ? -8 : 0;
        }
    }

    // === CLICKS === //

    _click(place, event) {
        const { view } = this;
        const { zone, position } = place;
        if (zone === "head" || zone === "outside" || zone === "splitter") {
            return;
        }
        if (view.keys.linkFrom !== null) {
            view.activate(position, { mode: "keep" });
            view.keys._enter();
            return;
        }
        if (zone === "fold") {
            view.fold(view.rows[position].ref);
            return;
        }
        if (zone === "link") {
            view.activate(position, { column: BAR, mode: "keep" });
            view.chosenLink = place.link;
            view.draw(true);
            view.announce("chosen_link");
            return;
        }
        this._select(place, event);
    }

    _select(place, event) {
        const { view } = this;
        const { position } = place;
        const row = view.rows[position];
        const column = place.column ?? (row.isDraft ? 0 : BAR);
        const isExtended = event.shiftKey || event.ctrlKey || event.metaKey;
        const wasActive = view.active === position && view.column === column && !isExtended;
        const isDouble = wasActive && event.timeStamp - this.clickedAt < DOUBLE_CLICK;
        this.clickedAt = event.timeStamp;
        const mode = event.shiftKey ? "extend" : isExtended ? "toggle" : "one";
        view.activate(position, { column, mode });
        if (row.isDraft || (wasActive && place.zone === "tree")) {
            view.editor.open();
        } else if (isDouble && place.zone !== "tree") {
            view.ask("details", row.ref);
        }
    }
}
