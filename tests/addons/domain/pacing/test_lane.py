import pytest

from addons.domain.pacing.cost import Cost
from addons.domain.pacing.lane import Applies, Demand, Lane, model_of_lane
from addons.domain.pacing.limit import LimitKind, Told
from addons.domain.settings import Limits, Model, Provider

RPM, RPD, TPM = LimitKind.REQUESTS_PER_MINUTE, LimitKind.REQUESTS_PER_DAY, LimitKind.TOKENS_PER_MINUTE
FREE = Model(limits=Limits(requests_per_minute=20))


def provider(*, by_model: bool) -> Provider:
    return Provider(
        name="P",
        hosts=("p.test",),
        limits=Limits(requests_per_minute=60, tokens_per_minute=1000),
        limits_by_model=by_model,
        models={"free": FREE, "paid": Model()},
    )


def lane_of(model_id: str, *, by_model: bool) -> tuple[Lane, Demand]:
    demand = Demand("p", provider(by_model=by_model), model_id, "key", "s", Cost(1))
    return Lane("account", "p", model_of_lane(demand)), demand


@pytest.mark.parametrize(
    ("model_id", "by_model", "lane", "expected"),
    [
        pytest.param("paid", False, "", Applies({RPM: 60, TPM: 1000}, {}), id="shared by all models"),
        pytest.param("free", False, "free", Applies({RPM: 60, TPM: 1000}, {RPM: 20}), id="shared, and its own"),
        pytest.param("paid", True, "paid", Applies({}, {RPM: 60, TPM: 1000}), id="each model has them"),
        pytest.param("free", True, "free", Applies({}, {RPM: 20, TPM: 1000}), id="each model, this one others"),
    ],
)
def test_the_limits_of_provider_and_model_apply(model_id: str, by_model: bool, lane: str, expected: Applies) -> None:
    found, demand = lane_of(model_id, by_model=by_model)
    assert found.model == lane
    assert found.applies(demand.provider, demand.model) == expected


@pytest.mark.parametrize(
    ("model_id", "by_model", "expected"),
    [
        pytest.param("paid", False, Applies({RPM: 500, TPM: 1000}, {}), id="shared"),
        pytest.param("free", False, Applies({RPM: 60, TPM: 1000}, {RPM: 500}), id="of its own"),
        pytest.param("paid", True, Applies({}, {RPM: 500, TPM: 1000}), id="by model"),
    ],
)
def test_what_the_provider_names_goes_before_what_is_configured(
    model_id: str, by_model: bool, expected: Applies
) -> None:
    lane, demand = lane_of(model_id, by_model=by_model)
    lane.learned.hear([Told(kind=RPM, limit=500), Told(kind=RPD, limit=7)], 0)
    assert lane.applies(demand.provider, demand.model) == expected, "a day's limit is left to the provider's own count"
