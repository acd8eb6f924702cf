from dataclasses import replace

from sqlalchemy import Engine

from addons.domain.calibration import Calibration
from db.queries.calibrations import calibrations_of
from db.records import calibrations

KNOWN = Calibration(
    provider="acme", model="large", ratio=1.1, observations=3, error_before=0.1, error_after=0.01, updated_at_ms=7
)


def test_the_latest_of_each_model_is_read_as_it_was_written(engine: Engine) -> None:
    later, other = replace(KNOWN, ratio=1.2, observations=4), replace(KNOWN, model="small")
    for records in ([KNOWN, other], [replace(KNOWN, ratio=9.0), later]):
        with engine.begin() as tx:
            calibrations.write(tx, records, "p-1")
    with engine.connect() as tx:
        assert calibrations_of(tx) == [later, other]
