/**
 * The Gantt: one SVG. Each drawn row has one path; what all rows share (links, slack, days off,
 * lines of the grid) is one path each. Nothing of Odoo is used here.
 */
import { Shapes } from "./plan_shapes";

const SVG = "http://www.w3.org/2000/svg";
const LAYERS = ["off", "grid", "rows", "slack", "links", "critical_links", "chosen_link"];
/** How far from a line a pointer still means it, in pixels. */
const LINK_REACH = 5;

function svg(tag, attributes, parent) {
    const element = document.createElementNS(SVG, tag);
    for (const name in attributes) {
        element.setAttribute(name, attributes[name]);
    }
    return parent ? parent.appendChild(element) : element;
}

export class PlanChart {
    /**
     * @param {PlanView} view
     * @param {HTMLElement} body
     * @param {HTMLElement} head
     */
    constructor(view, body, head) {
        this.view = view;
        this.svg = svg("svg", { class: "o_plan_chart", role: "group" }, body);
        this.svg.setAttribute("aria-label", view.text("chart"));
        this._definePattern();
        this.layers = {};
        for (const name of LAYERS) {
            this.layers[name] = svg("path", { class: `o_plan_layer_${name}` }, this.svg);
        }
        this.bars = svg("g", {}, this.svg);
        this.layers.hatch = svg("path", { class: "o_plan_layer_hatch" }, this.svg);
        this.layers.hatch.setAttribute("fill", `url(#${view.uid}-hatch)`);
        this.layers.pending = svg("path", { class: "o_plan_layer_pending" }, this.svg);
        this.handle = svg("circle", { class: "o_plan_handle", r: 4.5, cx: -20 }, this.svg);
        this.axis = svg("svg", { class: "o_plan_axis", "aria-hidden": "true" }, head);
        this.slots = [];
        this.links = [];
    }

    /** Stripes for what is critical: a colour alone would not say it to everyone. */
    _definePattern() {
        const attributes = {
            id: `${this.view.uid}-hatch`,
            width: 6,
            height: 6,
            patternUnits: "userSpaceOnUse",
            patternTransform: "rotate(45)",
        };
        const pattern = svg("pattern", attributes, svg("defs", {}, this.svg));
        svg("path", { d: "M0 0V6", class: "o_plan_stripe" }, pattern);
    }

    /** Draw the rows from `first` to `last` (excluded), and what is between two points. */
    draw(first, last, from, to) {
        const { view } = this;
        this.shapes = new Shapes(view);
        this._resize();
        this._drawBackground(first, last, from, to);
        this._drawAxis(from, to);
        this.drawRows(first, last);
    }

    /** Draw what depends on when rows happen: all that changes during a drag. */
    drawRows(first, last) {
        Object.assign(this, { first, last });
        const [slack, hatch] = [[], []];
        while (this.slots.length < last - first) {
            this.slots.push({ path: svg("path", { role: "img" }, this.bars) });
        }
        this.size = Math.max(this.slots.length, 1);
        const used = new Set();
        for (let position = first; position < last; position++) {
            const slot = this.slots[position % this.size];
            used.add(slot);
            this._drawBar(slot, position, slack, hatch);
        }
        for (const slot of this.slots) {
            if (!used.has(slot)) {
                this._set(slot, "d", "");
                this._set(slot, "label", "");
                this._drawLabel(slot);
            }
        }
        this.setLayer("slack", slack.join(""));
        this.setLayer("hatch", hatch.join(""));
        this._drawLinks();
    }

    setLayer(name, path) {
        const layer = this.layers[name];
        if (layer.drawn !== path) {
            layer.drawn = path;
            layer.setAttribute("d", path);
        }
    }

    _set(slot, name, value) {
        if (slot[name] !== value) {
            slot[name] = value;
            slot.path.setAttribute(name === "label" ? "aria-label" : name, value);
        }
    }

    _resize() {
        const { width, height } = this.view;
        if (this.width !== width || this.height !== height) {
            Object.assign(this, { width, height });
            this.svg.setAttribute("width", width);
            this.svg.setAttribute("height", height);
            this.axis.setAttribute("width", width);
        }
    }

    _drawBackground(first, last, from, to) {
        const { view } = this;
        const { scale, rowHeight } = view;
        const [top, bottom] = [first * rowHeight, last * rowHeight];
        const band = ([x1, x2]) => `M${x1} ${top}H${x2}V${bottom}H${x1}Z`;
        this.setLayer("off", scale.daysOff(from, to).map(band).join(""));
        const marks = scale.ticks(from, to);
        this.marks = marks;
        const lines = scale.level === "day" ? marks.top : marks.bottom;
        this.setLayer("grid", lines.map(({ x }) => `M${x} ${top}V${bottom}`).join(""));
        const selected = [];
        for (let position = first; position < last; position++) {
            if (view.selection.has(view.rows[position].ref) || position === view.active) {
                const y = position * rowHeight;
                selected.push(`M${from} ${y}H${to}V${y + rowHeight}H${from}Z`);
            }
        }
        this.setLayer("rows", selected.join(""));
    }

