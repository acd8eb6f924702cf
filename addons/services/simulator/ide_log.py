"""What Continue's JetBrains core writes to its own files while the demo's calls are made: core.log and dev_data.

Formats: binary/src/logging.ts and core/data/log.ts of continuedev/continue d0a3c0b (2026-06-18). Every error stands in
core.log twice, within the same second.
"""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from addons.services.simulator.claims import completion_usage, prompt_tokens
from addons.services.simulator.failures import failure
from addons.services.simulator.hosts import DIALECTS
from addons.services.simulator.programme import Call

TOO_LONG = """\
Error running handler for "llm/compileChat":  Error: Not enough context available to include the system message, \
last user message, and tools.
        There must be at least 1000 tokens remaining for output.
        Request had the following token counts:
        - contextLength: 32768
        - counting safety buffer: 655.36
        - tools: ~2941
        - system message: ~1180
        - max output tokens: 8192
"""
"""A request that never left the IDE."""

UNCOUNTED = ("/embeddings", "/rerank")
"""Calls that generate nothing are not in dev_data."""


class IdeLog:
    """Appends to the files below Continue's own folder, which is made if need be."""

    def __init__(self, continue_dir: Path) -> None:
        self._core_log = continue_dir / "logs" / "core.log"
        self._generated = continue_dir / "dev_data" / "0.2.0" / "tokensGenerated.jsonl"
        for file in (self._core_log, self._generated):
            file.parent.mkdir(parents=True, exist_ok=True)

    def begin(self, now: datetime) -> None:
        with self._core_log.open("a", encoding="utf-8") as file:
            file.write("[info] Starting Continue core...\n")
        self._write(now, "[info] Starting Continue core... \n")
        self._write(now, TOO_LONG)

    def after(self, call: Call, status: int | None, now: datetime) -> None:
        """One call has ended with this status; None: it broke off."""
        if status == 200:
            if not call.path.endswith(UNCOUNTED):
                self._count(call, now)
        elif status is None:
            self._write(now, "Error: The response was cancelled mid-stream. Try again. (Premature Close). \n")
        else:
            message = f"Error: {status} {_message(call)}"
            self._write(now, f"{message} \n")
            self._write(now, f'Error running handler for "llm/streamChat":  {message}\n')

    def _write(self, now: datetime, text: str) -> None:
        with self._core_log.open("a", encoding="utf-8") as file:
            file.write(f"[{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}] {text}")

    def _count(self, call: Call, now: datetime) -> None:
        """The IDE's own estimates: one line for each call to a model."""
        row = {
            "eventName": "tokensGenerated",
            "schema": "0.2.0",
            "timestamp": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            "userId": "",
            "userAgent": "PyCharm/2026.1 (Continue/1.0.40)",
            "selectedProfileId": "local",
            "model": msgspec.json.decode(call.body).get("model", "gemini-2.5-flash"),
            "provider": "gemini" if DIALECTS[call.host].name == "gemini" else "openai",
            "promptTokens": round(prompt_tokens(call.body) * 1.04),
            "generatedTokens": completion_usage(call.answer)[0],
        }
        with self._generated.open("ab") as file:
            file.write(msgspec.json.encode(row) + b"\n")


def _message(call: Call) -> str:
    """The error's text, wherever this provider puts it; an error that is not the provider's came from in between."""
    if not call.answer.error:
        return "Connection error."
    body = msgspec.json.decode(failure(DIALECTS[call.host].name, call.answer.error).body)
    inner = body.get("error", body) if isinstance(body, dict) else {}
    return str(inner.get("message") or inner.get("title") or body)
