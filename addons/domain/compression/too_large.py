"""A request that no model of its kind could take."""

MOST_SHARE = 1.05
"""Of the window: an estimate up to so much above it may be wrong, and then the provider decides."""


def too_large(tokens: int, window: int, model: str) -> str:
    """What the person reads. The words avoid those that make clients try again or show something else."""
    return (
        f"[kimi proxy] This request has about {tokens:,} tokens, and {model} takes {window:,}, even with its older "
        "messages summarised. Start a new chat, attach less, or choose a model with a larger window. If the window is "
        "larger than that, set context_window in providers.toml."
    )
