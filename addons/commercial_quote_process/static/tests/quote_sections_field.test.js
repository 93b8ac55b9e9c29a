import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const OUTLINE = [
    { key: "summary", title: "Summary", shown: true, fixed: false, filled: false },
    { key: "plan", title: "Plan", shown: false, fixed: false, filled: true },
    { key: "price", title: "Price", shown: true, fixed: true, filled: true },
];

class Quote extends models.Model {
    _name = "quote";
    proposal_hidden_sections = fields.Json();
    proposal_outline = fields.Json();
    _records = [{ id: 1, proposal_hidden_sections: ["plan"], proposal_outline: OUTLINE }];
}

defineMailModels();
defineModels([Quote]);

const ARCH = `<form><field name="proposal_hidden_sections" widget="quote_sections"/></form>`;

test("sections that are left out are not ticked, and the price cannot be left out", async () => {
    await mountView({ type: "form", resModel: "quote", resId: 1, arch: ARCH });
    expect(".form-check-input").toHaveCount(3);
    expect(".col:nth-child(1) input").toBeChecked();
    expect(".col:nth-child(1) small").toHaveText("empty");
    expect(".col:nth-child(2) input").not.toBeChecked();
    expect(".col:nth-child(3) input").not.toBeEnabled();
});

test("ticking writes the keys of what is left out", async () => {
    onRpc("quote", "web_save", ({ args }) => {
        expect.step(JSON.stringify(args[1].proposal_hidden_sections));
    });
    await mountView({ type: "form", resModel: "quote", resId: 1, arch: ARCH });
    await click(".col:nth-child(1) input");
    await animationFrame();
    await contains(".o_form_button_save").click();
    expect.verifySteps(['["plan","summary"]']);
});
