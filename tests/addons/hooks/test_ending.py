"""The very last."""

from addons.hooks.ending import Ending


class TestEnding:
    def test_its_functions_are_called_in_order_at_the_end(self) -> None:
        called: list[str] = []
        ending = Ending(lambda: called.append("a"), lambda: called.append("b"))
        assert called == []
        ending.done()
        assert called == ["a", "b"]
