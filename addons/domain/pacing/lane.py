"""A lane: the requests that wait for the same limits, and what applies to them."""

from collections.abc import Mapping
from dataclasses import dataclass

from addons.domain.pacing.corrections import Corrections
from addons.domain.pacing.cost import Cost
from addons.domain.pacing.learned import Learned
from addons.domain.pacing.limit import DAY_S, PERIOD_S, LimitKind, limits_of
from addons.domain.pacing.turns import Turns
from addons.domain.settings import Limits, Model, Provider


@dataclass(frozen=True, slots=True)
class Demand:
    """One request that wants to go out."""

    provider_key: str
    provider: Provider
    model_id: str
    credential: str
    session: str
    cost: Cost

    @property
    def model(self) -> Model | None:
        return self.provider.model(self.model_id)


@dataclass(frozen=True, slots=True)
class Applies:
    """Limits by kind: of all models of the account, and of the one model."""

    shared: Mapping[LimitKind, int]
    own: Mapping[LimitKind, int]


class Lane:
    """Of one account, at one provider, and of one model there where that has limits of its own."""

    def __init__(self, account: str, provider: str, model: str) -> None:
        self.account, self.provider, self.model = account, provider, model
        self.turns = Turns()
        self.learned = Learned()
        self.corrections = Corrections()

    @property
    def shared_key(self) -> str:
        return f"{self.account}/{self.provider}"

    @property
    def own_key(self) -> str:
        return f"{self.account}/{self.provider}/{self.model}"

    def applies(self, provider: Provider, model: Model | None) -> Applies:
        """What is configured, and above it what the provider itself has named.

        A day's limit that the provider names is left to its own count, which is in the same answers: it knows when its
        day begins.
        """
        of_provider, of_model = limits_of(provider.limits), limits_of(model.limits if model else Limits())
        configured = of_provider.keys() | of_model.keys()
        learned = {
            kind: limit
            for kind, limit in self.learned.limits.items()
            if PERIOD_S.get(kind, 0) < DAY_S or kind in configured
        }
        if not self.model:
            return Applies(of_provider | learned, {})
        if provider.limits_by_model:
            return Applies({}, of_provider | of_model | learned)
        return Applies(of_provider, of_model | learned)


def model_of_lane(demand: Demand) -> str:
    """ "" where all models of the account wait together."""
    model = demand.model
    apart = demand.provider.limits_by_model or (model is not None and model.limits != Limits())
    return demand.model_id if apart else ""
