import asyncio
import socket

import pytest

from addons.services.simulator import redirect


@pytest.mark.parametrize(("wanted", "found"), [(443, ("127.0.0.1", 12345)), (80, ("127.0.0.1", 80))], ids=["443", "80"])
def test_port_443_of_any_name_leads_to_the_simulator(
    monkeypatch: pytest.MonkeyPatch, wanted: int, found: tuple[str, int]
) -> None:
    monkeypatch.setenv("KIMI_SIMULATOR_PORT", "12345")

    async def resolve() -> tuple[str, int]:
        redirect.load(object())
        host = "api.kimi.com" if wanted == 443 else "127.0.0.1"
        loop = asyncio.get_running_loop()
        return (await loop.getaddrinfo(host, wanted, family=socket.AF_INET, type=socket.SOCK_STREAM))[0][4]

    assert asyncio.run(resolve()) == found


def test_a_client_that_connects_by_address_gets_there_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """httpx looks a name up, and then connects to the address found, at its own port."""

    async def connect() -> object:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("KIMI_SIMULATOR_PORT", str(port))
        redirect.load(object())
        _, writer = await asyncio.open_connection("192.0.2.1", 443)
        there = writer.get_extra_info("peername")[1] == port
        writer.close()
        server.close()
        return there

    assert asyncio.run(connect())


def test_it_does_not_start_without_knowing_where_the_simulator_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIMI_SIMULATOR_PORT", raising=False)

    async def load() -> None:
        redirect.load(object())

    with pytest.raises(KeyError, match="KIMI_SIMULATOR_PORT"):
        asyncio.run(load())
