"""Ports for servers that a test or the demo starts and that have to know their number beforehand."""

import itertools
import os
import random
import socket

LISTEN = "127.0.0.1"
BELOW_EPHEMERAL = range(20_000, 32_768)
"""Linux takes the near ends of connections from 32768 upwards (ip_local_port_range), macOS and Windows from 49152: a
port from there can be gone before the server that it was picked for binds it."""

SHARES = 16

_numbers = itertools.cycle(
    sorted(random.sample(BELOW_EPHEMERAL, len(BELOW_EPHEMERAL)), key=lambda port: (port - os.getpid()) % SHARES > 0)
)
"""This process's share first: test runs side by side, started one after the other, have different ones. Between picking
a port and its server's bind a second goes by, in which another process would find it free too."""


def free_port() -> int:
    """A port of the loopback that nobody listens on now, and that this process was not given before.

    :raises OSError: if every one of `BELOW_EPHEMERAL` is taken.
    """
    for port in itertools.islice(_numbers, len(BELOW_EPHEMERAL)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: no wait for a port just left
            try:
                probe.bind((LISTEN, port))
            except OSError:
                continue
            return port
    raise OSError(f"no port of {LISTEN} from {BELOW_EPHEMERAL.start} to {BELOW_EPHEMERAL[-1]} is free")
