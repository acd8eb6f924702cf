import pytest

from tests.dashboard.routes.test_export import get
from tests.filled import Filler


def test_a_report_is_a_file_in_the_language_and_zone_asked_for(filled_database: Filler) -> None:
    answer = get("/export/report?session=s-0002&lang=fr&zone=Europe/Paris")
    assert answer.text.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert "Europe/Paris" in answer.text
    name = "kimi-proxy-session-x-http-evil-example-a-png-img-src-http-ev"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.html"'


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("session=s-9999", 404, 'There is no session "s-9999"'),
        ("", 404, "There is no session"),
        ("session=s-0002&lang=de", 400, 'lang is "de"; expected en or fr'),
        ("session=s-0002&zone=Nowhere", 400, 'zone is "Nowhere"; expected a time zone such as Europe/Paris'),
        ("session=s-0002&zone=../../etc/passwd", 400, "expected a time zone"),
    ],
)
def test_what_is_not_there_is_said(filled_database: Filler, query: str, status: int, said: str) -> None:
    answer = get(f"/export/report?{query}")
    assert answer.status_code == status
    assert said in answer.text
