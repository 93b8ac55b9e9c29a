import { EstimateStore } from "./store";
import { onMounted, onWillUnmount, toRaw, useComponent } from "@odoo/owl";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { useSetupAction } from "@web/search/action_hook";

export { EstimateStore };

/** Types of the fields of the form that may follow from the plan: totals, dates, flags. */
const REFRESHED = new Set(["boolean", "char", "date", "float", "integer", "monetary", "selection"]);

/** One store by model of a form: it outlives the pages of the notebook. */
const stores = new WeakMap();

/** Read again what the form shows, and leave alone what is typed in it. */
function refreshForm(store) {
    const { record } = store;
    return record.model.mutex.exec(async () => {
        const names = record.fieldNames.filter((name) => REFRESHED.has(record.fields[name].type));
        const [values] = await store.orm.call(record.resModel, "web_read", [[record.resId]], {
            specification: Object.fromEntries(names.map((name) => [name, {}])),
        });
        if (values && store.resId === record.resId) {
            record._applyValues(values);
        }
    });
}

function makeStore(model, { orm, notification }) {
    const store = new EstimateStore({
        orm,
        notify: (message, options) => notification.add(message, options),
        onBatchSaved: () => refreshForm(store),
    });
    model.bus.addEventListener("NEED_LOCAL_CHANGES", ({ detail }) =>
        detail.proms.push(store.flushBeforeForm()),
    );
    model.bus.addEventListener("WILL_SAVE_URGENTLY", () => store.flushUrgently());
    return store;
}

/**
 * The store of the estimate of a form, shared by all its widgets. It loads on its first use and
 * when the record is read again, and is written before the form is saved, a button of it is
 * clicked, or the page is left.
 *
 * @param {Object} record the record of the form, from the props of the widget
 * @returns {EstimateStore}
 */
export function useEstimateStore(record) {
    const { services } = useComponent().env;
    const model = toRaw(record.model);
    if (!stores.has(model)) {
        stores.set(model, makeStore(model, services));
    }
    const store = stores.get(model);
    useRecordObserver((observed) => {
        // The values are another object each time that the record is read.
        const token = toRaw(observed._values);
        store.record = observed;
        if (store.token !== token) {
            store.token = token;
            store.load(observed.resId);
        }
    });
    useSetupAction({
        beforeLeave: ({ forceLeave } = {}) => (forceLeave ? undefined : store.flush()),
        beforeUnload: (event) => {
            if (!store.flushUrgently()) {
                event.preventDefault();
                event.returnValue = "Unsaved changes";
            }
        },
    });
    onWillUnmount(() => store.flush());
    return store;
}

/**
 * Call back when the store changes, while the component is mounted.
 *
 * @param {EstimateStore} store
 * @param {(detail: "data"|"status"|"selection") => void} callback
 */
export function useStoreChange(store, callback) {
    const listener = ({ detail }) => callback(detail);
    onMounted(() => store.addEventListener("change", listener));
    onWillUnmount(() => store.removeEventListener("change", listener));
}
