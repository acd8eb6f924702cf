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

from addons.domain.calibration import Calibrations
from addons.domain.sessions import SessionIndex
from addons.hooks.alerting import Alerting
from addons.hooks.answers import Answers
from addons.hooks.calibrating import Calibrating
from addons.hooks.chain import Chain
from addons.hooks.compress_command import CompressCommand
from addons.hooks.compression import Compression
from addons.hooks.configuration import Configuration
from addons.hooks.control import Control
from addons.hooks.distrust import Distrust
from addons.hooks.ending import Ending
from addons.hooks.eventloop import EventLoop
from addons.hooks.exchange import Exchanges
from addons.hooks.gateway import Gateway
from addons.hooks.gathering import Gathering
from addons.hooks.guide import Guide
from addons.hooks.intake import Intake
from addons.hooks.last_resort import LastResort
from addons.hooks.latencies import Latencies
from addons.hooks.limits_heard import LimitsHeard
from addons.hooks.logfile import LogFile
from addons.hooks.logwatch import LogWatch
from addons.hooks.loopback import LoopbackOnly
from addons.hooks.masking import Masking
from addons.hooks.metrics import Metrics
from addons.hooks.outgoing import Outgoing
from addons.hooks.pacing import Pacing
from addons.hooks.quota import Quota
from addons.hooks.ratelimit import RateLimit
from addons.hooks.recording import Recording
from addons.hooks.reloading import Reloading
from addons.hooks.repairing import Repaired, Repairing
from addons.hooks.routing import Routed, Routing
from addons.hooks.session_commands import SessionCommands
from addons.hooks.store import Store
from addons.hooks.summaries import Summaries
from addons.hooks.summarised import Summarised
from addons.hooks.terminal import Terminal
from addons.hooks.true_windows import TrueWindows
from addons.hooks.usagetap import UsageTap
from addons.hooks.windows import Windows

loop = EventLoop()
configuration = Configuration(os.environ)
exchanges = Exchanges()
sessions = SessionIndex(lambda: f"s-{secrets.token_hex(6)}")
store = Store(configuration, sessions)
calibrations = Calibrations()
intake = Intake(configuration, exchanges, sessions, calibrations)
masking = Masking(exchanges, configuration, store, intake.counter)
summaries = Summaries(configuration)
repairing = Repairing(exchanges, configuration, store)
pacing = Pacing(configuration, store)
compression = Compression(exchanges, configuration, store, intake.counter, summaries, pacing)
windows = Windows(exchanges)
true_windows = TrueWindows(exchanges, configuration, store)
latencies = Latencies(exchanges)
guide = Guide(configuration, store, calibrations, true_windows, latencies)
session_commands = SessionCommands(configuration, sessions, masking.memories, loop)
compress_command = CompressCommand(configuration, compression, loop)
alerting = Alerting(configuration, store)
logfile = LogFile(configuration, store)
handlers = {**session_commands.handlers, **compress_command.handlers, **alerting.handlers}

chain = Chain(
    [
        Gathering(),
        Terminal(),
        loop,
        configuration,
        logfile,
        LoopbackOnly(),
        Distrust(configuration, store),
        Gateway(configuration),
        intake,
        Routed(exchanges, guide),
        Summarised(exchanges, store, summaries),
        masking,
        compression,
        Routing(exchanges, guide, masking.memories),
        LastResort(exchanges, windows),
        RateLimit(exchanges, configuration, pacing),
        Repaired(exchanges, repairing),
        Outgoing(exchanges, configuration),
        UsageTap(exchanges),
        repairing,
        Answers(exchanges),
        Recording(exchanges, sessions, store, intake.counter),
        windows,
        latencies,
        LimitsHeard(exchanges, pacing, store),
        Quota(exchanges, configuration, store),
        Reloading(configuration, store, loop),
        LogWatch(configuration, store),  # after the recording: a call is there before what the IDE's log says of it
        alerting,
        store,  # so late, so that it closes after the others have handed in their records
        pacing,  # after the store, with whose heartbeat it shows who waits
        Calibrating(exchanges, configuration, store, calibrations),  # likewise
        true_windows,  # likewise
        Metrics(configuration, exchanges, store, pacing),
        Control(configuration, store, loop, handlers),  # after the store, which makes the tables
        Ending(logfile.stop),
    ]
)
addons = [chain]
