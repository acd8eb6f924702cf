"""What the demo plays: the calls of several sessions with several providers, faults among them, in the order of a day.

First the days before and a morning's work, to be sent at once; then its main session goes on, and others like it follow
without end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, count, cycle, islice
from typing import Any

import msgspec

from addons.services.simulator import material, prose, story, workday
from addons.services.simulator.continue_tools import SYSTEM
from addons.services.simulator.script import Answer
from addons.services.simulator.story import Conversation

TITLE = (
    "Given the following... please reply with a title for the chat that is 3-4 words in length, all words used "
    "should be directly related to the content of the chat, avoid using verbs unless they are directly related to "
    "the content of the chat, no additional text or explanation, you don't need ending punctuation.\n\n"
)
COMPACTION = (
    "Create a comprehensive summary of this conversation that captures all essential information needed to continue."
)
FIM_STOP = ["[PREFIX]", "[SUFFIX]", "\n+++++ "]
SNIPPETS = ("for line in note.lines:\n        ", "def total(self) -> Decimal:\n        ", "if strict and amount > ")
DAY_S = 86_400
DAYS_BEFORE, PAUSE_BEFORE_S = 6, 240
MAIN = ("api.moonshot.ai", "/v1/chat/completions", "kimi-k2.6", "warehouse")
USED_BEFORE = (
    ("api.moonshot.ai", "/v1/chat/completions", "kimi-k3", "billing"),
    ("api.mistral.ai", "/v1/chat/completions", "devstral-latest", "storefront"),
    ("openrouter.ai", "/api/v1/chat/completions", "z-ai/glm-5.2", "billing"),
    ("api.groq.com", "/openai/v1/chat/completions", "openai/gpt-oss-120b", "storefront"),
)
"""Host, path, model and project."""
MAIN_KEY, MAIN_TURNS = "demo-main", 44
FORENOON = 158
"""Calls of the main work that the person finds done."""
COMPRESSED_AT, REFUSED_EVERY = 120, 50
"""Calls of the main work."""
KEPT_EXCHANGES = 54
"""Of that compression."""
COMPLETIONS = ("ledger.book(line.kind, line.id, line.amount)", "return sum(self.amounts, Decimal())", "limit:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as Continue would send it, and what the provider says to it."""

    host: str
    path: str
    body: bytes
    answer: Answer
    key: str
    """The credential, by which the simulator tells the sessions apart."""
    project: str = ""
    retry: int = 0
    """As the client's SDK counts its repetitions."""
    compressed_first: bool = False
    """The person has the session compressed before this call."""


def chat(conversation: Conversation, turn: int, key: str) -> Call:
    return Call(
        host=conversation.host,
        path=conversation.path,
        body=conversation.body(turn),
        answer=conversation.answer(turn),
        key=key,
        project=conversation.project,
    )


def chats(conversation: Conversation, key: str) -> Iterator[Call]:
    """A whole session; after its first answer Continue asks for a title."""
    for turn in range(len(conversation.turns)):
        call = chat(conversation, turn, key)
        yield call
        if turn == 0:
            yield _title(call, conversation, key)


def _title(call: Call, conversation: Conversation, key: str) -> Call:
    message = {"role": "user", "content": TITLE + call.answer.text}
    fields = {"stream": True, "model": conversation.model, "max_tokens": 16, "messages": [message]}
    asked = {"stream_options": {"include_usage": True}}
    return replace(call, body=msgspec.json.encode(fields | asked), answer=Answer(text=conversation.name), key=key)


def compaction(conversation: Conversation, key: str) -> Call:
    """The IDE has the whole history summed up: no tools, no system message."""
    last = len(conversation.turns) - 1
    history = [*conversation.messages[1 : conversation.turns[last]], {"role": "user", "content": COMPACTION}]
    body = msgspec.json.encode({"stream": True, "model": conversation.model, "max_tokens": 4096, "messages": history})
    text = "The fee was rounded twice; it is rounded once now. Open: the order of the ledger's locks."
    return replace(chat(conversation, last, key), body=body, answer=Answer(text=text))


