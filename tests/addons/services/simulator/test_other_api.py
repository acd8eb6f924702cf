import base64
import struct
from collections.abc import Callable

import httpx
import pytest

Ask = Callable[..., httpx.Response]


def test_embeddings_come_as_numbers_or_base64(ask: Ask) -> None:
    path = "/v1/embeddings"
    numbers = ask("api.mistral.ai", path, input=["one", "two"]).json()["data"]
    packed = ask("api.mistral.ai", path, input=["one", "two"], encoding_format="base64").json()["data"]
    unpacked = [list(struct.unpack("<8f", base64.b64decode(row["embedding"]))) for row in packed]
    assert [row["embedding"] for row in numbers] == [pytest.approx(values, abs=1e-6) for values in unpacked]
    assert numbers[0]["embedding"] != numbers[1]["embedding"]


def test_rerank_prefers_the_document_that_shares_words(ask: Ask) -> None:
    documents = ["about cats", "the failing test in parser", "a failing build"]
    results = ask("api.siliconflow.cn", "/v1/rerank", query="failing test", documents=documents).json()["results"]
    assert [row["index"] for row in results] == [1, 2, 0]


def test_gemini_embeds_one_or_many(client: httpx.Client) -> None:
    headers = {"host": "generativelanguage.googleapis.com"}
    content = {"content": {"parts": [{"text": "one"}]}}
    one = client.post("/v1beta/models/m:embedContent", headers=headers, json=content).json()["embedding"]
    many = client.post("/v1beta/models/m:batchEmbedContents", headers=headers, json={"requests": [content, content]})
    assert many.json()["embeddings"] == [one, one]


MODELS = {
    "api.kimi.com": ("/coding/v1/models", "kimi-for-coding"),
    "openrouter.ai": ("/api/v1/models", "qwen/qwen3-coder"),
    "generativelanguage.googleapis.com": ("/v1beta/models", "models/gemini-2.5-pro"),
}


@pytest.mark.parametrize(("host", "path", "model"), [(host, *rest) for host, rest in MODELS.items()], ids=MODELS.keys())
def test_models_are_listed(client: httpx.Client, host: str, path: str, model: str) -> None:
    assert model in client.get(path, headers={"host": host}).text


def test_kimi_states_its_quota_in_strings_and_counts_chats(client: httpx.Client, ask: Ask) -> None:
    ask()
    quota = client.get("/coding/v1/usages", headers={"host": "api.kimi.com"}).json()
    assert quota["limits"][0]["detail"]["remaining"] == "99"
    assert quota["usage"]["limit"] == "100"
