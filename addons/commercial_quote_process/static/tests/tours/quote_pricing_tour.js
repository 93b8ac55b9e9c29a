import { addTour } from "./quote_tour_steps";

// As a salesperson: price to a target margin, then change a line from the preview.
addTour("quote_pricing_preview", {
    steps: () => [
        {
            content: "Open the pricing",
            trigger: ".o_statusbar_buttons button[name='action_price']:enabled",
            run: "click",
        },
        {
            content: "Price to a target margin",
            trigger: ".modal .o_radio_item:contains('Target margin') input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='target_margin_percent'] input",
            run: "edit 20",
        },
        {
            content: "The margin has followed",
            trigger: ".modal .o_quote_pricing_margin:contains('20%')",
        },
        {
            content: "Change the price of the first line",
            trigger: ".modal .o_quote_pricing_line:contains('Design') input[data-column='price']",
            run: "edit 6000",
        },
        {
            content: "The line is typed, the margin has moved",
            trigger: ".modal .o_quote_pricing_line:contains('Design') .fa-undo",
        },
        { trigger: ".modal .o_quote_pricing_margin:not(:contains('20%'))" },
        {
            content: "Apply",
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
    ],
});