def gemini(conversation: Conversation, key: str) -> Iterator[Call]:
    """The session in Gemini's own form; results of calls go back as functionResponse."""
    names: dict[str, str] = {}
    contents: list[dict[str, Any]] = []
    for index, message in enumerate(conversation.messages):
        if index in conversation.turns:
            body = msgspec.json.encode({"systemInstruction": {"parts": [{"text": SYSTEM}]}, "contents": contents})
            path = f"/v1beta/models/{conversation.model}:streamGenerateContent?alt=sse"
            answer = conversation.answer(conversation.turns.index(index))
            host = "generativelanguage.googleapis.com"
            yield Call(host=host, path=path, body=body, answer=answer, key=key, project=conversation.project)
        if message["role"] != "system":
            contents.append(_content(message, names))


def _content(message: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    if message["role"] == "tool":
        response = {"name": names[message["tool_call_id"]], "response": {"content": message["content"]}}
        return {"role": "user", "parts": [{"functionResponse": response}]}
    parts: list[dict[str, Any]] = [{"text": message["content"]}]
    for call in message.get("tool_calls", ()):
        names[call["id"]] = call["function"]["name"]
        arguments = msgspec.json.decode(call["function"]["arguments"])
        parts.append({"functionCall": {"name": call["function"]["name"], "args": arguments}})
    return {"role": "model" if message["role"] == "assistant" else "user", "parts": parts}


def autocompletes(key: str) -> Iterator[Call]:
    """While the person types, without end."""
    for snippet, text in cycle(zip(SNIPPETS, COMPLETIONS, strict=True)):
        fields = {"model": "codestral-latest", "prompt": snippet, "suffix": "\n", "max_tokens": 1024, "stream": True}
        body = msgspec.json.encode(fields | {"temperature": 0.01, "stop": FIM_STOP})
        host, path = "codestral.mistral.ai", "/v1/fim/completions"
        yield Call(host=host, path=path, body=body, answer=Answer(text=text, chunk_chars=8), key=key)


def indexing(key: str) -> Iterator[Call]:
    """Continue's index of the code base: embeddings, and a rerank of what a question found."""
    texts = [f"def {verb}_{noun}(...): ..." for verb in material.VERBS for noun in material.NOUNS]
    for start in range(0, len(texts), 40):
        fields = {"model": "codestral-embed", "input": texts[start : start + 40], "encoding_format": "base64"}
        body = msgspec.json.encode(fields)
        yield Call(host="api.mistral.ai", path="/v1/embeddings", body=body, answer=Answer(), key=key)
    asked = {"model": "BAAI/bge-reranker-v2-m3", "query": "where are fees rounded", "documents": texts[:12]}
    body = msgspec.json.encode(asked)
    yield Call(host="api.siliconflow.com", path="/v1/rerank", body=body, answer=Answer(), key=key)


def troubles(key: str) -> Iterator[Call]:
    """What goes wrong on such a day, each with what the client does next."""
    nvidia = story.session("Busy provider", seed=31, rounds=1).at(
        "integrate.api.nvidia.com", "/v1/chat/completions", "moonshotai/kimi-k2.6"
    )
    first, second = chat(nvidia, 0, f"{key}-nvidia"), chat(nvidia, 1, f"{key}-nvidia")
    yield replace(first, answer=Answer(error="rate"))
    yield replace(first, retry=1)
    yield replace(second, answer=replace(second.answer, cut_at=900))
    yield second
    cerebras = story.session("Too much for it", seed=32, rounds=8, functions=44, scale=2.0).at(
        "api.cerebras.ai", "/v1/chat/completions", "gpt-oss-120b"
    )
    last = chat(cerebras, len(cerebras.turns) - 1, f"{key}-cerebras")
    yield replace(last, answer=Answer(error="context"))
    moonshot = story.session("No money", seed=33, rounds=1).at(
        "api.moonshot.ai", "/v1/chat/completions", "kimi-k2.6", project="billing"
    )
    yield replace(chat(moonshot, 0, f"{key}-moonshot"), answer=Answer(error="quota"))
    groq = story.session("Wrong key", seed=34, rounds=1).at(
        "api.groq.com", "/openai/v1/chat/completions", "openai/gpt-oss-20b", project="billing"
    )
    yield replace(chat(groq, 0, f"{key}-groq"), answer=Answer(error="auth"))


def days_before() -> Iterator[tuple[int, Call]]:
    """A session of work on each of the days before and a short one with another provider, with how many seconds ago
    each call was made."""
    for day in range(DAYS_BEFORE, 0, -1):
        host, path, model, project = MAIN
        work = workday.day("Earlier", seed=100 + day, turns=2 + day * 7 % 4, first=day)
        work = work.at(host, path, "kimi-k3" if day % 2 else model, project)
        other = workday.day("Also", seed=200 + day, turns=2, first=day + 2).at(*USED_BEFORE[day % 4])
        calls = interleave(chats(work, f"demo-day-{day}"), refused(chats(other, f"demo-also-{day}"), every=8))
        for place, call in enumerate(calls):
            yield day * DAY_S - place * PAUSE_BEFORE_S, call


def main_work() -> Conversation:
    """The session that the demo opens with: its context window fills with a bit of everything, is compressed when it is
    full, and fills again."""
    return workday.day("The day's work", seed=41, turns=MAIN_TURNS).at(*MAIN)


def outgrown() -> Conversation:
    """The person pastes more than the model takes, and nothing of it may be left out: a larger model answers."""
    scene = story.Scene("Carrier's manual", seed=25)
    manual = prose.web_page(scene.random, "Interface of the carrier, version 7", 300)
    scene.asks(f"What must our client do before the switch to version 7? Their manual, as they sent it:\n\n{manual}")
    scene.says(prose.report(scene.random, material.module(scene.random, "carriers", 9), 4))
    scene.asks("And which of these breaks the labels we print?")
    scene.says("Only the second: labels come as PDF, and the old fields are gone.")
    return scene.end().at("api.mistral.ai", "/v1/chat/completions", "ministral-8b-2410", project="storefront")


def morning() -> Iterator[Call]:
    """What fills the pages: about 190 calls, one session growing to the edge of its context window."""
    long = story.long_conversation()
    edge = story.writing("To the edge", seed=21, rounds=38, functions=26).at(
        "api.groq.com", "/openai/v1/chat/completions", "openai/gpt-oss-120b", project="storefront"
    )
    router = story.session("Prices", seed=22, rounds=2).at(
        "openrouter.ai", "/api/v1/chat/completions", "moonshotai/kimi-k2.6", project="billing"
    )
    native = replace(story.session("Native", seed=23, rounds=2), model="gemini-2.5-flash", project="billing")
    devstral = story.session("Small model", seed=24, rounds=1).at(
        "api.mistral.ai", "/v1/chat/completions", "devstral-latest", project="billing"
    )
    typing = autocompletes("demo-typing")
    return interleave(
        chain(chats(long, "demo-long"), [compaction(long, "demo-long")]),
        chats(edge, "demo-edge"),
        chain(indexing("demo-index"), chats(router, "demo-router"), chats(devstral, "demo-devstral")),
        chats(outgrown(), "demo-outgrown"),
        chain(gemini(native, "demo-native"), troubles("demo-trouble")),
        (next(typing) for _ in range(50)),
    )


def main_calls() -> Iterator[Call]:
    """Compressed once by hand; now and then one is refused."""
    for index, call in enumerate(refused(chats(main_work(), MAIN_KEY), REFUSED_EVERY)):
        yield replace(call, compressed_first=index == COMPRESSED_AT)


def refused(calls: Iterator[Call], every: int) -> Iterator[Call]:
    """One in so many is refused, and Continue tries again."""
    for index, call in enumerate(calls):
        if index % every == every // 2:
            yield replace(call, answer=Answer(error="overload"))
            yield replace(call, retry=1)
        else:
            yield call


def forenoon() -> Iterator[Call]:
    """The main work as far as it got before the person looks."""
    return islice(main_calls(), FORENOON)


def rest_of_the_day() -> Iterator[Call]:
    """The main work goes on, then more such work without end: whoever looks, and whenever, sees a window fill. With
    typing in between."""
    later = (
        refused(chats(workday.day("More work", 1000 + number, MAIN_TURNS, first=number).at(*MAIN), f"demo-{number}"),
                REFUSED_EVERY)
        for number in count(1)
    )  # fmt: skip
    typing = autocompletes("demo-typing")
    for index, call in enumerate(chain(islice(main_calls(), FORENOON, None), chain.from_iterable(later))):
        yield call
        if index % 4 == 3 and not call.answer.error:
            yield next(typing)


def interleave(*sessions: Iterator[Call]) -> Iterator[Call]:
    """One call of each in turn, until all have ended."""
    running = list(sessions)
    while running:
        for session in list(running):
            if (call := next(session, None)) is None:
                running.remove(session)
            else:
                yield call
