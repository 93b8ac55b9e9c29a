/**
 * The client on the page of an offer: signs, asks for changes, declines, chooses options, opens an
 * old link. Each tour runs on a wide screen and on a phone.
 */
import { addTour, PATIENCE } from "./quote_tour_steps";

const ready = { trigger: "body[is-ready=true]" };

/** Open one of the answers by its button that is on the screen at this width. */
function openAnswer(name, dialog) {
    return [{ trigger: `[name='${name}']:visible`, run: "click" }, { trigger: `${dialog}.show` }];
}

/** Send what was filled in, and read what the page says then. */
function send(dialog, said) {
    return [
        {
            trigger: `${dialog} button[type='submit']:enabled`,
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: `[name='quote_status']:contains('${said}')` },
    ];
}

/** Sign: the terms first, the function, the drawing, the box to tick. */
function sign(signer) {
    return [
        ...openAnswer("quote_sign", "#modalaccept"),
        { trigger: "#modalaccept canvas.o_web_sign_signature" },
        { trigger: `#modalaccept .o_web_sign_name_input:value(${signer})` },
        {
            trigger: "#modalaccept input[name='function']",
            run: "edit Directrice générale",
        },
        { trigger: "#modalaccept input[name='purchase_order']", run: "edit BC-2026-118" },
        { trigger: "#modalaccept canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        { trigger: "#modalaccept .o_portal_sign_submit", run: "click" },
        { trigger: "#modalaccept input[name='terms_accepted'].is-invalid" },
        { trigger: "#modalaccept input[name='terms_accepted']", run: "click" },
        {
            trigger: "#modalaccept .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "[name='quote_status']:contains('signed copy')" },
    ];
}

addTour("quote_client_signs", {
    steps: () => [
        ready,
        { trigger: "#offer_plan svg" },
        { trigger: "#offer_milestones:contains('odel approved')" },
        ...sign("Julie Perrin"),
    ],
});

addTour("quote_client_asks_for_changes", {
    steps: () => [
        ready,
        ...openAnswer("quote_ask_changes", "#modalchanges"),
        { trigger: "#modalchanges input[name='section'][value='plan']", run: "click" },
        {
            trigger: "#modalchanges textarea[name='comment_plan']",
            run: "edit The survey must be over before Easter",
        },
        {
            trigger: "#modalchanges textarea[name='message']",
            run: "edit Publish the maps as well",
        },
        ...send("#modalchanges", "new version"),
    ],
});

addTour("quote_client_opens_old_link_and_signs", {
    steps: () => [
        ready,
        { trigger: "body:not(:has([name='quote_sign']:visible))" },
        { trigger: "[name='quote_replaced'] a", run: "click", expectUnloadPage: true },
        { trigger: "body[is-ready=true]:not(:has([name='quote_replaced']))" },
        ...sign("Julie Perrin"),
    ],
});

addTour("quote_client_declines", {
    steps: () => [
        ready,
        ...openAnswer("quote_decline", "#modaldecline"),
        { trigger: "#modaldecline select[name='decline_reason_id']", run: "selectByIndex 1" },
        { trigger: "#modaldecline textarea", run: "edit Our budget is for next year" },
        {
            trigger: "#modaldecline input[name='recall_date']",
            run: ({ anchor }) => {
                const day = new Date();
                day.setDate(day.getDate() + 60);
                anchor.value = day.toISOString().slice(0, 10);
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        ...send("#modaldecline", "recorded"),
    ],
});

addTour("quote_client_chooses_options", {
    steps: () => {
        let total;
        return [
            ready,
            {
                trigger: ".o_quote_chosen_total:visible",
                run: ({ anchor }) => {
                    total = anchor.textContent;
                },
            },
            { trigger: ".o_quote_option:contains('Build') input[name='option']", run: "click" },
            {
                trigger: ".o_quote_option input[name='option']:checked",
                run: async ({ waitUntil, queryFirst }) => {
                    await waitUntil(
                        () => queryFirst(".o_quote_chosen_total:visible").textContent !== total,
                        { timeout: PATIENCE },
                    );
                },
            },
            ...sign("Julie Perrin"),
        ];
    },
});

addTour("quote_client_asks_for_an_extension", {
    steps: () => [
        ready,
        { trigger: "body:not(:has([name='quote_sign']:visible))" },
        ...openAnswer("quote_ask_extension", "#modalextension"),
        {
            trigger: "#modalextension textarea[name='message']",
            run: "edit Our council meets next week",
        },
        ...send("#modalextension", "request has been sent"),
    ],
});

addTour("quote_client_passes_the_page_on", {
    steps: () => [
        ready,
        ...openAnswer("quote_pass_on", "#modalpasson"),
        { trigger: "#modalpasson input[name='signer_name']", run: "edit Anne Maire" },
        { trigger: "#modalpasson input[name='signer_email']", run: "edit anne@bressac.test" },
        ...send("#modalpasson", "passed on"),
    ],
});
