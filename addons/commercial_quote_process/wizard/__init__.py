# Step 1: contact
from . import quote_contact_outcome

# Step 3: technical part
from . import quote_estimate_reason
from . import quote_contributor_invite
from . import quote_estimate_assign
from . import quote_estimate_import
from . import quote_task_list
from . import quote_task_list_column
from . import quote_rate_refresh
from . import quote_rate_refresh_line
from . import quote_cost_pick
from . import quote_travel
from . import quote_estimate_ready
from . import quote_estimate_save_template
from . import quote_estimate_insert
from . import quote_estimate_insert_line
from . import quote_requirement_import
from . import quote_requirement_import_line

# Step 4: price and validation
from . import quote_pricing_choice_mixin
from . import quote_pricing_preview_mixin
from . import quote_pricing
from . import quote_mass_approval
from . import quote_mass_approval_line

# Step 5: versions, sending and answers of the client
from . import mail_compose_message
from . import sale_mass_cancel_orders
from . import quote_new_version
from . import quote_submission
from . import quote_accept
from . import quote_acceptance_erase
from . import quote_decline
from . import quote_ask_changes
from . import quote_ask_changes_line
from . import quote_change_answer
from . import quote_extend
from . import quote_followup_hold
from . import quote_followup_now
from . import quote_process_join
from . import quote_process_leave
from . import sale_advance_payment_inv
