"""A little of the fuzzing with every run of the tests; `./just fuzz` is the rest."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import SEED_BYTES, TARGETS, seeds

EXAMPLES = 60


@st.composite
def mutated(draw: st.DrawFn, samples: list[bytes]) -> bytes:
    """A sample with a piece of it cut out, doubled or replaced; sometimes no sample at all."""
    noise = draw(st.binary(max_size=24))
    if not samples or draw(st.integers(0, 9)) == 0:
        return noise
    sample = draw(st.sampled_from(samples))
    start = draw(st.integers(0, len(sample)))
    end = draw(st.integers(start, min(len(sample), start + 200)))
    return sample[:start] + noise + sample[start:end] * draw(st.integers(0, 2)) + sample[end:]


@pytest.mark.parametrize("name", TARGETS)
def test_every_sample_is_read_or_refused(name: str) -> None:
    for sample in seeds(name):
        TARGETS[name](sample)


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_samples_break_no_promise(name: str) -> None:
    samples = [sample for sample in seeds(name) if len(sample) <= SEED_BYTES]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(mutated(samples))
    def play(data: bytes) -> None:
        TARGETS[name](data)

    play()