    _drawAxis() {
        const { marks, axis, view } = this;
        const isBare = !marks.top.length;
        const texts = [
            ...marks.top.map((mark) => ({ ...mark, y: 16, bold: true })),
            ...marks.bottom.map((mark) => ({ ...mark, y: isBare ? 27 : 35, bold: isBare })),
        ];
        const key = JSON.stringify(texts);
        if (axis.drawn === key) {
            return;
        }
        axis.drawn = key;
        axis.replaceChildren(
            svg("path", {
                class: "o_plan_layer_grid",
                d: marks.bottom
                    .map(({ x }) => `M${x} ${isBare ? 12 : 24}V44`)
                    .concat(marks.top.map(({ x }) => `M${x} 4V44`))
                    .join(""),
            }),
        );
        // Days stand in the middle of their column, longer parts at their beginning.
        const isCentred = view.scale.level === "day";
        for (const { x, y, label, bold } of texts) {
            const isDay = isCentred && y === 35;
            const text = svg("text", { x: isDay ? x + view.scale.unit / 2 : x + 4, y }, axis);
            text.setAttribute("class", bold ? "o_plan_top" : isDay ? "o_plan_day" : "");
            text.textContent = label;
        }
    }

    _drawBar(slot, position, slack, hatch) {
        const { view, shapes } = this;
        const row = view.rows[position];
        if (row.isDraft) {
            this._set(slot, "d", "");
            this._drawLabel(slot);
            return;
        }
        const box = view.getBox(position);
        const isCritical = view.options.showCritical && view.isCritical(row.ref);
        const state = view.selection.has(row.ref) ? " o_selected" : "";
        this._set(slot, "d", shapes.bar(row.kind, box));
        this._set(
            slot,
            "class",
            `o_plan_bar_${row.kind}${isCritical ? " o_critical" : ""}${state}`,
        );
        this._set(slot, "label", view.describe(row));
        if (isCritical && row.kind === "task") {
            hatch.push(shapes.bar(row.kind, box));
        }
        this._drawLabel(slot, row.name, box);
        const days = view.getSlack(row.ref);
        if (view.options.showCritical && days > 0 && row.kind !== "phase") {
            slack.push(shapes.slack(box, view.scale.endX(view.getEnd(row.ref) + days)));
        }
    }

    /** The name of a row beside its bar, where there is no tree to read it from. */
    _drawLabel(slot, name = "", { left, right, middle } = {}) {
        const text = this.view.treeWidth ? "" : name;
        if (!text && !slot.text) {
            return;
        }
        slot.text ??= svg("text", { class: "o_plan_label" }, this.bars);
        slot.text.textContent = text;
        if (text) {
            const isLate = right + 14 + 6.5 * text.length > this.view.width && left > right / 2;
            slot.text.setAttribute("x", isLate ? left - 10 : right + 14);
            slot.text.setAttribute("y", middle + 4);
            slot.text.setAttribute("text-anchor", isLate ? "end" : "start");
        }
    }

    _drawLinks() {
        const { view, shapes, first, last } = this;
        const lines = { links: [], critical_links: [], chosen_link: [] };
        this.links = [];
        for (const link of view.links) {
            if (link.high < first || link.low >= last) {
                continue;
            }
            const { fromRef: from, toRef: to } = link;
            const points = shapes.link(view.getBox(link.from), view.getBox(link.to));
            this.links.push({ from, to, points });
            lines[this._getLayer(from, to)].push(shapes.arrow(points));
        }
        for (const name in lines) {
            this.setLayer(name, lines[name].join(""));
        }
    }

    _getLayer(from, to) {
        const { chosenLink, options } = this.view;
        if (chosenLink?.from === from && chosenLink.to === to) {
            return "chosen_link";
        }
        const isTight = this.view.isCritical(from) && this.view.isCritical(to);
        return options.showCritical && isTight ? "critical_links" : "links";
    }

    /** The link under a point of the chart. */
    findLink(x, y, reach = LINK_REACH) {
        const between = (value, a, b) =>
            value >= Math.min(a, b) - reach && value <= Math.max(a, b) + reach;
        return this.links.find(({ points }) =>
            points.some(
                ([px, py], index) =>
                    index &&
                    between(x, points[index - 1][0], px) &&
                    between(y, points[index - 1][1], py),
            ),
        );
    }

    /** Show where a line to another row starts, beside the bar under the pointer. */
    placeHandle(position) {
        const row = this.view.rows[position];
        const isShown = row && !row.isDraft && this.view.editable;
        const box = isShown ? this.view.getBox(position) : { right: -40, middle: 0 };
        this.handle.setAttribute("cx", box.right + 11);
        this.handle.setAttribute("cy", box.middle);
    }
}
