from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from addons.services.simulator.ide_log import IdeLog
from addons.services.simulator.programme import Call
from addons.services.simulator.script import Answer

NOW = datetime(2026, 7, 12, 8, 16, 10, 412_000, tzinfo=UTC)


def call(host: str = "api.kimi.com", error: str = "") -> Call:
    body = b'{"model":"kimi-for-coding","messages":[]}'
    return Call(
        host=host, path="/coding/v1/chat/completions", body=body, answer=Answer(text="1234", error=error), key="k"
    )


def test_it_begins_as_the_core_does_with_a_request_that_never_left(tmp_path: Path) -> None:
    IdeLog(tmp_path).begin(NOW)
    lines = (tmp_path / "logs" / "core.log").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "[info] Starting Continue core..."
    assert lines[2].startswith('[2026-07-12T08:16:10] Error running handler for "llm/compileChat":  Error: Not enough')
    assert lines[-1] == "        - max output tokens: 8192"


ERRORS = {
    "openai's family": ("api.groq.com", "auth", 401, "401 Invalid API Key"),
    "flat": ("api.cerebras.ai", "auth", 401, "401 Wrong API Key"),
    "title only": ("integrate.api.nvidia.com", "rate", 429, "429 Too Many Requests"),
    "a bare string": ("api.siliconflow.com", "auth", 401, "401 Invalid token"),
}


@pytest.mark.parametrize(("host", "error", "status", "text"), ERRORS.values(), ids=ERRORS.keys())
def test_an_error_stands_twice(tmp_path: Path, host: str, error: str, status: int, text: str) -> None:
    IdeLog(tmp_path).after(call(host, error), status, NOW)
    assert (tmp_path / "logs" / "core.log").read_text(encoding="utf-8") == (
        f"[2026-07-12T08:16:10] Error: {text} \n"
        f'[2026-07-12T08:16:10] Error running handler for "llm/streamChat":  Error: {text}\n'
    )


def test_a_broken_stream_is_told_once(tmp_path: Path) -> None:
    IdeLog(tmp_path).after(call(), None, NOW)
    assert "Premature Close" in (tmp_path / "logs" / "core.log").read_text(encoding="utf-8")


def test_a_good_call_leaves_the_ides_own_estimate(tmp_path: Path) -> None:
    message = {"role": "user", "content": "x" * 371}  # 400 bytes in all
    body = msgspec.json.encode({"model": "kimi-for-coding", "stream": True, "messages": [message]})
    IdeLog(tmp_path).after(replace(call(), body=body), 200, NOW)
    row = msgspec.json.decode((tmp_path / "dev_data" / "0.2.0" / "tokensGenerated.jsonl").read_bytes())
    assert (row["model"], row["promptTokens"], row["generatedTokens"]) == ("kimi-for-coding", 104, 1)
    assert row["timestamp"] == "2026-07-12T08:16:10.412Z"


def test_a_call_that_generates_nothing_is_not_counted(tmp_path: Path) -> None:
    embedding = replace(call(), path="/coding/v1/embeddings")
    IdeLog(tmp_path).after(embedding, 200, NOW)
    assert not (tmp_path / "dev_data" / "0.2.0" / "tokensGenerated.jsonl").exists()
