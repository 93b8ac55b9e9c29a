import { Component, useRef, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useEstimateStore } from "../estimate_store/estimate_store";
import { WorkloadMatrix } from "./workload_matrix";

/** The matrix on the form of an estimate. */
export class WorkloadMatrixWidget extends Component {
    static template = xml`
        <div t-ref="root">
            <WorkloadMatrix store="store" openPlan="() => this.openPlan()"/>
        </div>`;
    static components = { WorkloadMatrix };
    static props = standardWidgetProps;

    setup() {
        this.root = useRef("root");
        this.store = useEstimateStore(this.props.record);
    }

    /** Turn the notebook to the page of the plan. */
    openPlan() {
        this.root.el.closest(".o_notebook")?.querySelector(".nav-link[name=plan]")?.click();
    }
}

registry.category("view_widgets").add("quote_workload_matrix", {
    component: WorkloadMatrixWidget,
});
