"""`mcp`: the MCP server through which a model reads originals again. Standard output is for the protocol alone."""

import asyncio
import logging
import os
import signal
import sys
from argparse import ArgumentParser, Namespace

from addons.domain import places
from addons.services import mcp_server


def add_arguments(parser: ArgumentParser) -> None:
    """None: the client that starts it has nothing to choose."""


def run(args: Namespace) -> int:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="kimi-proxy mcp: %(message)s")
    if sys.stdin.isatty():
        print(
            "An MCP server: it waits for a client on standard input. README.md says how to set it up.", file=sys.stderr
        )
    # A reader of standard input cannot be interrupted from Python, and there is nothing to bring to an end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(mcp_server.serve(places.database_url(os.environ)))
    return 0
