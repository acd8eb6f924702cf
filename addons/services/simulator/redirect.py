"""A second mitmdump script (`-s`): every name at port 443 leads to the simulator; nothing of a run leaves this machine.

It replaces the running loop's name lookup, and, for clients that look a name up but keep their own port (httpx), the
way it connects. Host, SNI and the check of the certificate stay as they are, and mitmproxy
can keep its upstream connections: rewriting the address in `server_connect` would open a new one for each request and
hang at the sixth. Start mitmdump with `--set ssl_verify_upstream_trusted_ca=` the simulator's authority.
"""

import asyncio
import os
from typing import Any

PORT_VARIABLE = "KIMI_SIMULATOR_PORT"


def load(loader: object) -> None:
    """mitmproxy's hook; the loop is running.

    :raises KeyError: if the environment does not say where the simulator listens.
    """
    loop = asyncio.get_running_loop()
    port = int(os.environ[PORT_VARIABLE])
    look_up = loop.getaddrinfo

    async def getaddrinfo(host: Any, wanted: Any, **options: Any) -> Any:
        return await (look_up("127.0.0.1", port, **options) if wanted == 443 else look_up(host, wanted, **options))

    loop.getaddrinfo = getaddrinfo  # type: ignore[method-assign, assignment]
    connect = loop.create_connection

    async def create_connection(protocol: Any, host: Any = None, wanted: Any = None, **options: Any) -> Any:
        place = ("127.0.0.1", port) if wanted == 443 else (host, wanted)
        return await connect(protocol, *place, **options)

    loop.create_connection = create_connection  # type: ignore[method-assign, assignment]
