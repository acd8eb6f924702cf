"""The tables of `models` as Core tables: what bulk statements are built from."""

from db.process_tables import Base

_tables = Base.metadata.tables

counters = _tables["counters"]
sessions = _tables["sessions"]
completions = _tables["completions"]
rollup_hour = _tables["rollup_hour"]
tally_hour = _tables["tally_hour"]
latency_spans = _tables["latency_spans"]
settings = _tables["settings"]
commands = _tables["commands"]
heartbeat = _tables["heartbeat"]
limits_seen = _tables["limits_seen"]
events = _tables["events"]
originals = _tables["originals"]
session_originals = _tables["session_originals"]
decisions = _tables["decisions"]
summaries = _tables["summaries"]
legacy_rows = _tables["legacy_rows"]
original_aliases = _tables["original_aliases"]
memory_segments = _tables["memory_segments"]
calibrations = _tables["calibrations"]
session_routes = _tables["session_routes"]
true_windows = _tables["true_windows"]
alerts = _tables["alerts"]
managed_sessions = _tables["managed_sessions"]
merged_rows = _tables["merged_rows"]
message_steps = _tables["message_steps"]
proxy_processes = _tables["proxy_processes"]
last_batches = _tables["last_batches"]
