"""`mitmdump -s addons/kimi.py`: the one place where objects meet.

mitmproxy runs this file as a module of its own name, with `addons/` on the path instead of the checkout, and treats the
module itself as an addon: so it finds its way to the checkout, imports classes only, and defines none.
"""

import os
import secrets
import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from addons.domain.sessions import SessionIndex
from addons.hooks.configuration import Configuration
from addons.hooks.exchange import Exchanges
from addons.hooks.gateway import Gateway
from addons.hooks.intake import Intake
from addons.hooks.loopback import LoopbackOnly
from addons.hooks.masking import Masking
from addons.hooks.outgoing import Outgoing
from addons.hooks.recording import Recording
from addons.hooks.store import Store
from addons.hooks.usagetap import UsageTap

configuration = Configuration(os.environ)
exchanges = Exchanges()
sessions = SessionIndex(lambda: f"s-{secrets.token_hex(6)}")
store = Store(configuration, sessions)
intake = Intake(configuration, exchanges, sessions)

addons = [
    configuration,
    LoopbackOnly(),
    Gateway(configuration),
    intake,
    Masking(exchanges, configuration, store, intake.counter),
    Outgoing(exchanges),
    UsageTap(exchanges),
    Recording(exchanges, sessions, store, intake.counter),
    store,  # last, so that it closes after the others have handed in their records
]
