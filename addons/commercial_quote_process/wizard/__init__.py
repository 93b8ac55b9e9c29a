# Step 1: contact
from . import quote_contact_outcome

# Step 4: validation
from . import quote_approval
from . import quote_refusal

# Step 5: versions
from . import quote_new_version
