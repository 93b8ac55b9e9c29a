from . import portal
from . import compliance
