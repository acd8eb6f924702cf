"""Plays conversations through the addons, and checks with every request what must hold for each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from mitmproxy import http

from addons.domain.decisions import Decision, Original
from addons.domain.kinds import Kind
from addons.domain.masking import placeholder
from addons.hooks.exchange import Exchange
from db.engine import reader
from db.queries.states import recent_states
from db.recorder import Recorder
from tests.addons.hooks.conversations import Conversation, frame, texts
from tests.addons.hooks.own import NOW_S, KeptRecords, Own, stream_of

SMALL = {"arrival_tokens": 600, "threshold_tokens": 500, "least_tokens": 400}
"""Thresholds at which conversations need not be large to be masked."""

TAG_CHARS = len(placeholder.TAG) + 2 * placeholder.TAG_BYTES


class StoredRecords(KeptRecords):
    """Keeps what is submitted, and hands it to a real recorder too."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.recorder = Recorder(url, proxy_id="p-1", clock_ms=lambda: int(NOW_S * 1000))
        self.recorder.start()

    def submit(self, record: object) -> bool:
        return self.recorder.submit(record) and super().submit(record)

    def close(self, timeout_s: float) -> None:
        assert self.recorder.flush(timeout_s)
        self.recorder.close(timeout_s)


@dataclass
class Play:
    """One proxy, as often as it is started again, and the time."""

    folder: Path
    own: Own
    now_s: float = NOW_S
    policy: str = "cache-aware"
    epochs: int = 0
    masked: int = 0
    originals: set[str] = field(default_factory=set)
    """Tags handed to the store so far."""

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'sessions.db'}"

    def use(self, policy: str) -> None:
        self.policy = policy
        self.own.masking(**SMALL, policy=policy)

    def restart(self) -> None:
        """Another process goes on with what the store has."""
        self.own.records.close(60)
        self.own.close()
        self.own = Own(self.folder, recorder=StoredRecords(self.url))
        self.own.context.options.update(kimi_database=self.url)
        engine = reader(self.url)
        self.own.sessions.load(recent_states(engine, 0, 100))
        engine.dispose()
        self.use(self.policy)

    def ask(self, conversation: Conversation, *, fails: bool = False, **headers: str) -> Exchange:
        """One request of a conversation, and what must hold for it whatever was before."""
        decided = len(self.own.records.of(Decision))
        flow = conversation.ask(self.now_s, **headers)
        body = self.own.run(self.own.request(flow))
        exchange = self.own.exchange(flow)
        forwarded = conversation.cut(body)
        assert exchange.failures == []
        self.check_body(conversation, flow, body, forwarded)
        self.check_originals(conversation, forwarded)
        if not exchange.is_epoch:
            conversation.check(forwarded)
        if self.policy == "off":
            assert len(self.own.records.of(Decision)) == decided  # a message equal to a masked one goes like it
        self.epochs += exchange.is_epoch
        self.masked += exchange.masked_count
        conversation.forwarded = list(forwarded)
        self.answer(flow, fails)
        return exchange

    def bypass(self, conversation: Conversation) -> None:
        """The person wants this one request as it is; what is new in it has then been sent whole."""
        flow = conversation.ask(self.now_s, x_kimi_bypass="1")
        before = flow.request.raw_content
        assert self.own.run(self.own.request(flow)) == before
        reading = self.own.exchange(flow).reading
        assert reading
        decided = {decision.key for decision in self.own.records.of(Decision)}
        for index in range(len(conversation.forwarded), len(conversation.raws)):
            equals_a_masked_one = reading.messages[index].key in decided
            conversation.forwarded.append(None if equals_a_masked_one else conversation.raws[index])
        self.answer(flow, False)

    def compact(self, conversation: Conversation) -> None:
        """The client's own compaction: the chat's prefix, and no decision."""
        decided = len(self.own.records.of(Decision))
        flow = conversation.ask(self.now_s, last=conversation.instruction)
        forwarded = conversation.cut(self.own.run(self.own.request(flow)))
        assert self.own.exchange(flow).kind is Kind.COMPACTION
        conversation.check(forwarded)
        assert forwarded[-1] == conversation.instruction
        assert len(self.own.records.of(Decision)) == decided
        conversation.forwarded = list(forwarded[:-1])
        self.answer(flow, False)

    def answer(self, flow: http.HTTPFlow, fails: bool) -> None:
        if fails:
            self.own.run(self.own.answer(flow, [b'{"error":{"message":"busy"}}'], 503))
        else:
            self.own.run(self.own.answer(flow, stream_of("Done.")))
        self.own.run(self.own.drafted())

    def check_body(self, conversation: Conversation, flow: http.HTTPFlow, body: bytes, new: list[bytes]) -> None:
        """It is what the client sent, but for texts that may be masked."""
        json.loads(body)
        assert flow.request.headers["content-length"] == str(len(body))
        assert [frame(raw) for raw in new] == [frame(raw) for raw in conversation.raws]
        for index, words in conversation.words.items():
            assert texts(new[index])[-1].endswith(words) if words else True
        for old, raw in zip(conversation.raws, new, strict=True):
            assert len(raw) <= len(old)

    def check_originals(self, conversation: Conversation, new: list[bytes]) -> None:
        """Of every digest, the original was in the store before; and only masked messages differ at all."""
        self.originals |= {record.tag for record in self.own.records.of(Original)}
        for old, raw in zip(conversation.raws, new, strict=True):
            tags = {tag[:TAG_CHARS] for tag in raw.decode().split("[digest ")[1:]}
            assert tags <= self.originals
            assert (old == raw) is not bool(tags)


@contextmanager
def played(*, stored: bool = False, policy: str = "cache-aware") -> Iterator[Play]:
    """A proxy in a folder of its own; `stored`: with a real database, so that it can be started again."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'sessions.db'}"
        play = Play(folder, Own(folder, recorder=StoredRecords(url) if stored else KeptRecords()))
        play.own.context.options.update(kimi_database=url)
        play.use(policy)
        try:
            yield play
        finally:
            play.own.records.close(60)
            play.own.close()
