import streamlit as st

from dashboard.components.export_links import report_address, rows_address


def test_an_address_names_what_chooses() -> None:
    wanted = {"since": "7d", "provider": "", "model": "a/b c&d=é"}
    assert rows_address("csv", wanted) == "/export/requests.csv?since=7d&model=a%2Fb+c%26d%3D%C3%A9"
    assert rows_address("json", {}) == "/export/requests.json"


def test_a_report_is_in_the_language_and_zone_of_the_page() -> None:
    assert report_address("s-1", "fr", "Europe/Paris") == "/export/report?session=s-1&lang=fr&zone=Europe%2FParis"


def test_a_server_that_is_mounted_elsewhere_is_found() -> None:
    before = st.get_option("server.baseUrlPath")
    st._config.set_option("server.baseUrlPath", "/kimi/")
    try:
        assert rows_address("csv", {}) == "/kimi/export/requests.csv"
    finally:
        st._config.set_option("server.baseUrlPath", before)
