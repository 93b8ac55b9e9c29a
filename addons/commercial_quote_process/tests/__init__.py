from . import test_gate
from . import test_step4_validation
from . import test_step5_versions
