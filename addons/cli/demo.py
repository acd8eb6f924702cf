"""`./just demo`: as `up`, but in a throw-away folder, with simulated providers and a scripted coding session.

The proxy and the dashboard are the real ones; only the names of the providers lead to the simulator, so no key is
needed and nothing leaves the machine.
"""

import contextlib
import sys
import tempfile
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from addons.cli import programs
from addons.cli.asking import asked
from addons.cli.connect import dashboard_url, proxy_url
from addons.cli.processes import Processes, Program, StopSignal
from addons.cli.programs import Ports
from addons.domain import places
from addons.domain.errors import UserError
from addons.domain.settings import Provider
from addons.services import settings_files
from addons.services.authority import CERTIFICATE_FILE, ensure_authority
from addons.services.simulator import programme, prose
from addons.services.simulator.free_port import free_port
from addons.services.simulator.ide_log import IdeLog
from addons.services.simulator.player import Player
from addons.services.simulator.programme import Call
from addons.services.simulator.redirect import PORT_VARIABLE
from addons.services.simulator.script import Answer
from db.engine import opened, reader
from db.queries import sessions

READY_S = 120.0
"""As in `up`."""
PACE_S = 4.0
FIRST_DELAY_S, CHUNK_DELAY_S = 0.8, 0.04
"""Of an answer in the live part: as a quick provider writes."""
BULK_CHARS = 4_000
"""In a piece of an answer of the back-fill."""
LONGEST_S = 8.0
"""A whole file is written in this time, so that something new happens while one looks."""
SIMULATOR = places.ROOT / "addons" / "services" / "simulator"
REDIRECT, PAST = SIMULATOR / "redirect.py", SIMULATOR / "past.py"
PAUSE_S = 40
"""Between two calls of the morning, as the proxy's clock says."""
UNLIMITED = 10_000
"""Requests a minute: the back-fill sends days of calls in a minute, and must not be made to wait."""
UNLIMITED_TOKENS = 1_000_000_000
"""A minute, for the same reason."""


def add_arguments(parser: ArgumentParser) -> None:
    Ports.add_arguments(parser)
    parser.add_argument(
        "--pace", type=float, default=PACE_S, metavar="SECONDS", help=f"between two live requests (default: {PACE_S:g})"
    )
    parser.add_argument("--folder", type=Path, help="keep the demo's data here instead of throwing it away")


def run(args: Namespace) -> int:
    """0 after Ctrl-C; 1 if a program ended by itself."""
    ports = Ports.of(args)
    ports.require_free()
    console = Console(soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="kimi-demo-", ignore_cleanup_errors=True) as temporary:
        stage = Stage(args.folder or Path(temporary), ports)
        try:
            return play(stage, console, args.pace)
        except StopSignal:
            console.print("Stopped." if args.folder else "Stopped; the demo's data are gone.")
            return 0


class Stage:
    """The demo's folder and the three programs in it."""

    def __init__(self, folder: Path, ports: Ports) -> None:
        self.folder, self.ports, self.simulator_port = folder.resolve(), ports, free_port()
        self.environ = {
            "KIMI_HOME": str(self.folder / "home"),
            "KIMI_DATABASE_URL": f"sqlite:///{self.folder / 'sessions.db'}",
            "KIMI_PROVIDERS": str(places.ROOT / "providers.toml"),
            "CONTINUE_GLOBAL_DIR": str(self.folder / "continue"),
            PORT_VARIABLE: str(self.simulator_port),
        }

    @property
    def simulator_trust(self) -> Path:
        return self.folder / "simulator" / CERTIFICATE_FILE

    @property
    def proxy_trust(self) -> Path:
        return places.authority_certificate(self.environ)

    def prepare(self) -> None:
        home = places.home(self.environ)
        home.mkdir(parents=True, exist_ok=True)
        settings = settings_files.load(self.environ)
        (home / "providers.toml").write_text(own_settings(settings.providers), encoding="utf-8")
        ensure_authority(places.authority_dir(self.environ), settings.hosts())

    def simulator(self) -> Program:
        folder = str(self.folder / "simulator")
        module = (sys.executable, "-m", "addons.services.simulator")
        command = (*module, "--directory", folder, "--port", str(self.simulator_port))
        return Program("providers", command, lambda: programs.accepts(self.simulator_port))

    def product(self) -> list[Program]:
        """The proxy needs the simulator's authority on disk, so the simulator comes first."""
        options = (
            "-s",
            str(REDIRECT),
            "-s",
            str(PAST),
            "--set",
            f"ssl_verify_upstream_trusted_ca={self.simulator_trust}",
        )
        proxy = programs.proxy(self.ports, places.authority_dir(self.environ), self.environ, options)
        return [proxy, programs.dashboard(self.ports, self.environ)]


