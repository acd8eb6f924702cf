"""What the tokens of a request are: system messages, tools, what was sent before, what is new."""

from addons.domain.reading import Reading

PARTS = ("system", "tools", "history", "new", "prompt")
"""In the order in which they are shown; `prompt` is a legacy prompt's text, which has none of the others."""


def composition(reading: Reading, known: int) -> dict[str, int]:
    """Tokens by part; their sum is the reading's total.

    `known` is that of the `Match`: how many messages at the beginning, system messages aside, were in the session's
    previous request. The reply primer counts as new.
    """
    keyed = [facts.tokens for facts in reading.messages if facts.key]
    system = sum(facts.tokens for facts in reading.messages if not facts.key)
    system += reading.system.tokens if reading.system else 0
    history = sum(keyed[:known])
    before = system + reading.tools_tokens + history + reading.prompt_text_tokens
    return {
        "system": system,
        "tools": reading.tools_tokens,
        "history": history,
        "new": reading.total_tokens - before,
        "prompt": reading.prompt_text_tokens,
    }
