import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";

import { useComponent, useEffect } from "@odoo/owl";

// Long enough for the next digit, short enough to follow the eye.
export const TYPING_DELAY = 250;

/**
 * Tells the record what is being typed, so that what follows from it moves at once. The text of
 * the input is left alone until the person leaves it.
 *
 * @param {{ el: HTMLInputElement | null }} inputRef
 * @param {(text: string) => number} parse throws when the text is no number yet
 */
export function useLiveCommit(inputRef, parse) {
    const component = useComponent();
    const commit = useDebounced((text) => {
        const { name, record } = component.props;
        let value;
        try {
            value = parse(text);
        } catch {
            return;
        }
        if (Number.isFinite(value) && value !== record.data[name]) {
            record.update({ [name]: value });
        }
    }, TYPING_DELAY);
    useEffect(
        (input) => {
            if (!input) {
                return;
            }
            const onInput = () => commit(input.value);
            input.addEventListener("input", onInput);
            return () => input.removeEventListener("input", onInput);
        },
        () => [inputRef.el],
    );
}

export class LiveFloatField extends FloatField {
    setup() {
        super.setup();
        useLiveCommit(this.inputRef, (text) => this.parse(text));
    }
}

export class LiveMonetaryField extends MonetaryField {
    setup() {
        super.setup();
        useLiveCommit(this.inputRef, this.inputOptions.parse);
    }
}

registry.category("fields").add("quote_live_float", { ...floatField, component: LiveFloatField });
registry
    .category("fields")
    .add("quote_live_monetary", { ...monetaryField, component: LiveMonetaryField });
