from . import portal
from . import portal_sign
from . import portal_answer
from . import portal_verify
from . import compliance
from . import estimate_workbook
from . import project_document
