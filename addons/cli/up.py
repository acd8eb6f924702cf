"""`./just up`: proxy, gateway and dashboard in one terminal, stopped together."""

import contextlib
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from rich.console import Console

from addons.cli import programs
from addons.cli.connect import dashboard_url, instructions, instructions_with_password
from addons.cli.processes import Processes, Program, StopSignal
from addons.cli.programs import Ports
from addons.domain import places
from addons.domain.errors import UserError
from addons.domain.settings import Settings
from addons.services import settings_files
from addons.services.authority import Authority, ensure_authority
from db import engine, place
from db.errors import StoreNotReady

READY_S = 120.0
"""Streamlit's first import on a slow machine takes most of a minute."""


def add_arguments(parser: ArgumentParser) -> None:
    Ports.add_arguments(parser)
    parser.add_argument(
        "--only", choices=("proxy", "dashboard"), help="start this one alone; the gateway is the proxy's"
    )
    parser.add_argument("--database-url", metavar="URL", help="where the records are, instead of KIMI_DATABASE_URL")
    parser.add_argument(
        "--proxy-auth",
        type=Path,
        metavar="FILE",
        help="htpasswd file (bcrypt): the proxy asks for a user and a password, and there is no gateway",
    )
    parser.add_argument(
        "--new-ca", action="store_true", help="make a new certificate authority, which clients must then trust again"
    )


def run(args: Namespace) -> int:
    """0 after Ctrl-C; 1 if a program ended by itself."""
    console = Console(soft_wrap=True)
    if args.database_url:
        os.environ["KIMI_DATABASE_URL"] = args.database_url  # both programs inherit it
    require_store(places.database_url(os.environ))
    passwords = password_file(args.proxy_auth)
    ports = Ports.of(args)
    ports.require_free(args.only)
    settings = settings_files.load(os.environ)
    authority = prepare_authority(console, settings, renew=args.new_ca)
    proxy = programs.proxy(ports, authority.directory, passwords=passwords)
    wanted = {"proxy": proxy, "dashboard": programs.dashboard(ports)}
    if args.only:
        wanted = {args.only: wanted[args.only]}
    try:
        ways = instructions(ports, authority.certificate_file, tuple(settings.providers))
        if passwords:
            ways = instructions_with_password(ports, authority.certificate_file)
        return serve(console, list(wanted.values()), summary(ports, ways, args.only))
    except StopSignal:
        console.print("Stopped.")
        return 0


def require_store(url: str) -> None:
    """Before anything is started; a server only, because what is wrong with a file the proxy itself puts right.

    :raises UserError: if it is no URL of a store, or nobody can be reached there, or not with this user.
    """
    if place.parse(url).get_backend_name() == "postgresql":
        with contextlib.suppress(StoreNotReady):  # its tables are made by the proxy
            engine.reader(url).dispose()


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


def password_file(given: Path | None) -> Path | None:
    """:raises UserError: where it is not there, or others may read it."""
    if given is None:
        return None
    file = given.expanduser().absolute()
    if not file.is_file():
        raise UserError(f"--proxy-auth {given}: there is no such file; make one with htpasswd -cB {given} USER")
    if file.stat().st_mode & 0o077:
        raise UserError(f"--proxy-auth {given}: other users may read it; chmod 600 {given}")
    return file


def summary(ports: Ports, ways: str, only: str | None) -> str:
    """What stands on the terminal once everything runs. `ways`: how clients are pointed at the proxy."""
    parts = ["Running. Ctrl-C stops it."]
    if only != "proxy":
        parts.append(f"The dashboard: {dashboard_url(ports)}")
    if only != "dashboard":
        parts.append(ways)
    return "\n" + "\n\n".join(parts)
