from addons.domain import places
from addons.services.simulator.redirect import PORT_VARIABLE


def test_a_demo_is_told_by_what_its_redirect_reads() -> None:
    assert places.is_simulated({PORT_VARIABLE: "4711"})
    assert not places.is_simulated({})
