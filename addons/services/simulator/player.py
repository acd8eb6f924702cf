"""Sends the demo's calls through a proxy as Continue would, and tells the simulator beforehand what to answer."""

import contextlib
import ssl
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import msgspec

from addons.domain.compression.prompt import SYSTEM
from addons.services.simulator.hosts import CONTROL, PAST
from addons.services.simulator.programme import Call
from addons.services.simulator.script import Answer, Rule

TIMEOUT_S = 120.0
SUMMARY_CHARS = 60
"""Of what the proxy asks for a summary with: enough to know such a request by."""
CLIENT_HEADERS = {
    "accept": "application/json",
    "content-type": "application/json",
    "user-agent": "OpenAI/JS 5.23.2",
    "x-stainless-arch": "x64",
    "x-stainless-lang": "js",
    "x-stainless-os": "Linux",
    "x-stainless-package-version": "5.23.2",
    "x-stainless-runtime": "node",
    "x-stainless-runtime-version": "v20.19.0",
}


class Player:
    """Keeps its connections; `with Player(…) as player:` closes them."""

    def __init__(self, *, simulator_port: int, simulator_trust: Path, proxy_url: str, proxy_trust: Path) -> None:
        """The two files are the authorities (PEM) of the simulator and of the proxy."""
        self._control = httpx.Client(
            base_url=f"https://127.0.0.1:{simulator_port}",
            headers={"host": CONTROL},
            verify=ssl.create_default_context(cafile=str(simulator_trust)),
            trust_env=False,
            timeout=TIMEOUT_S,
        )
        self._client = httpx.Client(
            proxy=proxy_url,
            verify=ssl.create_default_context(cafile=str(proxy_trust)),
            trust_env=False,
            timeout=TIMEOUT_S,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()
        self._control.close()

    def summaries(self, text: str) -> None:
        """Whatever else is asked for at that moment, the calls that have a session summed up get this answer."""
        rule = Rule(answer=Answer(text=text), contains=SYSTEM[:SUMMARY_CHARS], times=None)
        self._control.post("/rules", content=msgspec.json.encode([rule])).raise_for_status()

    def go_back(self, seconds: int) -> None:
        """Sets the proxy's clock so much behind; needs `past` among its scripts.

        :raises httpx.HTTPError: if the proxy does not do it.
        """
        self._client.get(f"http://{PAST}/{seconds}").raise_for_status()

    def send(self, call: Call, *, first_delay_s: float = 0.0, chunk_delay_s: float = 0.0) -> int | None:
        """The status, when the answer has been read to its end; None where it broke off.

        :raises httpx.HTTPError: if the simulator does not take the answer.
        """
        answer = replace(call.answer, first_delay_s=first_delay_s, chunk_delay_s=chunk_delay_s)
        rule = Rule(answer=answer, host=call.host, key=call.key)
        self._control.post("/rules", content=msgspec.json.encode([rule])).raise_for_status()
        status: int | None = None
        with (
            contextlib.suppress(httpx.TransportError),  # a broken stream is one of the things to be shown
            self._client.stream("POST", f"https://{call.host}{call.path}", content=call.body, headers=_headers(call))
            as response,
        ):  # fmt: skip
            for _ in response.iter_raw():
                pass
            status = response.status_code
        return status


def _headers(call: Call) -> dict[str, str]:
    headers = CLIENT_HEADERS | {"x-stainless-retry-count": str(call.retry)}
    headers |= {"x-goog-api-key": call.key} if ":streamGenerateContent" in call.path else _bearer(call.key)
    return headers | ({"x-kimi-project": call.project} if call.project else {})


def _bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}