def own_settings(providers: Mapping[str, Provider]) -> str:
    lines = []
    for key, provider in providers.items():
        lines += [f"[providers.{key}.limits]", f"requests_per_minute = {UNLIMITED}"]
        if provider.limits.tokens_per_minute is not None:
            lines.append(f"tokens_per_minute = {UNLIMITED_TOKENS}")
    return "".join(f"{line}\n" for line in lines)


def play(stage: Stage, console: Console, pace_s: float) -> int:
    stage.prepare()
    with Processes(say=lambda line: console.out(line, highlight=False)) as processes:
        with console.status("Starting providers, proxy and dashboard ..."):
            processes.start(stage.simulator())
            processes.wait_until_ready(READY_S)
            for program in stage.product():
                processes.start(program)
            processes.wait_until_ready(READY_S)
        # Not the dashboard's address yet: until the proxy's clock is right again, its pages say that it is silent.
        console.print("\nA week's calls are being sent through the proxy: half a minute, or two on a busy machine.")
        console.print("Ctrl-C stops the demo.\n")
        ended = threading.Event()
        session = threading.Thread(target=perform, args=(stage, console, pace_s, ended), daemon=True)
        session.start()
        try:
            return processes.wait_until_one_ends()
        finally:
            ended.set()
            session.join(timeout=2.0)


def perform(stage: Stage, console: Console, pace_s: float, ended: threading.Event) -> None:
    """The back-fill at once, then the live part, until `ended`."""
    ide_log = IdeLog(places.continue_dir(stage.environ))
    ide_log.begin(datetime.now(UTC))
    with Player(
        simulator_port=stage.simulator_port,
        simulator_trust=stage.simulator_trust,
        proxy_url=proxy_url(stage.ports),
        proxy_trust=stage.proxy_trust,
    ) as player:
        player.summaries(prose.SUMMARY)
        for ago_s, call in past():
            if ended.is_set():
                return
            player.go_back(ago_s)
            if call.compressed_first:
                compress_latest(stage.environ["KIMI_DATABASE_URL"])
            status = player.send(at_once(call))
            ide_log.after(call, status, datetime.now(UTC) - timedelta(seconds=ago_s))
        player.go_back(0)
        console.print(tour(dashboard_url(stage.ports)), highlight=False)
        for call in programme.rest_of_the_day():
            if ended.wait(pace_s):
                return
            status = player.send(call, first_delay_s=FIRST_DELAY_S, chunk_delay_s=chunk_delay_s(call.answer))
            ide_log.after(call, status, datetime.now(UTC))


def compress_latest(url: str) -> None:
    """As the button on the session's page does."""
    with opened(reader, url) as engine, engine.connect() as tx:
        session = sessions.last_active(tx)
    with contextlib.suppress(UserError):  # the demo goes on without
        payload = {"session_id": session.id if session else "", "keep_exchanges": programme.KEPT_EXCHANGES}
        asked(url, "compress", payload)


def at_once(call: Call) -> Call:
    """Its answer in a few large pieces: nobody watches."""
    return replace(call, answer=replace(call.answer, chunk_chars=BULK_CHARS))


def chunk_delay_s(answer: Answer) -> float:
    """Between two chunks of an answer, whose length is in characters."""
    return min(CHUNK_DELAY_S, LONGEST_S * answer.chunk_chars / max(1, len(answer.text)))


def past() -> Iterator[tuple[int, Call]]:
    """The back-fill, with how many seconds ago each call was made: the last one just now."""
    yield from programme.days_before()
    today = [*programme.morning(), *programme.forenoon()]
    yield from zip(range(PAUSE_S * (len(today) - 1), -1, -PAUSE_S), today, strict=True)


def tour(url: str) -> str:
    return f"""\
A morning's calls are in, and the main session goes on at a person's pace. Where to look:

  {url}/              what fills its context window; it is compressed when it is full
  {url}/savings       what was kept out of the requests, and what the provider's cache served
  {url}/usage         what it cost, and would have cost
  {url}/sessions      all sessions; from each to its requests
  {url}/set_up        what to do next, for your own editor
"""
