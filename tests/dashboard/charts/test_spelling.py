import json

from dashboard.charts.ready import ready
from dashboard.charts.spelling import spelling
from dashboard.charts.waterfall import waterfall
from dashboard.i18n import speaking


def test_french_numbers_and_months_are_d3s() -> None:
    found = spelling("fr")
    assert (found["number"]["decimal"], found["number"]["thousands"]) == (",", "\u202f")
    assert found["time"]["months"][0] == "janvier"
    assert found["time"]["days"][0] == "dimanche"
    assert found["time"]["shortMonths"][10] == "nov."
    assert [len(found["time"][name]) for name in ("days", "shortDays", "months", "shortMonths")] == [7, 7, 12, 12]


def test_each_language_has_a_spec_of_its_own() -> None:
    with speaking("fr"):
        french = waterfall()
    assert "Étape" in json.dumps(french, ensure_ascii=False)
    assert french["config"]["locale"] == spelling("fr")
    assert "locale" not in waterfall()["config"]


def test_a_spec_is_authored_once_for_each_language() -> None:
    made = []

    class Chart:
        def to_dict(self) -> dict[str, object]:
            made.append(1)
            return {}

    chart = ready(Chart)
    for language in ("en", "fr", "en", "fr"):
        with speaking(language):
            chart()
    assert len(made) == 2
