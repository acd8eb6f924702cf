"""The only token counter: tiktoken's cl100k_base, from the rank file that ships with the project, never downloaded.

How far off it is, as other tokenizer ÷ cl100k_base, measured on real text with the vocabularies of litellm,
mistral-common and dashscope: source code 1.00 to 1.08 for gpt-oss, Qwen, DeepSeek and Mistral's tekken, 1.3 for
Mistral's older SentencePiece; compact JSON up to 1.21; digits and hashes 1.30 on Mistral and Qwen, which spend a token
a digit; Chinese 0.81 to 1.00. Kimi's and Gemini's vocabularies could not be measured. `calibration` learns what is left
from what providers report, so a count is never corrected here.
"""

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import tiktoken

from addons.domain.messages import Message, Part, PartType

RANK_FILE = Path(__file__).parent / "ranks" / "cl100k_base.tiktoken"
RANK_FILE_SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
"""Of openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken, as in tiktoken_ext/openai_public.py."""
SPLIT_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
"""cl100k_base's pattern, from tiktoken_ext/openai_public.py (0.14.0): that module's own function would download."""

TOKENS_PER_MESSAGE = 3
"""What a chat template puts around a message: as the predecessor and litellm count; Continue says 4."""
TOKENS_PER_ROLE = 1
"""Each role name is one token of cl100k_base."""
ENVELOPE_TOKENS = TOKENS_PER_MESSAGE + TOKENS_PER_ROLE
REPLY_PRIMER_TOKENS = 3
"""Once a request: the opening of the answer; same sources."""
TOKENS_PER_IMAGE = 512
"""The predecessor's figure, between Gemini's 258 a tile and Continue's 1024. Base64 is never counted as text."""
CHARS_PER_TOKEN = 4
"""English and code, 3.9 to 4.5 measured; used only where the encoding cannot."""

CHUNK_CHARS = 20_000
"""Longest text encoded at once: tiktoken raises on a million spaces, needs a second for a million newlines, and builds
the list it returns while holding the GIL. Costs +0.02 % tokens on code."""
RUN_CHARS = 2_000
"""Likewise for text without a space or a newline in CHUNK_CHARS characters: a third faster in pieces of this size."""

Encode = Callable[[str], list[int]]


class TokenCounter:
    """Counts tokens. Safe to use from several threads: tiktoken releases the GIL while it works.

    The encoding is loaded on first use (0.2 s, 70 MB), or by `load()` in a thread of the caller's choice. If the rank
    file is missing or is not the one expected, every count is an estimate by CHARS_PER_TOKEN, and `reason` says why.
    """

    def __init__(self, rank_file: Path = RANK_FILE) -> None:
        self._rank_file = rank_file
        self._lock = threading.Lock()
        self._loaded = False
        self._encode: Encode | None = None
        self._reason = ""

    @property
    def loaded(self) -> bool:
        """False: the next count loads the encoding first, and every other thread's count waits for it."""
        return self._loaded

    @property
    def exact(self) -> bool:
        """Counts are cl100k_base's own, not estimates. Loads the encoding."""
        return self.load() is not None

    @property
    def reason(self) -> str:
        """Why counts are estimates, with the file and what to do; "" while they are exact. Loads the encoding."""
        self.load()
        return self._reason

    def load(self) -> Encode | None:
        """Loads the encoding unless that was done; None if it cannot be."""
        if not self._loaded:
            with self._lock:
                if not self._loaded:
                    try:
                        self._encode = _load(self._rank_file)
                    except (OSError, ValueError) as error:
                        self._reason = str(error)
                    self._loaded = True
        return self._encode

    def count(self, text: str) -> int:
        """Tokens of a text; names of special tokens in it count as the text they are. Never raises."""
        encode = self.load()
        if encode is None:
            return _estimate(text)
        if len(text) <= CHUNK_CHARS:
            return count_chunk(encode, text)
        return sum(count_chunk(encode, chunk) for chunk in chunks(text))

    def count_message(self, message: Message) -> int:
        """Tokens of one message in a chat template: envelope, role and parts."""
        return ENVELOPE_TOKENS + sum(map(self.count_part, message.parts))

    def count_tools(self, raw_json: bytes) -> int:
        """Tokens of the tool definitions, counted as the JSON text they are.

        Mistral's tekken: 102 tokens measured for a definition, against 103 so counted. OpenAI's own models rewrite the
        definitions and need 60 to 75 % of that.
        """
        return self.count(raw_json.decode("utf-8", "replace"))

    def count_part(self, part: Part) -> int:
        """Tokens of one part of a message, a call's name included."""
        if part.type is PartType.IMAGE:
            return TOKENS_PER_IMAGE
        if part.type is PartType.TOOL_CALL:
            return self.count(part.name) + self.count(part.text)
        return self.count(part.text)


def chunks(text: str) -> Iterator[str]:
    """Pieces of at most CHUNK_CHARS, cut where cl100k_base cuts too: after a newline, else before a space."""
    at = 0
    while len(text) - at > CHUNK_CHARS:
        cut = text.rfind("\n", at, at + CHUNK_CHARS) + 1
        if cut <= at:
            cut = text.rfind(" ", at + 1, at + CHUNK_CHARS)
        if cut <= at:
            cut = at + RUN_CHARS
        yield text[at:cut]
        at = cut
    yield text[at:]


def count_chunk(encode: Encode, chunk: str) -> int:
    """Tokens of a text short enough to be encoded at once; an estimate where the encoding gives up."""
    try:
        return len(encode(chunk))
    except ValueError:  # the pattern's engine gave up: "max stack size exceeded" and the like
        return _estimate(chunk)


def _estimate(text: str) -> int:
    return -(-len(text) // CHARS_PER_TOKEN)


def _load(rank_file: Path) -> Encode:
    """:raises OSError, ValueError: with the file, what is wrong with it, and what to do."""
    try:
        data = rank_file.read_bytes()
    except OSError as error:
        raise OSError(f"{rank_file}: {error.strerror}; token counts are estimates until it is restored") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != RANK_FILE_SHA256:
        raise ValueError(
            f"{rank_file}: SHA-256 is {digest}, expected {RANK_FILE_SHA256}; "
            "token counts are estimates until it is restored"
        )
    ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, data.splitlines())}
    # No special tokens: a prompt that spells one is text.
    encoding = tiktoken.Encoding("cl100k_base", pat_str=SPLIT_PATTERN, mergeable_ranks=ranks, special_tokens={})
    return encoding.encode_ordinary
