"""From nothing to the first request: what to start, what to copy where, and a light that turns green by itself."""

import os

import streamlit as st

from addons.domain import places
from dashboard import data, recipes
from dashboard.components.strip import is_alive
from dashboard.data import ProxySign, StoreUnavailable
from dashboard.format import ago, label, now_ms
from dashboard.i18n import _
from dashboard.pages import view
from dashboard.recipes import Ports

CERTIFICATE = places.authority_certificate(os.environ)


def _alive() -> list[ProxySign]:
    try:
        return [sign for sign in data.proxy_signs() if is_alive(sign, now_ms())]
    except StoreUnavailable:
        return []


def _ports() -> Ports:
    """Those of the proxy heard of last, so that what is copied works with the one that runs."""
    return next((Ports.of(sign.listen) for sign in _alive()), recipes.USUAL)


def _start() -> None:
    st.subheader(_("1. Start the proxy"), anchor=False)
    st.markdown(
        _("In the project's folder. It makes the certificate, starts proxy and dashboard, and stops both on Ctrl-C.")
    )
    st.code(recipes.start(), language="bash", wrap_lines=True)


def _connect(ports: Ports) -> None:
    st.subheader(_("2. Point Continue at it"), anchor=False)
    vs_code, pycharm, cn, gateway = st.tabs([_("VS Code"), _("PyCharm"), "cn", _("Without a certificate")])
    with vs_code:
        _vs_code(ports)
    with pycharm:
        st.markdown(_("Start PyCharm with both variables, from a terminal:"))
        st.code(recipes.pycharm_start(CERTIFICATE, ports), language="bash", wrap_lines=True)
        st.markdown(_("Or set them for good:"))
        st.code(recipes.pycharm_elsewhere(CERTIFICATE, ports), language="bash", wrap_lines=True)
        _traps(recipes.TRAP_PYCHARM, recipes.TRAP_BUNDLE, recipes.TRAP_REMOTE)
    with cn:
        st.code(recipes.cn(CERTIFICATE, ports), language="bash", wrap_lines=True)
        st.markdown(_("Or for the whole terminal:"))
        st.code(recipes.environment(CERTIFICATE, ports), language="bash", wrap_lines=True)
        st.markdown(_("With a Gemini model, and Node 24 or later:"))
        st.code(recipes.cn_gemini(CERTIFICATE, ports), language="bash", wrap_lines=True)
        _traps(recipes.TRAP_BUNDLE, recipes.TRAP_GEMINI)
    with gateway:
        _gateway(ports)


def _vs_code(ports: Ports) -> None:
    st.markdown(_("Put this into `settings.json`:"))
    st.code(recipes.vs_code_settings(ports), language="json")
    st.markdown(_("Let the system trust the proxy's certificate, which is good for the providers' names only:"))
    st.code(recipes.vs_code_trust(CERTIFICATE), language="bash", wrap_lines=True)
    st.markdown(_("Then start VS Code from a terminal:"))
    st.code(recipes.vs_code_start(CERTIFICATE), language="bash", wrap_lines=True)
    _traps(recipes.TRAP_BUNDLE, recipes.TRAP_GEMINI, recipes.TRAP_REMOTE)


def _gateway(ports: Ports) -> None:
    st.markdown(_("The gateway is an address that stands for the provider: no proxy setting and no certificate. In "
                  "Continue's `config.yaml`, for each model:"))  # fmt: skip
    st.code(recipes.gateway_model(ports), language="yaml")
    st.markdown(_("The last part of `apiBase` is the provider's key in `providers.toml`. For Gemini, in the "
                  "environment of `cn` or the editor:"))  # fmt: skip
    st.code(recipes.gateway_gemini(ports), language="bash", wrap_lines=True)
    _traps(recipes.TRAP_GEMINI)


def _traps(*traps: str) -> None:
    """Where others have lost an hour."""
    with st.container(border=True):
        st.markdown(_("**Good to know**"))
        for trap in traps:
            st.markdown(_(trap))


@st.fragment(run_every="2s")
def _wait() -> None:
    """The first session seen since this page was opened; until then, what is still missing."""
    st.subheader(_("3. Ask Continue something"), anchor=False)
    opened_ms = st.session_state.setdefault("set_up_since_ms", now_ms())
    try:
        arrived, last = data.session_newest_since(opened_ms), data.session_last_active()
    except StoreUnavailable:
        arrived, last = None, None
    _check(CERTIFICATE.exists(), _("The certificate is there"), _("No certificate yet: step 1 makes it"))
    _listening(_alive())
    _check(arrived is not None, _("A request has arrived"), _("Waiting for a request …"))
    if arrived is not None:
        st.page_link(view("session.py"), label=_("Open its session"), query_params={"session": arrived})
    elif last is not None:
        st.text(_("The last one before this page was opened: {when}").format(when=ago(last.last_seen_ms, now_ms())))
        st.page_link(
            view("session.py"), label=label(last.name, empty=_("Open its session")), query_params={"session": last.id}
        )


def _listening(alive: list[ProxySign]) -> None:
    _check(bool(alive), _("A proxy is alive"), _("No proxy is alive: step 1 starts it"))
    for sign in alive:
        if sign.listen:
            st.text(_("It listens on {where}").format(where=_addresses(sign.listen)))


def _addresses(listen: str) -> str:
    """Of mitmproxy's modes, `regular@HOST:PORT, reverse:URL@HOST:PORT`, what a person can use."""
    modes = (mode.rpartition("@") for mode in listen.split(", "))
    return ", ".join(
        _("{address} (gateway)").format(address=address) if mode.startswith("reverse:") else address
        for mode, _at, address in modes
    )


def _check(done: bool, yes: str, no: str) -> None:
    """:param yes: and :param no: are our own words."""
    if done:
        st.badge(yes, color="green")
    else:
        st.badge(no, color="gray")


if places.is_simulated(os.environ):
    st.warning(
        _("This is the demo: its proxy leads to simulated providers, and its certificate goes when it ends. Stop it "
          "with Ctrl-C, run `./just up`, and open this page there.")
    )  # fmt: skip
steps, state = st.columns([5, 3], gap="medium")
with steps:
    _start()
    _connect(_ports())
with state, st.container(border=True):
    _wait()
