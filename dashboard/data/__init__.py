"""The pages' only way to the store: questions, one line each, by subject. See `asking` for what an answer costs."""

from dashboard.data.alerts import *
from dashboard.data.asking import Refused as Refused
from dashboard.data.asking import forget as forget
from dashboard.data.compression_log import *
from dashboard.data.control import *
from dashboard.data.export import *
from dashboard.data.health import *
from dashboard.data.ide_log import *
from dashboard.data.masked import *
from dashboard.data.memory import *
from dashboard.data.pace import refresh_s as refresh_s
from dashboard.data.requests import *
from dashboard.data.savings import *
from dashboard.data.sessions import *
from dashboard.data.usage import *
