"""Windows that refusals told."""

from collections.abc import Callable

from addons.domain.events import Event
from addons.domain.true_windows import TrueWindow
from addons.hooks.true_windows import TrueWindows
from tests.addons.hooks.own import NOW_S, Own, stream_of
from tests.addons.hooks.test_routing import MODELS, asked, history

MakeOwn = Callable[..., Own]
STAYS = MODELS + "[routing]\nenabled = false\n"


def refuse(own: Own, message: str, at_s: float = NOW_S) -> None:
    said = f'{{"error":{{"message":"{message}"}}}}'.encode()
    flow = asked(own, history(1_500), at_s=at_s)
    own.run(own.answer(flow, [said], status=400, headers={"content-type": "application/json"}))


def test_a_later_number_takes_the_place_of_an_earlier_one(make_own: MakeOwn) -> None:
    own = make_own(providers=STAYS)
    refuse(own, "Your request exceeded model token limit: 1600")
    refuse(own, "Your request exceeded model token limit: 3000", NOW_S + 5)
    assert own.addon(TrueWindows).of(("acme", "small")) == 3_000
    assert own.exchange(asked(own, history(10), at_s=NOW_S + 9)).window == 3_000


def test_what_the_model_took_contradicts_what_was_told(make_own: MakeOwn) -> None:
    own = make_own(providers=STAYS)
    refuse(own, "Your request exceeded model token limit: 1600")
    usage = {"prompt_tokens": 2_500, "completion_tokens": 1}
    own.run(own.answer(asked(own, history(1_500), at_s=NOW_S + 5), stream_of("Done.", usage=usage)))
    assert own.addon(TrueWindows).of(("acme", "small")) == 2_500


def test_other_refusals_teach_nothing(make_own: MakeOwn) -> None:
    own = make_own(providers=STAYS)
    refuse(own, "total message size 2297152 exceeds limit 2097152")
    refuse(own, "something else is wrong with 1600 tokens", NOW_S + 5)
    assert own.records.of(TrueWindow) == []


def test_it_is_said_with_its_reason(make_own: MakeOwn) -> None:
    own = make_own(providers=STAYS)
    refuse(own, "Your request exceeded model token limit: 1600")
    (event,) = [event for event in own.records.of(Event) if event.data.get("step") == "window"]
    assert event.message == "acme/small takes 1,600 tokens: its provider's refusal says so"
