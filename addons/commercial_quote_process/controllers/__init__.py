from . import portal
from . import compliance
from . import estimate_workbook
