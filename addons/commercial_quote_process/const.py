"""The process in data: steps, who has the ball, and which step may follow which.

Everything that depends on a step reads it here, so that a change of the process is a change
of this file.
"""

# The seven steps of the process, as stages of the opportunity.
PROCESS_STEPS = [
    ("identification", "0. Identification"),
    ("contact", "1. Contact"),
    ("scope", "2. Scope"),
    ("technical", "3. Technical part"),
    ("financial", "4. Price and validation"),
    ("sending", "5. Sending and follow-up"),
    ("delivery", "6. Delivery"),
]

# The steps of one quote.
QUOTE_STEPS = [
    ("scope", "Scope"),
    ("technical", "Technical part"),
    ("financial", "Price"),
    ("validation", "Validation"),
    ("ready", "Ready to send"),
    ("sent", "Sent"),
    ("revision", "Changes asked"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("superseded", "Replaced"),
    ("cancelled", "Cancelled"),
]

# Who has the ball at each step.
QUOTE_TURNS = [
    ("salesperson", "Salesperson"),
    ("project_manager", "Project manager"),
    ("approver", "Approver"),
    ("client", "Client"),
    ("nobody", "Nobody"),
]

TURN_OF_STEP = {
    "scope": "salesperson",
    "technical": "project_manager",
    "financial": "salesperson",
    "validation": "approver",
    "ready": "salesperson",
    "sent": "client",
    "revision": "salesperson",
    "accepted": "nobody",
    "declined": "nobody",
    "superseded": "nobody",
    "cancelled": "nobody",
}

# Odoo's own state of a quote is a consequence of its step, never the other way round.
STATE_OF_STEP = {
    "scope": "draft",
    "technical": "draft",
    "financial": "draft",
    "validation": "draft",
    "ready": "draft",
    "sent": "sent",
    "revision": "sent",
    "accepted": "sale",
    "declined": "cancel",
    "superseded": "cancel",
    "cancelled": "cancel",
}

# The stage of the opportunity follows the step of its most advanced live quote.
STAGE_OF_STEP = {
    "scope": "scope",
    "technical": "technical",
    "financial": "financial",
    "validation": "financial",
    "ready": "financial",
    "sent": "sending",
    "revision": "sending",
    "accepted": "delivery",
}

# The only moves that exist. A step that is not a key of another one can never be left.
TRANSITIONS = {
    "scope": {"technical", "financial", "superseded", "cancelled"},
    "technical": {"scope", "financial", "superseded", "cancelled"},
    "financial": {"scope", "technical", "validation", "superseded", "cancelled"},
    "validation": {"technical", "financial", "ready", "superseded", "cancelled"},
    "ready": {"financial", "sent", "superseded", "cancelled"},
    "sent": {"revision", "accepted", "declined", "superseded", "cancelled"},
    "revision": {"sent", "accepted", "declined", "superseded", "cancelled"},
    "accepted": {"cancelled"},
    "declined": set(),
    "superseded": set(),
    "cancelled": set(),
}

# Steps in which each part of the content may be edited.
EDITABLE_STEPS = {
    "technical": {"scope", "technical"},
    "commercial": {"scope", "technical", "financial"},
}

# Steps of a quote that is still being worked on or waiting for an answer.
LIVE_STEPS = {"scope", "technical", "financial", "validation", "ready", "sent", "revision"}
# Steps in which the client has the document in hand and may answer.
OPEN_STEPS = {"sent", "revision"}
# Steps that end a quote without an order.
CLOSED_STEPS = {"declined", "superseded", "cancelled"}
# Steps from which a new version may be made.
VERSION_STEPS = {"validation", "ready", "sent", "revision", "declined"}

# Parts of a quote that an approver may send back.
REFUSAL_PARTS = [
    ("technical", "Technical part"),
    ("commercial", "Commercial part"),
    ("both", "Both parts"),
]

# What a document says, and what the approvers of a rule may watch.
ASPECTS = ("price", "cost", "plan", "texts", "terms")
# What a validation rule may depend on, in the order in which its reasons are told.
RULE_CONDITIONS = (
    "team",
    "country",
    "tag",
    "amount",
    "margin",
    "discount",
    "days",
    "contingency",
    "terms",
    "other",
)

# What a service costs besides days.
COST_FAMILIES = [
    ("travel", "Travel"),
    ("equipment", "Equipment"),
    ("subcontracting", "Subcontracting"),
    ("other", "Other"),
]
# What a trip is made of.
TRAVEL_KINDS = [
    ("transport", "Transport"),
    ("lodging", "Lodging"),
    ("allowance", "Daily allowance"),
]

# Who may read what a quote costs us and what it earns.
COST_GROUPS = (
    "sales_team.group_sale_salesman,"
    "commercial_quote_process.group_quote_approver_commercial,"
    "commercial_quote_process.group_quote_approver_operational"
)
# Who may read what a day of a role is sold at: project managers only when the company says so.
PRICE_GROUPS = f"{COST_GROUPS},commercial_quote_process.group_quote_sales_rates"

# Who reads costs and margins in a company that does not show them to its salespeople.
MARGIN_GROUPS = (
    "sales_team.group_sale_manager,"
    "commercial_quote_process.group_quote_approver_commercial,"
    "commercial_quote_process.group_quote_approver_operational"
)
# The same on estimates: whoever writes them works with costs.
ESTIMATE_COST_GROUPS = f"{MARGIN_GROUPS},project.group_project_user"

# The usual percentages of a company: for those who make its offers, and for its administrators.
COMPANY_FIGURE_GROUPS = f"{COST_GROUPS},project.group_project_user,base.group_system"
# The same in a company that does not show costs to its salespeople.
COMPANY_FIGURE_READERS = f"{ESTIMATE_COST_GROUPS},base.group_system"

# How the price of a quote is found.
PRICING_MODES = [
    ("margin", "Target margin"),
    ("rate_card", "Rate card"),
    ("fixed", "Fixed price"),
]
# What a line of the quote sells.
PRICING_GRANULARITIES = [
    ("one", "One line"),
    ("phase", "One line per phase"),
    ("task", "One line per task"),
    ("role", "One line per role"),
]
# Where the client sees what belongs to the whole estimate.
PRICING_SPLITS = [
    ("spread", "Spread over the lines"),
    ("own", "On a line of its own"),
]
PRICING_ROUNDINGS = [
    ("none", "To the cent"),
    ("1", "To the unit"),
    ("10", "To 10"),
    ("50", "To 50"),
    ("100", "To 100"),
    ("1000", "To 1,000"),
]

# Texts of an estimate, and the field of the company with what each begins with.
OUTLINED_TEXTS = {
    "technical_content": "quote_technical_outline",
    "organisation_content": "quote_organisation_outline",
}

# Name of the context key under which our own code carries GATE_PASS. The value is compared by
# identity: a key sent over RPC arrives as JSON and can never be this object.
GATE_KEY = "quote_gate_pass"
GATE_PASS = object()

# The same for one batch of changes of a plan, which has been guarded, checked and scheduled as a
# whole before anything is written.
PLAN_KEY = "quote_plan_pass"
PLAN_PASS = object()

# The same for activities that the process gives, whose people Odoo would make followers one by one.
ACTIVITY_KEY = "quote_activity_pass"
ACTIVITY_PASS = object()
