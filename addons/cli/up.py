"""`./just up`: proxy, gateway and dashboard in one terminal, stopped together."""

import os
from argparse import ArgumentParser, Namespace

from rich.console import Console

from addons.cli import programs
from addons.cli.connect import dashboard_url, instructions
from addons.cli.processes import Processes, Program, StopSignal
from addons.cli.programs import Ports
from addons.domain import places
from addons.domain.settings import Settings
from addons.services import settings_files
from addons.services.authority import Authority, ensure_authority

READY_S = 120.0
"""Streamlit's first import on a slow machine takes most of a minute."""


def add_arguments(parser: ArgumentParser) -> None:
    Ports.add_arguments(parser)
    parser.add_argument(
        "--only", choices=("proxy", "dashboard"), help="start this one alone; the gateway is the proxy's"
    )
    parser.add_argument("--database-url", metavar="URL", help="where the records are, instead of KIMI_DATABASE_URL")
    parser.add_argument(
        "--new-ca", action="store_true", help="make a new certificate authority, which clients must then trust again"
    )


def run(args: Namespace) -> int:
    """0 after Ctrl-C; 1 if a program ended by itself."""
    console = Console(soft_wrap=True)
    if args.database_url:
        os.environ["KIMI_DATABASE_URL"] = args.database_url  # both programs inherit it
    ports = Ports.of(args)
    ports.require_free(args.only)
    settings = settings_files.load(os.environ)
    authority = prepare_authority(console, settings, renew=args.new_ca)
    wanted = {"proxy": programs.proxy(ports, authority.directory), "dashboard": programs.dashboard(ports)}
    if args.only:
        wanted = {args.only: wanted[args.only]}
    try:
        return serve(console, list(wanted.values()), summary(ports, authority, settings, args.only))
    except StopSignal:
        console.print("Stopped.")
        return 0


def prepare_authority(console: Console, settings: Settings, *, renew: bool) -> Authority:
    """Our authority, made if there is none, with a word on what the person has to do about it."""
    directory = places.authority_dir(os.environ)
    existed = (directory / "mitmproxy-ca.pem").exists()
    authority = ensure_authority(directory, settings.hosts(), renew=renew)
    if renew or not existed:
        console.print(f"Made a certificate authority for the providers' hosts alone: {authority.certificate_file}")
        if existed:
            console.print("Clients that trusted the former one must trust this one, and be started again.")
    elif missing := authority.missing(settings.hosts()):
        console.print(f"The certificate authority does not cover hosts added since: {', '.join(missing)}")
        console.print("Make a new one with ./just up --new-ca and let your clients trust it again.")
    return authority


def serve(console: Console, wanted: list[Program], text: str) -> int:
    """Start the programs, print the text once all of them answer, and stay until one ends."""
    names = " and ".join(program.name for program in wanted)
    with Processes(say=lambda line: console.out(line, highlight=False)) as processes:
        if not console.is_terminal:
            console.print(f"Starting {names} ...")
        with console.status(f"Starting {names} ..."):
            for program in wanted:
                processes.start(program)
            processes.wait_until_ready(READY_S)
        console.out(text, highlight=False)
        return processes.wait_until_one_ends()


def summary(ports: Ports, authority: Authority, settings: Settings, only: str | None) -> str:
    """What stands on the terminal once everything runs."""
    parts = ["Running. Ctrl-C stops it."]
    if only != "proxy":
        parts.append(f"The dashboard: {dashboard_url(ports)}")
    if only != "dashboard":
        parts.append(instructions(ports, authority.certificate_file, tuple(settings.providers)))
    return "\n" + "\n\n".join(parts)
