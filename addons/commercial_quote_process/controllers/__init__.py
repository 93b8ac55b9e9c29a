from . import portal
from . import portal_sign
from . import portal_answer
from . import compliance
from . import estimate_workbook
