from . import test_opt_in
from . import test_step0_identification
from . import test_step1_contact
from . import test_gate
from . import test_step4_validation
from . import test_step5_versions
from . import test_validation_mixin
from . import test_queries
