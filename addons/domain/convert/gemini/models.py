"""What a Gemini model takes, by its generation. After ai.google.dev (thought signatures) and litellm 1.109.1."""

import re
from urllib.parse import quote

_GENERATION = re.compile(r"gemini-(\d+)")

SIGNATURE_STAND_IN = "skip_thought_signature_validator"
"""Google's stand-in for the signature of a call that another model made (ai.google.dev, Thought signatures). It reads
as base64 of the url-safe kind too, so it passes whether the API checks that or not."""


def generation(model: str) -> int:
    """2 for gemini-2.5-pro. A name without a number (`gemini-flash-latest`) is the newest; what is no Gemini is 0."""
    if found := _GENERATION.search(model):
        return int(found[1])
    return 3 if "gemini" in model else 0


def takes_ids(model: str) -> bool:
    """Older models refuse `id` in calls and results with 400."""
    return generation(model) >= 3


def wants_signatures(model: str) -> bool:
    """Without one, the first call of a step is refused with 400."""
    return generation(model) >= 3


def takes_penalties(model: str) -> bool:
    return generation(model) < 3


def takes_media_in_results(model: str) -> bool:
    return generation(model) >= 3


def model_path(model: str) -> str:
    """`models/M`, or `tunedModels/M` where the name says so."""
    for prefix in ("models/", "gemini/"):
        model = model.removeprefix(prefix)
    kept = "tunedModels/" if model.startswith("tunedModels/") else "models/"
    return kept + quote(model.removeprefix("tunedModels/"), safe="")
