import { Component } from "@odoo/owl";

/**
 * A row of the matrix: a task with its days, or a phase with its subtotals. It is drawn again only
 * when the row itself or what is selected in it changes.
 */
export class WorkloadMatrixRow extends Component {
    static template = "commercial_quote_process.WorkloadMatrixRow";
    static props = {
        row: Object,
        /** The columns. */
        roleIds: Array,
        id: String,
        seesCosts: Boolean,
        seesPrices: Boolean,
        editable: Boolean,
        format: Object,
        /** First and last selected column, -1 for none. */
        left: Number,
        right: Number,
        /** The column of the active cell, -1 for none. */
        active: Number,
        /** The column at the corner of the selected block, -1 for none. */
        handle: Number,
        isFilling: Boolean,
    };

    isSelected(index) {
        return index >= this.props.left && index <= this.props.right;
    }

    getCellClass(index) {
        const { active, row } = this.props;
        const cell = row.cells[index];
        return {
            o_selected: this.isSelected(index),
            o_active: index === active,
            o_three_point: Boolean(cell?.high),
            o_rate_missing: Boolean(cell?.rateMissing),
        };
    }

    getCellId(index) {
        return `${this.props.id}_${this.props.row.task}_${index}`;
    }
}
