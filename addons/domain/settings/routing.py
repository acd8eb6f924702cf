"""What can be set about where a request goes."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct, field

Weight = Annotated[float, Meta(ge=0, le=100)]

Target = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9-]+/.+$", extra={"accepts": 'a provider and its model, such as "gemini/gemini-2.5-flash"'}),
]
Targets = Annotated[tuple[Target, ...], Meta(extra={"accepts": 'a list such as ["gemini/gemini-2.5-flash"]'})]


class Weights(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What counts how much where several models would do."""

    capacity: Annotated[Weight, Meta(description="A large context window.")] = 0.4
    price: Annotated[Weight, Meta(description="A low price of the prompt.")] = 0.3
    latency: Annotated[Weight, Meta(description="A short time to the first byte, as measured here.")] = 0.2
    margin: Annotated[Weight, Meta(description="The share of the window that stays free.")] = 0.1


class Routing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where requests go that outgrow their model, or are to go elsewhere anyway."""

    enabled: Annotated[
        bool,
        Meta(description="Whether a session that fills its model's context goes on with a larger one that fits."),
    ] = True
    threshold: Annotated[
        float,
        Meta(gt=0, le=1, description="Context fill (0..1) from which it does, as the model itself counts tokens."),
    ] = 0.9
    fallback: Annotated[
        Targets,
        Meta(
            description="`provider/model`, for sessions that no larger model of their own provider takes. Only those "
            "whose provider's key is in the environment variable that its `key_env` names."
        ),
    ] = ()
    rules: Annotated[
        Mapping[str, str],
        Meta(
            description="The `provider/model` that chats go to, by the model that the client asks for (or by its "
            "`provider/model`)."
        ),
    ] = field(default_factory=dict)
    weights: Annotated[Weights, Meta(description="What counts how much where several models would do.")] = Weights()
    window_days: Annotated[
        int,
        Meta(ge=1, le=365, description="Days for which a context window holds that an error message told."),
    ] = 7
    repair: Annotated[
        bool,
        Meta(
            description="Whether a request that was refused for a known reason is sent once more without what was "
            "refused."
        ),
    ] = False
